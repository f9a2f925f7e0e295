package import API

/// Requests as rows of a table, or one by one as they happen.
package struct RequestTable {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    private var isWide: Bool { canvas.width >= 120 }

    /// - Parameter hasOwners: whether anything is known of who asked; a file has no processes.
    private func columns(hasOwners: Bool = true) -> [Column] {
        [
            Column("when", minimum: isWide ? 12 : 8, maximum: 16, isWhole: true),
            Column("id", minimum: isWide ? 12 : 8),
            Column("proto", minimum: 5, maximum: 6, rank: hasOwners && !isWide ? 9 : 0),
            // Names of processes have 15 bytes at most.
            Column("process", minimum: 7, maximum: 15, rank: hasOwners ? 0 : 10),
            Column("from", minimum: 13, maximum: 47, rank: 7),
            Column("to", minimum: 13, maximum: 60),
            Column("address", minimum: 15, maximum: 47, rank: 3),
            Column("result", minimum: 19, maximum: 36),
            Column("reached", minimum: 9, rank: 5),
            Column("state", minimum: 8, maximum: 15, rank: 6, isWhole: true),
            Column("time", .right, minimum: 8, maximum: 12, isWhole: true),
            Column("bytes", .right, minimum: 7, maximum: 12, rank: 1, isWhole: true),
            Column("way", minimum: 8, maximum: 25, rank: 4, isWhole: true),
        ]
    }

    /// A table with titles, in the order given.
    package func lines(_ requests: [Request]) -> [Line] {
        var table = Table(columns(hasOwners: requests.contains { $0.processName != nil }))
        table.rows = requests.map(cells)
        return table.lines(on: canvas)
    }

    /// Rows as wide as `sample` needs them, to be written one by one.
    package func rows(fitting sample: [Request]) -> RequestRows {
        let cells = sample.map(cells)
        let columns = columns(hasOwners: sample.contains { $0.processName != nil })
        let natural = columns.indices.map { index in cells.reduce(0) { max($0, $1[index].width) } }
        return RequestRows(self, TableLayout(columns, natural: natural, canvas: canvas), canvas: canvas)
    }

    /// The layout for rows that are not known yet: every column as wide as it usually needs to be.
    private var streaming: TableLayout {
        let columns = columns()
        let natural = columns.map { $0.isWhole ? $0.minimum : min($0.maximum, 40) }
        return TableLayout(columns, natural: natural, canvas: canvas)
    }

    package func streamTitles() -> Line { streaming.titles() }

    package func streamRow(_ request: Request) -> Line { streaming.row(cells(request)) }

    fileprivate func cells(_ request: Request) -> [Line] {
        let drawing = canvas.drawing
        var way = request.direction.rawValue
        if let interface = request.interface { way += " \(interface)" }
        return [
            Line(clock.short(request.first, isWide ? .milliseconds : .seconds), .quiet),
            Line(isWide ? request.id : String(request.id.prefix(8)), .quiet),
            Line(request.asksForNames ? request.application ?? "dns" : request.transport.rawValue),
            request.processName.map { Line($0) } ?? Line(),
            request.isOfAnotherHost ? Line(request.client.endpoint, .address) : Line(),
            request.destination,
            request.namesDestination ? Line(request.server.endpoint, .address) : Line(),
            result(request),
            request.reachedStage.map { Line($0.rawValue, .quiet) } ?? Line(),
            request.failure == nil ? Line() : request.state.map { Line(spoken($0.rawValue), .quiet) } ?? Line(),
            request.duration.microseconds > 0
                ? Line(Quantity.span(request.duration, drawing)) : Line(drawing.dash, .quiet),
            request.payloadBytes > 0 ? Line(Quantity.bytes(request.payloadBytes)) : Line(drawing.dash, .quiet),
            Line(way, .quiet),
        ]
    }
}

extension RequestTable {
    /// What came of it, and whether NAT had a part in it.
    private func result(_ request: Request) -> Line {
        var line = request.result(canvas.drawing)
        if request.translation != nil { line.append("\(canvas.drawing.separator)nat", .quiet) }
        return line
    }
}

extension Request {
    /// Its client is not this host, so who that is says something.
    fileprivate var isOfAnotherHost: Bool { direction == .forwarded || direction == .inbound }
}

/// The rows of a table whose end is not known, each failure with its verdict under it.
package struct RequestRows {
    private let table: RequestTable
    private let layout: TableLayout
    private let canvas: Canvas

    init(_ table: RequestTable, _ layout: TableLayout, canvas: Canvas) {
        self.table = table
        self.layout = layout
        self.canvas = canvas
    }

    package var titles: Line { layout.titles() }

    package func lines(for request: Request) -> [Line] {
        var lines = [layout.row(table.cells(request))]
        if request.outcome == .failed, let verdict = request.verdict {
            let indent = canvas.drawing == .words ? 0 : 4
            let narrower = Canvas(width: canvas.width - indent, drawing: canvas.drawing, isColored: canvas.isColored)
            lines += VerdictText(verdict, on: narrower).summary().map { text in
                var line = Line()
                line.pad(to: indent)
                line.append(text)
                return line
            }
        }
        return lines
    }
}
