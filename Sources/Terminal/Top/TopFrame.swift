import API

// The screen as lines.
extension TopScreen {
    static let smallest = (columns: 40, rows: 8)

    /// As many lines as the terminal has rows, none wider than its columns.
    package mutating func frame() -> [Line] {
        guard columns >= Self.smallest.columns, rows >= Self.smallest.rows else {
            let text = "at least \(Self.smallest.columns) x \(Self.smallest.rows) cells are needed"
            return filled([Line(text, .bad)])
        }
        var lines: [Line]
        switch mode {
        case .list, .filter: lines = list()
        case .help: lines = filled([headline(), Line()] + helpLines(), to: rows - 1) + [footer()]
        case .request(let request, let line, let isComplete):
            let page = waterfall(request, isComplete).dropFirst(line).prefix(pageHeight)
            lines = filled([headline(), Line()] + page, to: rows - 1) + [footer()]
        }
        if case .filter(let text, let mistake) = mode { lay(prompt(text, mistake), over: &lines) }
        return filled(lines)
    }

    var listHeight: Int { max(rows - 4 - (hasFilterLine ? 1 : 0) - findingHeight, 1) }
    private var hasFilterLine: Bool { filter != nil || !fixed.isEmpty }
    /// What the verdict on the chosen failure says, where there is room for it.
    private var findingHeight: Int { tab == .failures && rows >= 16 ? 3 : 0 }
    var pageHeight: Int { max(rows - 3, 1) }

    func waterfall(_ request: Request, _ isComplete: Bool) -> [Line] {
        Waterfall(request, on: canvas, clock: clock, isComplete: isComplete).lines()
    }

    private func filled(_ lines: [Line], to count: Int? = nil) -> [Line] {
        let count = count ?? rows
        let cut = lines.prefix(count).map { $0.truncated(to: columns, ellipsis: drawing.ellipsis) }
        return cut + Array(repeating: Line(), count: max(count - cut.count, 0))
    }

    /// Replaces the last lines.
    private func lay(_ bottom: [Line], over lines: inout [Line]) {
        lines = Array(lines.prefix(max(rows - bottom.count, 0))) + bottom
    }
}

// The parts that every screen has.
extension TopScreen {
    /// `waybill top · 12 requests · 1 failed · 3 open          held   14:04:27`
    private func headline() -> Line {
        let counts = counts
        var line = Line("waybill top", .heading)
        line.append("\(drawing.separator)\(counts.all) request\(counts.all == 1 ? "" : "s")", .quiet)
        line.append(drawing.separator, .quiet)
        line.append("\(counts.failed) failed", counts.failed > 0 ? .bad : .quiet)
        line.append("\(drawing.separator)\(counts.open) open", .quiet)
        if pool.dropped > 0 {
            line.append("\(drawing.separator)\(Quantity.count(pool.dropped)) dropped", .quiet)
        }
        var right = Line()
        if connection == .lost { right.append("waybilld is away, trying again  ", .bad) }
        if held != nil { right.append("paused  ", .doubtful) }
        right.append(clock.short(clock.now), .quiet)
        return Self.spread(line, right, over: columns, ellipsis: drawing.ellipsis)
    }

    /// The tabs, and how the one that is shown is sorted. Where there is no room for all names, the others have their
    /// numbers alone.
    private func tabLine() -> Line {
        let arrow = drawing == .unicode ? (view.isDescending ? " ↓" : " ↑") : view.isDescending ? " down" : " up"
        let right = Line("by \(view.sort.rawValue)\(arrow)", .quiet)
        let full = tabNames(areShort: false)
        let left = full.width + right.width < columns ? full : tabNames(areShort: true)
        return Self.spread(left, right, over: columns, ellipsis: drawing.ellipsis)
    }

    private func tabNames(areShort: Bool) -> Line {
        var line = Line()
        for (index, tab) in Tab.allCases.enumerated() {
            let isShown = tab == self.tab
            let name = areShort && !isShown ? "\(index + 1)" : "\(index + 1) \(tab.rawValue)"
            line.append(isShown ? "[\(name)]" : " \(name) ", isShown ? .heading : .quiet)
        }
        return line
    }

