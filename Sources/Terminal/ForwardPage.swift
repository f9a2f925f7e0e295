package import API

/// Port forwards as a table: what is sent where, where it is led, and whether anybody came by lately.
package struct ForwardPage {
    private let list: PortForwardList
    private let canvas: Canvas
    private let clock: Clock

    package init(_ list: PortForwardList, on canvas: Canvas, clock: Clock) {
        self.list = list
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines: [Line] = []
        if list.items.isEmpty {
            if list.trouble == nil { lines += Paragraph.wrap("No rule forwards a port.", width: canvas.width) }
        } else {
            var table = Table([
                Column("proto", minimum: 5, maximum: 6),
                Column("sent to", minimum: 8, maximum: 60),
                // A place without its port would not tell one forward from the next.
                Column("leads to", minimum: 10, maximum: 47, isWhole: true),
                Column("used", .right, minimum: 4, maximum: 10, isWhole: true),
                Column("open", .right, minimum: 4, maximum: 10, rank: 1, isWhole: true),
                Column("last", minimum: 8, maximum: 16, isWhole: true),
                Column("by", minimum: 13, maximum: 47, rank: 2),
                Column("rule", minimum: 10, maximum: 40, rank: 3),
            ])
            table.rows = list.items.map(cells)
            lines += table.lines(on: canvas)
        }
        if let trouble = list.trouble {
            if !lines.isEmpty { lines.append(Line()) }
            lines += Paragraph.wrap("Not all is known: \(trouble).", width: canvas.width)
        }
        return lines
    }

    private func cells(_ forward: PortForward) -> [Line] {
        let dash = Line(canvas.drawing.dash, .quiet)
        return [
            forward.transport.map { Line($0) } ?? Line("any", .quiet),
            place(forward),
            target(forward),
            Line("\(forward.uses)", forward.uses == 0 ? .quiet : .plain),
            forward.open.map { Line("\($0)") } ?? dash,
            forward.lastUsed.map { Line(clock.short($0), .quiet) } ?? dash,
            forward.last.map { Line($0.source.text, .address) } ?? Line(),
            Line("\(forward.rule.family) \(forward.rule.table) \(forward.rule.chain) \(forward.rule.handle)", .quiet),
        ]
    }

    /// `10.77.2.1:8080`, `any:8080 on wan0`.
    private func place(_ forward: PortForward) -> Line {
        var line = Line(joined(forward.address ?? "any", forward.ports), .address)
        if let interface = forward.interface { line.append(" on \(interface)", .quiet) }
        return line
    }

    private func target(_ forward: PortForward) -> Line {
        switch (forward.targetAddress, forward.rule.action) {
        case (let address?, _): Line(joined(address, forward.targetPort), .address)
        case (nil, "redirect"): Line(joined("this host", forward.targetPort), .address)
        case (nil, _): Line("not told", .doubtful)
        }
    }

    private func joined(_ address: String, _ port: String?) -> String {
        guard let port else { return address }
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
