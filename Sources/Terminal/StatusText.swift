package import API

/// What the daemon does, what it has seen, and what it cannot see.
package struct StatusText {
    private let status: Status
    private let canvas: Canvas
    private let clock: Clock

    package init(_ status: Status, on canvas: Canvas, clock: Clock) {
        self.status = status
        self.canvas = canvas
        self.clock = clock
    }

    package func lines() -> [Line] {
        var lines = Paragraph.wrap(opening, .heading, width: canvas.width)
        if let text = observed { lines += Paragraph.wrap(text, .quiet, width: canvas.width) }
        if let text = taken { lines += Paragraph.wrap(text, .quiet, width: canvas.width) }
        if status.scope == .own {
            lines.append(Line())
            lines += Paragraph.wrap(
                "You see the requests of your own user; what belongs to the whole host is for root and the daemon's group.",
                width: canvas.width)
        } else {
            lines.append(Line())
            lines += interfaces()
        }
        if let history = status.history {
            lines.append(Line())
            lines += self.history(history)
        }
        if let totals = status.totals {
            lines.append(Line())
            lines += SummaryText(totals, verb: "completed", on: canvas, clock: clock).lines()
            if !totals.tables.isEmpty {
                lines.append(Line())
                lines += tables(totals.tables)
            }
        }
        if !status.limits.isEmpty {
            lines.append(Line())
            lines.append(Line("not known on this host"))
            let limits = status.limits.map { Labelled("  \(spoken($0.what))", $0.why) }
            lines += Labelled.lines(limits, width: canvas.width)
            lines += Paragraph.wrap("`waybill doctor` tells how to get it back.", .quiet, width: canvas.width)
        }
        return lines
    }

    private var opening: String {
        let capturing = status.interfaces.count { $0.state == .capturing }
        let count = Quantity.count(UInt64(capturing), "interface", "interfaces")
        let uptime = Quantity.span(status.uptime, canvas.drawing)
        return "waybilld \(status.version) has been watching for \(uptime), now on \(count)"
    }

    private var observed: String? {
        guard let until = status.observedUntil else { return nil }
        return
            "started \(clock.full(status.started)); all frames until \(clock.short(until, .milliseconds)) are counted in"
    }

    private var taken: String? {
        guard let daemon = status.daemon else { return nil }
        var parts: [String] = []
        if let rate = daemon.cpuPerSecond {
            // 10 ms a second are one hundredth of a core.
            parts.append("\(Quantity.significant(max(rate.value, 0) / 10)) % of a core")
        }
        if let resident = daemon.resident {
            let peak = daemon.peakResident.map { ", at most \(Quantity.bytes($0))" } ?? ""
            parts.append("\(Quantity.bytes(resident)) in memory\(peak)")
        }
        if let open = daemon.openFiles {
            let limit = daemon.openFilesLimit.map { " of \(Quantity.count($0))" } ?? ""
            parts.append("\(Quantity.count(UInt64(max(open, 0))))\(limit) files open")
        }
        return parts.isEmpty
            ? nil : "process \(daemon.pid): " + parts.joined(separator: canvas.drawing == .words ? ", " : " · ")
    }

    private func history(_ history: HistoryStatus) -> [Line] {
        let records = [history.requests, history.lookups, history.neighbours, history.leases, history.icmpErrors]
        var text = "history: \(Quantity.count(records.reduce(0, &+))) records"
        if let oldest = history.oldest { text += " since \(clock.full(oldest))" }
        text += ", \(Quantity.bytes(history.bytes)) of \(Quantity.bytes(history.limitBytes)) in \(history.directory)"
        var lines = Paragraph.wrap(text, width: canvas.width)
        if let trouble = history.trouble {
            lines += Paragraph.wrap("nothing is written to it: \(trouble)", .doubtful, width: canvas.width)
        }
        if history.lost > 0 {
            let unanswered =
                history.lostUnanswered > 0
                ? ", \(Quantity.count(history.lostUnanswered)) of them requests without an answer" : ""
            lines += Paragraph.wrap(
                "\(Quantity.count(history.lost)) records did not come to disk\(unanswered)", .doubtful,
                width: canvas.width)
        }
        for file in history.setAside {
            lines += Paragraph.wrap("a damaged one was set aside as \(file)", .doubtful, width: canvas.width)
        }
        return lines
    }

    private func interfaces() -> [Line] {
        guard !status.interfaces.isEmpty else {
            return Paragraph.wrap(
                "No interface is open. Check `interfaces` in the configuration and the daemon's journal.", .doubtful,
                width: canvas.width)
        }
        var table = Table([
            Column("interface", minimum: 9, maximum: 15),
            Column("state", minimum: 11, maximum: 12),
            Column("received", .right, minimum: 8, maximum: 20),
            Column("frames/s", .right, minimum: 8, maximum: 20, rank: 3),
            Column("rate", .right, minimum: 8, maximum: 20, rank: 2),
            Column("kernel drops", .right, minimum: 12, maximum: 20),
            Column("NIC drops", .right, minimum: 9, maximum: 20),
            Column("cut", .right, minimum: 7, maximum: 20, rank: 1),
            Column("link", minimum: 8, maximum: 12, rank: 4),
            Column("snap length", .right, minimum: 11, rank: 5),
        ])
        table.rows = status.interfaces.map { interface in
            var state = interface.mark(canvas.drawing)
            if !state.isEmpty { state.append(" ") }
            state.append(interface.state.rawValue, interface.state == .failed ? .bad : .plain)
            return [
                Line(interface.name, .name), state, counter(interface, interface.received, isLoss: false),
                Line(interface.framesPerSecond.map { Quantity.count($0) } ?? ""),
                Line(interface.bytesPerSecond.map { Quantity.bitRate(bytes: $0) } ?? ""),
                counter(interface, interface.droppedByKernel), counter(interface, interface.droppedByInterface),
                counter(interface, interface.cut),
                Line(interface.linkType ?? "", .quiet), Line(interface.snapLength.map { "\($0)" } ?? "", .quiet),
            ]
        }
        var lines = table.lines(on: canvas)
        for interface in status.interfaces {
            guard let reason = interface.reason else { continue }
            lines += Paragraph.wrap("\(interface.name): \(reason)", .doubtful, width: canvas.width)
        }
        return lines
    }

    /// What libpcap does not know is said to be unknown; it is not 0.
    private func counter(_ interface: InterfaceStatus, _ value: UInt64?, isLoss: Bool = true) -> Line {
        guard let value else { return interface.state == .capturing ? Line("unknown", .quiet) : Line() }
        return Line(Quantity.count(value), isLoss && value > 0 ? .doubtful : .plain)
    }

    private func tables(_ tables: [TableTotals]) -> [Line] {
        var table = Table([
            Column("table", minimum: 12, maximum: 30),
            Column("now", .right, minimum: 9, maximum: 20),
            Column("peak", .right, minimum: 9, maximum: 20),
            Column("capacity", .right, minimum: 9, maximum: 20),
            Column("dropped", .right, minimum: 9, maximum: 20),
        ])
        table.rows = tables.map { totals in
            [
                Line(spoken(totals.name)), Line(Quantity.count(UInt64(max(totals.count, 0)))),
                Line(Quantity.count(UInt64(max(totals.peak, 0)))),
                Line(Quantity.count(UInt64(max(totals.capacity, 0))), .quiet),
                Line(Quantity.count(totals.evictions), totals.evictions > 0 ? .doubtful : .plain),
            ]
        }
        return table.lines(on: canvas)
    }
}

extension InterfaceStatus {
    fileprivate func mark(_ drawing: Drawing) -> Line {
        switch (state, drawing) {
        case (_, .words): Line()
        case (.capturing, _): StageStatus.ok.mark(drawing)
        case (.failed, _): StageStatus.failed.mark(drawing)
        case (.down, _), (.gone, _): StageStatus.unseen.mark(drawing)
        }
    }
}
