package import API

/// One request, drawn stage by stage along its time, then what is to be said of it.
package struct Waterfall {
    let request: Request
    private let canvas: Canvas
    private let clock: Clock
    let isComplete: Bool
    let axis: TimeAxis

    /// - Parameter isComplete: every fact, on as many lines as it takes, instead of the first that fit on one.
    package init(_ request: Request, on canvas: Canvas, clock: Clock, isComplete: Bool = false) {
        self.request = request
        self.canvas = canvas
        self.clock = clock
        self.isComplete = isComplete
        axis = TimeAxis(request)
    }

    var drawing: Drawing { canvas.drawing }

    package func lines() -> [Line] {
        var lines = RequestHeader(request, on: canvas, clock: clock, isComplete: isComplete).lines()
        let stages = request.stages.filter { stage in
            isComplete || hasLegs(stage) || stage.status != .notApplicable && !isBeyondFrames(stage)
        }
        if !stages.isEmpty {
            lines.append(Line())
            lines += drawing == .words ? stages.flatMap(paragraphs) : chart(stages)
        }
        lines += beyondFrames()
        lines += asides()
        if let verdict = request.verdict {
            lines.append(Line())
            lines += VerdictText(verdict, on: canvas).lines()
        }
        return lines
    }
}

// The chart: mark, stage, bar, duration, facts.
extension Waterfall {
    private static let nameCells = 11
    private static let durationCells = 8
    private static let gap = 2

    private var barStart: Int { 2 + Self.nameCells + Self.gap }

    /// A bar needs room to be compared with its neighbours, facts need more to be read.
    private var barCells: Int {
        let free = canvas.width - barStart - 2 * Self.gap - Self.durationCells
        return max(min(free * 2 / 5, 64), 8)
    }

    private var factStart: Int { barStart + barCells + 2 * Self.gap + Self.durationCells }

    private func chart(_ stages: [Stage]) -> [Line] {
        ([ruler()] + stages.flatMap { rows($0) + drawnParts(of: $0) + leftOut(of: $0) }).map { line in
            // A span of more than a year pushes what follows it out of its place.
            line.truncated(to: canvas.width, ellipsis: drawing.ellipsis)
        }
    }

    private func ruler() -> Line {
        var line = Line()
        for tick in axis.ticks(cells: barCells, spacing: 9) {
            let label = tick.label.microseconds == 0 ? "0" : Quantity.round(tick.label, drawing)
            guard tick.cell + label.unicodeScalars.count <= barCells else { continue }
            line.pad(to: barStart + tick.cell)
            line.append(label, .quiet)
        }
        line.pad(to: barStart + barCells + Self.gap)
        let total = Quantity.span(axis.span, drawing)
        line.pad(to: barStart + barCells + Self.gap + Self.durationCells - total.count)
        line.append(total, .quiet)
        return line
    }

    private func rows(_ stage: Stage) -> [Line] {
        var line = stage.status.mark(drawing)
        line.pad(to: 2)
        let isKnown = stage.status == .ok || stage.status == .failed || stage.status == .pending
        line.append(stage.stage.rawValue, stage.status == .failed ? .bad : isKnown ? .plain : .quiet)
        line.pad(to: barStart)
        line.append(bar(stage))
        line.pad(to: barStart + barCells + Self.gap)
        if let duration = stage.duration {
            let text = Quantity.span(duration, drawing)
            line.pad(to: barStart + barCells + Self.gap + Self.durationCells - text.count)
            line.append(text)
        }
        let facts = factLines(stage)
        guard let first = facts.first else { return [line] }
        line.pad(to: factStart)
        line.append(first)
        return [line]
            + facts.dropFirst().map { fact in
                var line = Line()
                line.pad(to: factStart)
                line.append(fact)
                return line
            }
    }

    private func drawnParts(of stage: Stage) -> [Line] {
        parts(of: stage).map { part in
            var line = Line("   \(part.label)", part.isBad ? .bad : .quiet)
                .truncated(to: barStart - Self.gap, ellipsis: drawing.ellipsis)
            line.pad(to: barStart)
            if let place = axis.place(from: part.start, to: part.end) {
                let bar = Bar(start: place.start, end: place.end, style: part.isBad ? .bad : stage.stage.style)
                line.append(bar.line(cells: barCells, drawing))
            }
            line.pad(to: barStart + barCells + Self.gap)
            if let duration = part.duration {
                let text = Quantity.span(duration, drawing)
                line.pad(to: barStart + barCells + Self.gap + Self.durationCells - text.count)
                line.append(text)
            }
            line.pad(to: factStart)
            line.append(part.told)
            return line.truncated(to: canvas.width, ellipsis: drawing.ellipsis)
        }
    }

    private func bar(_ stage: Stage) -> Line {
        switch axis.place(stage) {
        case .within(let start, let end):
            let style = stage.status == .failed ? .bad : stage.stage.style
            return Bar(start: start, end: end, style: style).line(cells: barCells, drawing)
        case .before: return Line(drawing == .unicode ? "◂" : "<", .quiet)
        case .after:
            var line = Line()
            line.pad(to: barCells - 1)
            line.append(drawing == .unicode ? "▸" : ">", .quiet)
            return line
        case nil: return Line()
        }
    }

    private func phrases(_ stage: Stage) -> (lines: [Line], needed: Int) {
        // The title names the server and the protocol.
        let known = Set(
            [
                request.server.trustedName, request.application, request.lookups.first?.name,
                request.server.address, request.server.endpoint,
            ]
            .compactMap { $0?.lowercased() })
        return FactText(drawing: drawing, isComplete: isComplete, known: known).phrases(stage)
    }

