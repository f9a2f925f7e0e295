package import API

/// The kernel's routing tables, what changed in them, and the way to one address.
package struct RoutePage {
    private let list: RouteList
    private let canvas: Canvas
    private let clock: Clock

    package init(_ list: RouteList, on canvas: Canvas, clock: Clock) {
        self.list = list
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines: [Line] = []
        func part(_ more: [Line]) {
            if !lines.isEmpty && !more.isEmpty { lines.append(Line()) }
            lines += more
        }
        if let trouble = list.trouble {
            part(Paragraph.wrap("The kernel cannot be asked: \(trouble)", .doubtful, width: canvas.width))
        }
        // Who asked for one address wants the answer, not the tables.
        if let answer = list.answer {
            part(answerLines(answer))
            return lines
        }
        part(list.routes.isEmpty ? [Line("no routes")] : routes())
        // Every host has three rules for each family; more are policy routing.
        if list.rules.contains(where: { !$0.selectors.isEmpty || !$0.action.hasPrefix("lookup ") }) { part(rules()) }
        part(ChangeTable(list.changes, on: canvas, clock: clock).lines())
        return lines
    }

    private func answerLines(_ answer: RouteAnswer) -> [Line] {
        var line = answer.status.mark(canvas.drawing)
        line.append(" ")
        line.append(answer.to, .name)
        var words: [String] = []
        if let type = answer.type, type != "unicast" { words.append(type) }
        if let gateway = answer.gateway { words.append("via \(gateway)") }
        if let interface = answer.interface { words.append("by \(interface)") }
        if let source = answer.preferredSource { words.append("from \(source)") }
        if let reason = answer.reason { words.append(answer.status == .failed ? spoken(reason) : reason) }
        line.append(" \(words.joined(separator: " "))", answer.status == .failed ? .bad : .plain)
        var details: [Labelled] = []
        if let destination = answer.destination {
            var text = destination
            if let origin = answer.origin { text += ", from \(origin)" }
            if let metric = answer.metric, metric != 0 { text += ", metric \(metric)" }
            details.append(Labelled("  route", text))
        }
        if let table = answer.table { details.append(Labelled("  table", table)) }
        if let mtu = answer.mtu { details.append(Labelled("  MTU", "\(mtu)")) }
        if let hop = answer.neighbour {
            let place = hop.mac.map { "at \($0), " } ?? ""
            details.append(Labelled("  next hop", "\(hop.address) \(place)\(spoken(hop.state))"))
        }
        return line.wrapped(to: canvas.width) + Labelled.lines(details, width: canvas.width)
    }

    private func routes() -> [Line] {
        var table = Table([
            Column("destination", minimum: 15, maximum: 43),
            Column("via", minimum: 11, maximum: 39),
            Column("by", minimum: 5, maximum: 15),
            Column("metric", .right, minimum: 6, rank: 1),
            Column("table", minimum: 5, maximum: 12, rank: 2),
            Column("origin", minimum: 6, maximum: 10, rank: 3),
            Column("from", minimum: 13, maximum: 39, rank: 4),
            Column("since", minimum: 8, maximum: 16, rank: 5, isWhole: true),
        ])
        for route in list.routes {
            let hops = route.nextHops.isEmpty ? [nil] : route.nextHops.map { Optional($0) }
            for (index, hop) in hops.enumerated() { table.rows.append(cells(route, hop, isFirst: index == 0)) }
        }
        return table.lines(on: canvas)
    }

    private func cells(_ route: RouteList.Route, _ hop: RouteList.NextHop?, isFirst: Bool) -> [Line] {
        guard isFirst else {
            return [Line(), Line(hop?.gateway ?? ""), interface(hop)]
        }
        var destination = route.destination
        if let source = route.source { destination += " from \(source)" }
        let isRefusal = route.type != "unicast"
        return [
            Line(destination, .name),
            isRefusal
                ? Line(spoken(route.type), .doubtful)
                : Line(hop?.gateway ?? "the link", hop?.gateway == nil ? .quiet : .plain),
            interface(hop),
            Line(route.metric == 0 ? "" : "\(route.metric)", .quiet),
            Line(route.table, .quiet),
            Line(route.origin, .quiet),
            Line(route.preferredSource ?? "", .quiet),
            Line(route.since.map { clock.short($0) } ?? "", .quiet),
        ]
    }

    private func interface(_ hop: RouteList.NextHop?) -> Line {
        guard let hop else { return Line() }
        let name = hop.interface ?? ""
        return hop.usable ? Line(name) : Line("\(name) (down)", .doubtful)
    }

    private func rules() -> [Line] {
        var table = Table([
            Column("rule", .right, minimum: 5),
            Column("for", minimum: 4),
            Column("if", minimum: 10, maximum: 60),
            Column("then", minimum: 11, maximum: 24),
        ])
        table.rows = list.rules.map { rule in
            [
                Line("\(rule.priority)"), Line(rule.family, .quiet),
                Line(rule.selectors.isEmpty ? "everything" : rule.selectors.joined(separator: " ")),
                Line(rule.action),
            ]
        }
        return table.lines(on: canvas)
    }
}

/// What changed in the kernel's tables, the newest last.
struct ChangeTable {
    private let changes: [RouteChange]
    private let canvas: Canvas
    private let clock: Clock

    init(_ changes: [RouteChange], on canvas: Canvas, clock: Clock) {
        self.changes = changes
        self.canvas = canvas
        self.clock = clock
    }

    func lines() -> [Line] {
        guard !changes.isEmpty else { return [] }
        let rows = changes.reversed().map { change in
            let when = (change.late ? "by " : "") + clock.short(change.time)
            return Labelled(when, sentence(change))
        }
        return [Line("changes", .quiet)] + Labelled.lines(rows, width: canvas.width)
    }

    /// `default_route` → `the IPv4 default route, via 192.0.2.1 dev eth0, is now via 198.51.100.1 dev wg0`.
    private func sentence(_ change: RouteChange) -> String {
        let (before, after) = (change.before ?? "nothing", change.after ?? "gone")
        let table = change.table.map { $0 == "main" ? "" : " in table \($0)" } ?? ""
        return switch change.kind {
        case "default_route": "the \(change.subject) default route, before \(before), is now \(after)"
        case "route_changed": "route \(change.subject)\(table), before \(before), is now \(after)"
        case "route_added": "route \(change.subject) \(after)\(table) came"
        case "route_removed": "route \(change.subject) \(before)\(table) went"
        case "rule_added": "\(change.subject) came: \(after)"
        case "rule_removed": "\(change.subject) went: \(before)"
        case "neighbour_failed": "\(change.subject) does not answer"
        case "neighbour_answers": "\(change.subject) answers again, at \(after)"
        case "neighbour_moved": "\(change.subject), before at \(before), is now at \(after)"
        default: "\(spoken(change.kind)): \(change.subject)"
        }
    }
}
