package import API

/// Who listens where, and the peers towards which ports run out.
package struct PortPage {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    package func lines(_ list: PortList) -> [Line] {
        var lines = trouble(list.trouble)
        if !list.listeners.isEmpty {
            lines += listeners(list.listeners) + [Line()]
        } else if list.trouble == nil {
            lines += [Line("nobody listens"), Line()]
        }
        lines += range(list)
        if !list.pressure.isEmpty {
            lines.append(Line())
            lines += pressure(list.pressure.prefix(12))
        }
        return lines
    }

    package func lines(_ report: PortReport) -> [Line] {
        var lines = trouble(report.trouble)
        lines += Paragraph.wrap(report.summary, .heading, width: canvas.width)
        if !report.listeners.isEmpty {
            lines.append(Line())
            lines += listeners(report.listeners)
        }
        if !report.rules.isEmpty {
            lines.append(Line())
            lines += rules(report.rules)
        }
        if !report.requests.isEmpty {
            lines.append(Line())
            lines += requests(report.requests)
        }
        return lines
    }

    private func trouble(_ text: String?) -> [Line] {
        text.map { Paragraph.wrap("\($0)", .doubtful, width: canvas.width) + [Line()] } ?? []
    }

    private func listeners(_ listeners: [Listener]) -> [Line] {
        var table = Table([
            Column("port", .right, minimum: 5),
            Column("proto", minimum: 5),
            Column("address", minimum: 15, maximum: 39),
            Column("process", minimum: 16, maximum: 40),
            Column("waiting", .right, minimum: 9, maximum: 12, rank: 1),
            Column("drops", .right, minimum: 5, maximum: 12, rank: 2),
            Column("uid", .right, minimum: 5, maximum: 10, rank: 3),
        ])
        table.rows = listeners.map { listener in
            let isFull = (listener.waiting ?? 0) > (listener.backlog ?? .max)
            return [
                Line("\(listener.port)", .name), Line(listener.transport, .quiet),
                Line(listener.scope == "loopback" ? "\(listener.address) only" : listener.address),
                Line(listener.processes.isEmpty ? canvas.drawing.dash : processes(listener.processes)),
                Line(
                    listener.waiting.map { "\($0)/\(listener.backlog.map { "\($0)" } ?? "")" } ?? "",
                    isFull ? .bad : .quiet),
                Line(listener.drops.map { "\($0)" } ?? "", (listener.drops ?? 0) > 0 ? .doubtful : .quiet),
                Line("\(listener.userID)", .quiet),
            ]
        }
        return table.lines(on: canvas)
    }

    private func rules(_ rules: [PortRule]) -> [Line] {
        var table = Table([
            Column("at", minimum: 10, maximum: 12, rank: 1),
            Column("proto", minimum: 5, maximum: 8, rank: 2),
            Column("rule", minimum: 48, maximum: 90),
            Column("in", minimum: 16, maximum: 40, rank: 3),
            Column("handle", .right, minimum: 6, rank: 4),
        ])
        table.rows = rules.map { rule in
            let isForward = rule.action == "dnat" || rule.action == "redirect"
            let isRefusal = rule.action == "drop" || rule.action == "reject"
            return [
                Line(rule.hook ?? canvas.drawing.dash, .quiet), Line(rule.transports.joined(separator: "/"), .quiet),
                Line(rule.text, isForward ? .name : isRefusal ? .bad : .plain),
                Line("\(rule.family) \(rule.table) \(rule.chain)", .quiet), Line("\(rule.handle)", .quiet),
            ]
        }
        return table.lines(on: canvas)
    }

    /// `192.0.2.1:443`, whose port stays when there is too little room for both.
    private func endpoint(_ text: String, _ style: Style = .plain) -> Line {
        guard let colon = text.lastIndex(of: ":") else { return Line(text, style) }
        return Line(String(text[..<colon]), keeping: String(text[colon...]), style)
    }

    private func processes(_ processes: [PortProcess]) -> String {
        processes.map { "\($0.name) (\($0.pid))" + ($0.sockets > 1 ? " \($0.sockets)" : "") }.joined(separator: ", ")
    }

    private func range(_ list: PortList) -> [Line] {
        guard let range = list.ephemeral else { return [Line("the kernel's port range is not known", .quiet)] }
        var text = "Connections leave from ports \(range.first) to \(range.last): \(range.count) towards each peer"
        if !range.reserved.isEmpty { text += ", without \(range.reserved.prefix(8).joined(separator: ", "))" }
        return Paragraph.wrap(text, width: canvas.width)
    }

    private func pressure(_ pressure: ArraySlice<PortPressure>) -> [Line] {
        var table = Table([
            Column("peer", minimum: 18, maximum: 47),
            Column("from", minimum: 13, maximum: 39, rank: 2),
            Column("in use", .right, minimum: 7),
            Column("TIME_WAIT", .right, minimum: 9),
            Column("of", .right, minimum: 6),
            Column("taken/s", .right, minimum: 7, rank: 3),
            Column("runs out in", .right, minimum: 11),
            Column("held by", minimum: 16, maximum: 50, rank: 1),
        ])
        table.rows = pressure.map { way in
            let peer = way.peer.contains(":") ? "[\(way.peer)]" : way.peer
            let isScarce = Double(way.inUse) >= 0.8 * Double(way.available)
            return [
                Line(peer, keeping: ":\(way.peerPort)", .name), Line(way.source, .quiet),
                Line("\(way.inUse)", isScarce ? .bad : .plain),
                Line("\(way.timeWait)"), Line("\(way.available)", .quiet),
                Line(way.growth.map { $0 > 0 ? "+\($0)" : "\($0)" } ?? canvas.drawing.dash, .quiet),
                Line(way.exhaustedIn.map { Quantity.span($0, canvas.drawing) } ?? canvas.drawing.dash, .quiet),
                Line(way.processes.isEmpty ? canvas.drawing.dash : processes(way.processes)),
            ]
        }
        return table.lines(on: canvas)
    }

    private func requests(_ requests: [PortRequest]) -> [Line] {
        var table = Table([
            Column("when", minimum: 8, maximum: 16, isWhole: true),
            Column("id", minimum: 8),
            Column("from", minimum: 18, maximum: 47),
            Column("to", minimum: 18, maximum: 47, rank: 1),
            Column("result", minimum: 12, maximum: 30),
        ])
        table.rows = requests.map { request in
            let isFailure = request.outcome == .failed
            return [
                Line(clock.short(request.first), .quiet), Line(String(request.id.prefix(8)), .quiet),
                endpoint(request.client), endpoint(request.server, .name),
                Line(spoken(request.failure ?? request.outcome.rawValue), isFailure ? .bad : .plain),
            ]
        }
        return table.lines(on: canvas)
    }
}
