package import API

/// Requests as rows of a table, or one by one as they happen; in words, a sentence each.
package struct RequestTable {
    private let canvas: Canvas
    private let clock: Clock
    /// `nil` for those that there is room for.
    private let chosen: [RequestColumn]?
    private let isRelative: Bool

    /// - Parameters:
    ///   - columns: the columns that are wanted, in their order.
    ///   - isRelative: how long ago it was, instead of the time of day, where the columns are not chosen.
    package init(on canvas: Canvas, clock: Clock, columns: [RequestColumn]? = nil, isRelative: Bool = false) {
        self.canvas = canvas
        self.clock = clock
        chosen = columns
        self.isRelative = isRelative
    }

    /// - Parameter hasOwners: whether anything is known of who asked; a file has no processes.
    private func ranked(hasOwners: Bool = true) -> [(column: RequestColumn, rank: Int)] {
        // Of those that were asked for the first ones stay.
        if let chosen { return chosen.enumerated().map { ($0.element, $0.offset + 1) } }
        return [
            (isRelative ? .ago : .when, 0), (.id, 0), (.transport, hasOwners && !canvas.isWide ? 9 : 0),
            (.process, hasOwners ? 0 : 10), (.from, 7), (.to, 0), (.address, 3), (.result, 0), (.reached, 5),
            (.state, 6), (.duration, 0), (.bytes, 1), (.way, 4),
        ]
    }

    private func columns(hasOwners: Bool = true) -> [Column] {
        ranked(hasOwners: hasOwners).map { item in
            var column = item.column.column(on: canvas, rank: item.rank)
            if chosen == nil, let place = Self.firstToGo.firstIndex(of: item.column) {
                column.narrowRank = Self.firstToGo.count - place
            }
            return column
        }
    }

    /// Where there are few columns, when, where to and what came of it is what the eye needs.
    private static let firstToGo: [RequestColumn] = [.duration, .process, .id]

    /// A table with titles, in the order given.
    package func lines(_ requests: [Request]) -> [Line] {
        if canvas.drawing == .words { return requests.flatMap(sentence) }
        let layout = layout(fitting: requests)
        return [layout.titles()] + requests.map { layout.row(cells($0)) }
    }

    /// The chosen columns that there is no room for.
    package func leftOut(_ requests: [Request]) -> [RequestColumn] {
        guard let chosen, canvas.drawing != .words else { return [] }
        return zip(chosen, layout(fitting: requests).widths).filter { $0.1 == nil }.map(\.0)
    }

    /// Rows as wide as `sample` needs them, to be written one by one.
    package func rows(fitting sample: [Request]) -> RequestRows {
        RequestRows(self, layout(fitting: sample), canvas: canvas)
    }

    func layout(fitting sample: [Request]) -> TableLayout {
        let cells = sample.map(cells)
        var columns = columns(hasOwners: sample.contains { $0.processName != nil })
        var natural = columns.indices.map { index in cells.reduce(0) { max($0, $1[index].width) } }
        if let chosen {
            // What was asked for is shown, even when there is nothing in it.
            natural = natural.map { max($0, 1) }
            // A name can be shortened before its port, an address cannot.
            let address = sample.reduce(0) { $1.namesDestination ? $0 : max($0, $1.destination.width) }
            for index in columns.indices where chosen[index] == .to { columns[index].widen(to: address) }
        }
        return TableLayout(columns, natural: natural, canvas: canvas)
    }

    /// The layout for rows that are not known yet: every column as wide as it usually needs to be.
    ///
    /// - Parameter sample: what must not be cut for being longer than usual: a time of another day.
    func streaming(fitting sample: [Request] = []) -> TableLayout {
        var columns = columns()
        for (index, item) in ranked().enumerated() where item.column == .from || item.column == .address {
            // The addresses are not known yet: a long one is cut before its port.
            columns[index].isWhole = false
        }
        let cells = sample.map(cells)
        let natural = columns.indices.map { index in
            guard columns[index].isWhole else { return min(columns[index].maximum, 40) }
            return cells.reduce(columns[index].minimum) { max($0, $1[index].width) }
        }
        return TableLayout(columns, natural: natural, canvas: canvas)
    }

    /// None in words.
    package func streamTitles() -> [Line] { canvas.drawing == .words ? [] : [streaming().titles()] }

    package func streamRow(_ request: Request) -> [Line] {
        canvas.drawing == .words ? sentence(request) : [streaming().row(cells(request))]
    }

    func cells(_ request: Request) -> [Line] { ranked().map { cell($0.column, request) } }

    private func cell(_ column: RequestColumn, _ request: Request) -> Line {
        guard chosen == nil else { return column.cell(request, on: canvas, clock: clock) }
        // Only a client that is not this host says something, and a state only where it is no result.
        let isOfAnotherHost = request.direction == .forwarded || request.direction == .inbound
        if column == .from && !isOfAnotherHost || column == .state && request.failure == nil { return Line() }
        return column.cell(request, on: canvas, clock: clock)
    }

    /// All that there is to say, and nothing cut: `14:03:09, process curl, to www.example.org:81, failed …`.
    func sentence(_ request: Request) -> [Line] {
        var parts: [String] = []
        for (column, _) in ranked() where chosen != nil || column != .state && column != .reached {
            let text = cell(column, request).rendered(inColor: false)
            guard !text.isEmpty, text != canvas.drawing.dash else { continue }
            parts.append(column == .ago ? "\(text) ago" : column.label.isEmpty ? text : "\(column.label) \(text)")
        }
        return Paragraph.wrap(parts.joined(separator: ", "), width: canvas.width)
    }
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

    /// None in words.
    package var titles: [Line] { canvas.drawing == .words ? [] : [layout.titles()] }

    package func lines(for request: Request) -> [Line] {
        var lines = canvas.drawing == .words ? table.sentence(request) : [layout.row(table.cells(request))]
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
