package import API

/// The totals of a capture file or of a daemon's life.
package struct SummaryText {
    private let summary: Summary
    private let canvas: Canvas
    private let clock: Clock
    private let verb: String

    package init(_ summary: Summary, on canvas: Canvas, clock: Clock) {
        self.init(summary, verb: "found", on: canvas, clock: clock)
    }

    /// - Parameter verb: what was done with the records that are counted.
    init(_ summary: Summary, verb: String, on canvas: Canvas, clock: Clock) {
        self.summary = summary
        self.verb = verb
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines = Labelled.lines(facts, width: canvas.width)
        let busy = summary.tables.filter { $0.evictions > 0 }
        for table in busy {
            let count = Quantity.count(table.evictions, "record", "records")
            let text =
                "The table \(table.name) was full at \(Quantity.count(UInt64(max(table.capacity, 0)))) and dropped \(count)."
            lines += Paragraph.wrap(text, .doubtful, width: canvas.width)
        }
        return lines
    }

    private var facts: [Labelled] {
        var facts = [
            Labelled(
                verb,
                [
                    Quantity.count(summary.requests, "request", "requests"),
                    Quantity.count(summary.lookups, "lookup", "lookups"),
                    Quantity.count(summary.neighbours, "neighbour resolution", "neighbour resolutions"),
                    Quantity.count(summary.icmpErrors, "ICMP error", "ICMP errors"),
                ].joined(separator: ", ")),
            Labelled(
                "read",
                "\(Quantity.count(summary.frames, "frame", "frames")), \(Quantity.bytes(summary.bytes))\(period)"),
        ]
        if summary.leases > 0 {
            facts[0].text += ", " + Quantity.count(summary.leases, "DHCP exchange", "DHCP exchanges")
        }
        let decoded = summary.layers.filter { $0.decoded > 0 }
        if !decoded.isEmpty {
            let text = decoded.map { "\(Self.name($0)) \(Quantity.count($0.decoded))" }
            facts.append(Labelled("decoded", text.joined(separator: ", ")))
        }
        let fragments = summary.fragments
        let pieces = [
            (fragments.reassembled, "put together"), (fragments.incomplete, "incomplete"),
            (fragments.overlapping, "refused for overlaps"), (fragments.tooLarge, "too large"),
            (fragments.tooManyPieces, "in too many pieces"), (fragments.cut, "cut by the snap length"),
        ].filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
        if !pieces.isEmpty {
            let isWell = fragments.overlapping == 0 && fragments.tooLarge == 0 && fragments.tooManyPieces == 0
            facts.append(Labelled("fragmented", pieces.joined(separator: ", "), isWell ? .quiet : .doubtful))
        }
        let aside = [
            (summary.otherFrames, "of protocols that are not decoded"), (summary.laterFragments, "later fragments"),
            (summary.unsupportedFrames, "of link types that are not decoded"),
            (summary.cutFrames, "cut by the snap length"),
        ].filter { $0.0 > 0 }.map { "\(Quantity.count($0.0)) \($0.1)" }
        if !aside.isEmpty { facts.append(Labelled("aside", aside.joined(separator: ", "), .quiet)) }
        for layer in summary.layers where layer.malformed > 0 || layer.cut > 0 {
            var parts: [String] = []
            if layer.malformed > 0 { parts.append("\(Quantity.count(layer.malformed)) malformed") }
            if layer.cut > 0 { parts.append("\(Quantity.count(layer.cut)) cut") }
            let reasons = layer.reasons.map { "\(spoken($0.reason)) \(Quantity.count($0.count))" }
            let why = reasons.isEmpty ? "" : " (\(reasons.joined(separator: ", ")))"
            facts.append(Labelled(Self.name(layer), parts.joined(separator: ", ") + why, .doubtful))
        }
        return facts
    }

    /// Protocols keep their own spelling.
    private static func name(_ layer: LayerTotals) -> String { String(layer.layer.map { $0 == "_" ? " " : $0 }) }

    private var period: String {
        guard let first = summary.first, let last = summary.last else { return "" }
        let (span, overflow) = last.nanoseconds.subtractingReportingOverflow(first.nanoseconds)
        let length = overflow ? "" : " (\(Quantity.span(Milliseconds(nanoseconds: span), canvas.drawing)))"
        return " from \(clock.full(first)) to \(clock.full(last))\(length)"
    }
}

/// A word and what it stands for, set so that the words make a column.
struct Labelled {
    var label: String
    var text: String
    var style: Style

    init(_ label: String, _ text: String, _ style: Style = .plain) {
        self.label = label
        self.text = text
        self.style = style
    }

    static func lines(_ items: [Labelled], width: Int) -> [Line] {
        let widest = items.map { DisplayWidth.cells(Escaping.escape($0.label)) }.max() ?? 0
        let indent = min(widest + 2, width / 2)
        return items.flatMap { item in
            Paragraph.wrap(item.text, item.style, width: width - indent).enumerated().map { index, text in
                var line = Line()
                if index == 0 { line.append(Line(item.label, .quiet).truncated(to: indent - 1, ellipsis: ".")) }
                line.pad(to: indent)
                line.append(text)
                return line
            }
        }
    }
}
