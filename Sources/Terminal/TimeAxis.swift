import API

/// The time that a waterfall spans, from left to right.
///
/// What happened long before the request began (an answer from a cache) or long after its work was done (a close
/// after an idle hour) would shrink everything else to a dot; it stays off the axis and is marked at its edge.
struct TimeAxis {
    let start: Time
    let end: Time
    private let request: Request

    /// Where a stage stands on the axis.
    enum Place {
        case within(start: Double, end: Double)
        case before(Milliseconds)
        case after(Milliseconds)
    }

    /// So many times as long as the work may the time before or after it be, to be drawn to scale.
    private static let emptiness: Int64 = 4
    /// Pauses are judged against work of at least this long, in nanoseconds: nobody sees a shorter one.
    private static let shortest: Int64 = 5_000_000

    init(_ request: Request) {
        self.request = request
        let spans = request.stages.compactMap { stage in
            stage.start.map {
                (stage: stage.stage, start: $0.nanoseconds, end: Self.end(of: stage, from: $0, in: request))
            }
        }
        let first = request.first.nanoseconds
        let ends = spans.filter { $0.stage != .close && $0.end >= first }.map(\.end)
        let exchanged = request.http?.exchanges.compactMap { $0.end?.nanoseconds }.max()
        let work = max(ends.max() ?? first, exchanged ?? first)
        let busy = max(work.subtractingReportingOverflow(first).partialValue, Self.shortest)
        let start =
            spans.filter { span in
                let (gap, overflow) = first.subtractingReportingOverflow(span.end)
                return span.start <= first && !overflow && gap / Self.emptiness <= busy
            }.map(\.start).min() ?? first
        let close = max(request.last.nanoseconds, spans.map(\.end).max() ?? work)
        let (workSpan, workOverflow) = work.subtractingReportingOverflow(start)
        let (closeSpan, closeOverflow) = close.subtractingReportingOverflow(start)
        let isIdleTail =
            !workOverflow && !closeOverflow && workSpan > 0 && closeSpan / Self.emptiness > max(workSpan, Self.shortest)
        self.start = Time(nanoseconds: start)
        self.end = Time(nanoseconds: max(isIdleTail || workOverflow || closeOverflow ? work : close, start))
    }

    /// What failed or is pending without an end took as long as the request was seen.
    private static func end(of stage: Stage, from start: Time, in request: Request) -> Int64 {
        guard let duration = stage.duration else {
            let isOpen = stage.status == .failed || stage.status == .pending
            return isOpen ? max(request.last.nanoseconds, start.nanoseconds) : start.nanoseconds
        }
        return start.after(duration).nanoseconds
    }

    var span: Milliseconds { since(end) }

    /// From the start of the axis to `time`; 0 when that cannot be expressed.
    func since(_ time: Time) -> Milliseconds {
        let (span, overflow) = time.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        return Milliseconds(nanoseconds: overflow ? 0 : span)
    }

    func place(_ stage: Stage) -> Place? {
        guard let begin = stage.start else { return nil }
        let finish = Time(nanoseconds: Self.end(of: stage, from: begin, in: request))
        if finish < start { return .before(Milliseconds(microseconds: -since(finish).microseconds)) }
        if begin > end { return .after(since(begin)) }
        return .within(start: part(begin), end: part(finish))
    }

    /// Where one of several parts of a stage stands; `nil` when that is beyond the axis. One without an end took a
    /// moment.
    func place(from begin: Time?, to finish: Time?) -> (start: Double, end: Double)? {
        guard let begin, begin >= start, begin <= end else { return nil }
        return (part(begin), part(max(begin, finish ?? begin)))
    }

    private func part(_ time: Time) -> Double {
        let whole = span.value
        return whole > 0 ? since(time).value / whole : 0
    }

    /// Round times along the axis, at least `spacing` cells apart when it is `cells` long, the first being 0.
    func ticks(cells: Int, spacing: Int) -> [(cell: Int, label: Milliseconds)] {
        let whole = span.microseconds
        guard whole > 0, cells > spacing else { return [(0, Milliseconds(microseconds: 0))] }
        let target = Double(whole) * Double(spacing) / Double(cells)
        // Long requests are told in whole minutes.
        var power = whole >= 180_000_000 ? 60_000_000.0 : 1.0
        while power * 10 <= target { power *= 10 }
        let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= target } ?? target
        guard let microseconds = Int64(exactly: max(step, 1).rounded()) else { return [] }
        return stride(from: 0, through: whole, by: Int64.Stride(microseconds)).compactMap { label in
            let cell = Int((Double(label) / Double(whole) * Double(cells)).rounded(.down))
            return cell < cells ? (cell, Milliseconds(microseconds: label)) : nil
        }
    }
}

extension Time {
    /// So much later, or the same time when that is earlier or cannot be expressed.
    func after(_ span: Milliseconds) -> Time {
        let (nanoseconds, overflow) = span.microseconds.multipliedReportingOverflow(by: 1000)
        let (sum, carry) = self.nanoseconds.addingReportingOverflow(overflow ? 0 : nanoseconds)
        return carry ? self : max(Time(nanoseconds: sum), self)
    }
}

extension HTTPExchange {
    /// The last moment that is known of it.
    var end: Time? { [requested, requestEnded, responded, responseEnded].compactMap { $0 }.max() }
}
