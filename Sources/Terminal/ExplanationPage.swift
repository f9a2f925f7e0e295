import API
package import Explain

/// What is wrong with a target: a sentence, the causes, and the request that tells most.
package struct ExplanationPage {
    private let explanation: Explanation
    private let target: String
    private let condition: String?
    private let canvas: Canvas
    private let clock: Clock

    /// - Parameters:
    ///   - target: as it was asked for.
    ///   - condition: that the requests fulfil, as it was asked for.
    package init(
        _ explanation: Explanation, of target: String, condition: String? = nil, on canvas: Canvas, clock: Clock
    ) {
        self.explanation = explanation
        self.target = target
        self.condition = condition
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines = Paragraph.wrap(headline, style, width: canvas.width)
        if let gathered { lines += Paragraph.wrap(gathered, width: canvas.width) }
        if !explanation.untried.isEmpty {
            let places = explanation.untried.joined(separator: ", ")
            lines += Paragraph.wrap("Nothing went to \(places) since, where requests had failed.", width: canvas.width)
        }
        if let condition {
            lines += Paragraph.wrap("Only requests where \(condition).", .quiet, width: canvas.width)
        }
        if explanation.isCut {
            lines += Paragraph.wrap(
                "Only the newest \(Quantity.count(UInt64(explanation.total))) were looked at.", .quiet,
                width: canvas.width)
        }
        if explanation.total > 1 {
            lines.append(Line())
            lines += explanation.causes.flatMap(cause)
        }
        guard let telling = explanation.telling else { return lines }
        lines.append(Line())
        lines += Waterfall(telling, on: canvas, clock: clock, isComplete: false).lines()
        return lines
    }

    private var style: Style {
        guard let trend = explanation.trend, trend.now.failed > 0 else { return .heading }
        return .bad
    }

    /// `17 of 20 requests of backup.service to 10.0.3.9:443 since 10:42:07 failed; before that all 240 succeeded.`
    private var headline: String {
        let whose = whose
        guard let trend = explanation.trend, let since = trend.since else {
            return "\(Quantity.count(UInt64(explanation.total), "request", "requests"))\(whose): not over yet, or too "
                + "little was seen of \(explanation.total == 1 ? "it" : "them") to judge."
        }
        let span = trend.now.total > 1 || trend.course != .steady ? " since \(clock.short(since))" : ""
        var sentence = subject(trend.now, whose, span) + end(of: trend)
        switch trend.course {
        case .steady: break
        case .broken: sentence += before(trend.before.total - trend.before.failed, of: trend.before.total, "succeeded")
        case .recovered: sentence += before(trend.before.failed, of: trend.before.total, "failed")
        }
        let open = explanation.total - explanation.judged
        if open > 0 { sentence += "; \(open) more \(open == 1 ? "is" : "are") not over, or too little was seen" }
        return sentence + "."
    }

    /// `Of the 17 requests to example.org:81 all failed, of the 240 others none.`
    private var gathered: String? {
        guard let place = explanation.concentration else { return nil }
        func part(_ share: Trend.Share) -> String {
            share.failed == share.total ? "all" : share.failed == 0 ? "none" : "\(share.failed)"
        }
        let (here, elsewhere) = (place.here, place.elsewhere)
        let whose = "\(place.kind == .destination ? "to" : "of") \(place.name)"
        let these =
            here.total == 1
            ? "The only request \(whose) failed" : "Of the \(here.total) requests \(whose) \(part(here)) failed"
        let others =
            elsewhere.total == 1
            ? "the other one \(elsewhere.failed == 1 ? "failed too" : "succeeded")"
            : "of the \(elsewhere.total) others \(part(elsewhere))"
        return "\(these), \(others)."
    }

    /// ` of curl to example.org:443`. What is not the same for all requests is called what it was asked for.
    private var whose: String {
        let asked = try? Target(target)
        var (asker, destination) = (explanation.asker, explanation.destination)
        switch asked {
        case .process, .pid, .unit, .user: asker = asker ?? target
        case .destination(let asked):
            // Whoever asks for an address need not know which name it has here.
            if case .name = asked.host { destination = destination ?? target } else { destination = target }
        case .port(let port): destination = destination ?? "port \(port)"
        case .id, .word, nil: break
        }
        if asker == nil, destination == nil { return " of or to \(target)" }
        return (asker.map { " of \($0)" } ?? "") + (destination.map { " to \($0)" } ?? "")
    }

    /// `, the last one succeeded`, where not all went alike.
    private func end(of trend: Trend) -> String {
        let (run, now) = (trend.latest, trend.now)
        guard now.failed > 0, now.failed < now.total else { return "" }
        let last = run.count == 1 ? "the last one" : "the last \(run.count)"
        return ", \(last) \(run.haveFailed ? "failed" : "succeeded")"
    }

    /// `; before that all 240 succeeded`
    private func before(_ count: Int, of total: Int, _ what: String) -> String {
        guard count == total else { return "; before that \(count) of \(total) \(what)" }
        return total == 1 ? "; the one before that \(what)" : "; before that all \(total) \(what)"
    }

    private func subject(_ share: Trend.Share, _ whose: String, _ span: String) -> String {
        let (failed, total) = (share.failed, share.total)
        if total == 1 {
            return "The request\(whose) at \(explanation.trend?.since.map { clock.short($0) } ?? "") "
                + (failed == 1 ? "failed" : "succeeded")
        }
        if failed > 0, failed < total { return "\(failed) of \(total) requests\(whose)\(span) failed" }
        let all = total == 2 ? "Both" : "All \(total)"
        return "\(all) requests\(whose)\(span) \(failed == 0 ? "succeeded" : "failed")"
    }

    /// Count, identifier, when, and the sentence below.
    private func cause(_ cause: Cause) -> [Line] {
        let style: Style =
            switch cause.verdict.severity {
            case .none: .good
            case .notice: .plain
            case .warning: .doubtful
            case .error: .bad
            }
        let indent = 7
        var line = Line()
        let count = "\(cause.count)"
        line.pad(to: indent - 2 - count.utf8.count)
        line.append(count, .heading)
        line.pad(to: indent)
        line.append(cause.verdict.id, style)
        let (start, end) = (clock.short(cause.first), clock.short(cause.last))
        let time = start == end ? end : "\(start) to \(end)"
        line.append("  \(time)", .quiet)
        if let id = cause.ids.first { line.append("  \(cause.count == 1 ? "" : "last ")\(id)", .quiet) }
        var lines = [line.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
        func add(_ text: String, _ style: Style) {
            for part in Paragraph.wrap(text, style, width: canvas.width - indent) {
                var line = Line()
                line.pad(to: indent)
                line.append(part)
                lines.append(line)
            }
        }
        if cause.verdict.severity != .none { add(cause.verdict.summary, .plain) }
        if explanation.asker == nil, !cause.askers.isEmpty { add("asked by \(list(cause.askers))", .quiet) }
        if explanation.destination == nil { add("to \(list(cause.destinations))", .quiet) }
        return lines
    }

    private func list(_ words: [String]) -> String {
        words.joined(separator: ", ") + (words.count == Cause.capacity ? ", \(canvas.drawing.ellipsis)" : "")
    }
}