    private func factLines(_ stage: Stage) -> [Line] {
        var pieces: [Line] = []
        if let reason = stage.reason {
            let style: Style =
                switch stage.status {
                case .failed: .bad
                case .pending: .doubtful
                case .ok, .unseen, .notApplicable: .quiet
                }
            pieces.append(Line(spoken(reason), style))
        }
        switch axis.place(stage) {
        case .before(let span): pieces.append(Line("\(Quantity.span(span, drawing)) before", .quiet))
        case .after(let span): pieces.append(Line("after \(Quantity.span(span, drawing))", .quiet))
        case .within, nil: break
        }
        // A reason is told to its end, and so is what is out of the ordinary.
        var needed = stage.reason == nil ? 0 : 1
        let (lines, neededLines) = phrases(stage)
        if neededLines > 0 { needed = pieces.count + neededLines }
        pieces += lines
        let limit = isComplete ? Int.max : stage.status == .failed ? 2 : 1
        return Paragraph.pack(
            pieces, separator: drawing.separator, width: canvas.width - factStart, limit: limit, needed: needed,
            ellipsis: drawing.ellipsis)
    }
}

// The same in words: no shapes, no columns.
extension Waterfall {
    private func paragraphs(_ stage: Stage) -> [Line] {
        sentences(stage) + parts(of: stage).flatMap { Paragraph.wrap($0.sentence, width: canvas.width) }
            + leftOut(of: stage)
    }

    private func sentences(_ stage: Stage) -> [Line] {
        var text = "\(stage.stage.rawValue): \(spoken(stage.status.rawValue))"
        if let reason = stage.reason { text += ", \(spoken(reason))" }
        switch axis.place(stage) {
        case .within: if let start = stage.start { text += ", at \(Quantity.span(axis.since(start), drawing))" }
        case .before(let span): text += ", \(Quantity.span(span, drawing)) before the request"
        case .after(let span): text += ", at \(Quantity.span(span, drawing))"
        case nil: break
        }
        if let duration = stage.duration { text += ", took \(Quantity.span(duration, drawing))" }
        for fact in phrases(stage).lines { text += ", \(fact.rendered(inColor: false))" }
        return Paragraph.wrap(text, width: canvas.width)
    }
}

// What stands below the stages.
extension Waterfall {
    /// The places where a request was seen are told under this stage, translated or not.
    private func hasLegs(_ stage: Stage) -> Bool { stage.stage == .translation && (request.legs?.count ?? 0) > 1 }

    /// A stage that only the kernel could tell of, and did not. (The interface stands in the header.)
    private func isBeyondFrames(_ stage: Stage) -> Bool {
        switch stage.stage {
        case .process:
            stage.status == .unseen && stage.facts.isEmpty && (stage.reason.map(Self.isUnasked) ?? true)
        case .route, .translation:
            stage.status == .unseen && stage.start == nil
                && stage.facts.allSatisfy { $0.name == "interface" || $0.name == "vlan_ids" }
        case .name, .neighbour, .port, .connect, .secure, .exchange, .close: false
        }
    }

    /// Of every request in a file, and of none on a host whose kernel is asked.
    private static func isUnasked(_ reason: String) -> Bool { reason == "no kernel was asked for the socket's owner" }

    /// These stages in one line: they say the same of every request.
    private func beyondFrames() -> [Line] {
        guard !isComplete else { return [] }
        let names = request.stages.filter { isBeyondFrames($0) && !hasLegs($0) }.map(\.stage.rawValue)
        guard !names.isEmpty else { return [] }
        var line = drawing == .words ? Line() : StageStatus.unseen.mark(drawing)
        if !line.isEmpty { line.append(" ") }
        line.append("\(names.joined(separator: ", ")): not observed", .quiet)
        return [line.truncated(to: canvas.width, ellipsis: drawing.ellipsis)]
    }

    private func asides() -> [Line] {
        var notes: [String] = []
        let coverage = request.coverage
        if coverage.joinedMidstream { notes.append("the record begins in the middle of the request") }
        if coverage.cutFrames > 0 {
            notes.append("\(Quantity.count(coverage.cutFrames, "frame was", "frames were")) cut by the snap length")
        }
        if coverage.untrackedHoles > 0 {
            notes.append("\(Quantity.count(UInt64(coverage.untrackedHoles), "gap", "gaps")) could not be tracked")
        }
        if coverage.analysisSkipped == true { notes.append("there was no room to count what stood out") }
        switch request.endedBecause {
        case "evicted": notes.append("the record was dropped to make room for newer ones")
        default: break
        }
        var texts = notes.isEmpty ? [] : ["Seen with limits: \(notes.joined(separator: "; "))."]
        if coverage.copiesElsewhere > 0 {
            let copies = Quantity.count(coverage.copiesElsewhere, "packet was", "packets were")
            texts.append("\(copies) also seen on other interfaces.")
        }
        if coverage.reassembled > 0 {
            let datagrams = Quantity.count(coverage.reassembled, "datagram", "datagrams")
            texts.append(
                "\(datagrams) came in fragments and \(coverage.reassembled == 1 ? "was" : "were") put together.")
        }
        guard !texts.isEmpty else { return [] }
        return [Line()] + Paragraph.wrap(texts.joined(separator: " "), .quiet, width: canvas.width)
    }
}