    private static func spread(_ left: Line, _ right: Line, over columns: Int, ellipsis: String) -> Line {
        var line = left.truncated(to: max(columns - right.width - 1, 1), ellipsis: ellipsis)
        line.pad(to: columns - right.width)
        line.append(right)
        return line
    }

    private func footer() -> Line {
        let keys: [(String, String)] =
            switch mode {
            case .list:
                [
                    ("q", "quit"), ("?", "help"), ("Enter", "open"), ("/", "filter"),
                    ("p", held == nil ? "pause" : "go on"),
                    ("s r", "sort"), ("1-4", "views"), ("l", "lookups"),
                ]
            case .filter: [("Enter", "apply"), ("Esc", "leave"), ("^U", "empty")]
            case .help: [("any key", "back")]
            case .request(_, _, let isComplete):
                [("q", "back"), ("f", isComplete ? "fewer facts" : "all facts"), ("up down", "scroll")]
            }
        var line = Line()
        for (key, what) in keys {
            if !line.isEmpty { line.append("  ") }
            line.append(key, .heading)
            line.append(" \(what)", .quiet)
        }
        return line
    }

    private func prompt(_ text: String, _ mistake: ExpressionError?) -> [Line] {
        let label = "filter: "
        let room = max(columns - label.count - 1, 8)
        var lines: [Line] = []
        if let mistake {
            lines.append(Line(mistake.description, .bad))
            for marked in MarkedText(text, offset: mistake.offset, length: mistake.length).lines(width: room) {
                var line = Line()
                line.pad(to: label.count)
                line.append(marked)
                lines.append(line)
            }
        }
        // The end is where one writes.
        var tail = text.unicodeScalars.suffix(room)
        while Line(String(tail)).width > room { tail.removeFirst() }
        var line = Line(label, .heading)
        line.append(String(tail))
        line.append("_", .heading)
        return lines + [line, footer()]
    }

    private func helpLines() -> [Line] {
        let keys = [
            ("1 2 3 4, Tab", "requests, processes, destinations, failures"),
            ("up down, j k", "choose; PgUp, PgDn, Home, End (g, G) too; Home follows what is first"),
            ("Enter", "the waterfall of a request; of a process or destination, its requests"),
            ("s, r", "sort by the next column; the other way round"),
            ("/", "filter by a condition, as in: failed and to.port in (80, 443)"),
            ("Esc", "the filter off again"),
            ("p, space", "pause: what is shown stays, and what comes is kept for later"),
            ("l", "lookups that were answered, too"),
            ("f", "in a waterfall: all facts"),
            ("q, Ctrl-C", "quit; Ctrl-Z suspends"),
        ]
        return keys.flatMap { key, meaning in
            var line = Line(key, .heading)
            return Paragraph.wrap(meaning, width: columns - 15).map { piece in
                line.pad(to: 15)
                line.append(piece)
                defer { line = Line() }
                return line
            }
        }
    }
}

// The lists.
extension TopScreen {
    private mutating func list() -> [Line] {
        let rows = listRows
        let place = view.place(in: rows)
        // Written only when it has changed: what is chosen stays in sight.
        var start = min(view.start, max(rows.count - listHeight, 0))
        start = min(max(start, place - listHeight + 1), place)
        if start != view.start { view.start = start }
        let drawn = table(Array(rows.dropFirst(start).prefix(listHeight)))
        var lines = [headline(), tabLine()]
        if hasFilterLine {
            var line = Line("filter: ", .heading)
            line.append([fixed, filter?.text ?? ""].filter { !$0.isEmpty }.joined(separator: "  "))
            let right = Line(filter == nil ? "" : "Esc off", .quiet)
            lines.append(Self.spread(line, right, over: columns, ellipsis: drawing.ellipsis))
        }
        lines.append(indented(drawn.titles, isChosen: false))
        for (index, line) in drawn.rows.enumerated() {
            lines.append(indented(line, isChosen: start + index == place))
        }
        if rows.isEmpty { lines.append(Line("  \(emptyHint)", .quiet)) }
        lines = filled(lines, to: self.rows - 1 - findingHeight)
        if findingHeight > 0 {
            let chosen = rows.isEmpty ? nil : rows[place].request?.verdict
            let finding = chosen.map { VerdictText($0, on: canvas).summary() } ?? []
            lines += filled([Line()] + finding, to: findingHeight)
        }
        return lines + [footer()]
    }

    private var emptyHint: String {
        if filter != nil { return "no request matches the filter" }
        return switch tab {
        case .failures: "no request has failed"
        case .requests, .processes, .destinations: "no request was seen yet"
        }
    }

    private func indented(_ line: Line, isChosen: Bool) -> Line {
        var result = Line(isChosen ? (drawing == .unicode ? "▸ " : "> ") : "  ", .heading)
        result.append(line)
        return result
    }

    /// Beside the mark of what is chosen; two cells narrower than a page may be.
    private var tableCanvas: Canvas {
        var canvas = canvas
        canvas.width = min(columns, Canvas.widest) - 2
        return canvas
    }

    /// Of widths that do not depend on what is shown, so that nothing jumps.
    private func table(_ rows: [TopRow]) -> (titles: Line, rows: [Line]) {
        switch tab {
        case .requests:
            let table = RequestTable(on: tableCanvas, clock: clock)
            let requests = rows.compactMap(\.request)
            let layout = table.streaming(fitting: requests)
            return (layout.titles(), requests.map { layout.row(table.cells($0)) })
        case .failures: return failures(rows)
        case .processes, .destinations: return groups(rows)
        }
    }

    private func failures(_ rows: [TopRow]) -> (titles: Line, rows: [Line]) {
        let columns: [RequestColumn] = [.when, .process, .to]
        let isWide = tableCanvas.isWide
        let cells = rows.compactMap(\.request).map { request in
            // The beginning of a sentence tells little: where there is no room for more, the verdict's identifier does.
            columns.map { $0.cell(request, on: Canvas(drawing: drawing), clock: clock) }
                + [request.verdict.map { Line(isWide ? $0.summary : $0.id) } ?? request.result(drawing)]
        }
        // The sentence takes what is left: without a place of its own the destination would lose its name to it.
        let destination = Column(RequestColumn.to.rawValue, minimum: isWide ? 36 : 22)
        let layout = TableLayout(
            [
                RequestColumn.when.column(on: Canvas(), rank: 0), RequestColumn.process.column(on: Canvas(), rank: 1),
                destination, Column("what", minimum: 20, maximum: 240),
            ],
            natural: [cells.reduce(8) { max($0, $1[0].width) }, 12, destination.maximum, 240], canvas: tableCanvas)
        return (layout.titles(), cells.map(layout.row))
    }

    private func groups(_ rows: [TopRow]) -> (titles: Line, rows: [Line]) {
        let columns = [
            Column(tab == .processes ? "process" : "destination", minimum: 16, maximum: 64),
            Column("requests", .right, minimum: 8), Column("failed", .right, minimum: 6),
            Column("open", .right, minimum: 6, rank: 3), Column("bytes", .right, minimum: 8, rank: 1),
            Column("last", .right, minimum: 5, rank: 2),
        ]
        let layout = TableLayout(columns, natural: [64, 8, 6, 6, 8, 5], canvas: tableCanvas)
        return (
            layout.titles(),
            rows.map { row in
                guard case .group(let group) = row.content else { return Line() }
                return layout.row([
                    Line(group.name, group.isKnown ? .name : .quiet), Line("\(group.requests)"),
                    Line("\(group.failed)", group.failed > 0 ? .bad : .quiet), Line("\(group.open)", .quiet),
                    Line(group.bytes > 0 ? Quantity.bytes(group.bytes) : drawing.dash),
                    Line(clock.ago(group.last), .quiet),
                ])
            }
        )
    }
}
