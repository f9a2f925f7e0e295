/// One column of a table.
package struct Column: Sendable {
    enum Alignment: Sendable { case left, right }

    var title: String
    var alignment = Alignment.left
    /// Narrower than this it is left out or, when it is needed, cut all the same.
    var minimum: Int
    /// Wider than this it never gets.
    var maximum: Int
    /// 0 is always shown; of the others the highest goes first when the page is too narrow.
    var rank: Int

    init(_ title: String, _ alignment: Alignment = .left, minimum: Int, maximum: Int? = nil, rank: Int = 0) {
        self.title = title
        self.alignment = alignment
        self.minimum = max(minimum, DisplayWidth.cells(title))
        self.maximum = max(maximum ?? self.minimum, self.minimum)
        self.rank = rank
    }
}

/// Columns fitted into a page: which of them are shown, and how wide each is.
///
/// The widths are known before the first row is drawn, so a stream of rows lines up as well as a finished table.
struct TableLayout: Sendable {
    static let gap = 2

    let columns: [Column]
    /// One for each column; `nil` where it is left out.
    let widths: [Int?]
    let page: Page

    /// Fits `columns`, whose contents would like to be `natural` wide, into `page`.
    ///
    /// Columns are left out by rank until the minima fit; then what is left of the width is handed out, from the
    /// left, to those that want more.
    init(_ columns: [Column], natural: [Int], page: Page) {
        let wanted = zip(columns, natural).map { min(max($1, $0.minimum), $0.maximum) }
        var shown = Set(columns.indices)
        func total(_ width: (Int) -> Int) -> Int {
            shown.reduce(0) { $0 + width($1) } + Self.gap * max(shown.count - 1, 0)
        }
        // A column without any content at all tells nothing: it goes before one that does.
        for index in columns.indices where natural[index] == 0 && columns[index].rank > 0 { shown.remove(index) }
        while total({ min(columns[$0].minimum, wanted[$0]) }) > page.width,
            let victim = shown.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank })
        {
            shown.remove(victim)
        }
        var widths = columns.indices.map { shown.contains($0) ? columns[$0].minimum : nil }
        var left = page.width - total { columns[$0].minimum }
        for index in columns.indices.sorted(by: { columns[$0].rank < columns[$1].rank }) {
            guard let width = widths[index], left > 0 else { continue }
            let more = min(wanted[index] - width, left)
            widths[index] = width + more
            left -= more
        }
        self.columns = columns
        self.widths = widths
        self.page = page
    }

    func titles() -> Line {
        row(columns.map { Line($0.title, .quiet) })
    }

    /// One row, each cell cut to its column.
    func row(_ cells: [Line]) -> Line {
        var line = Line()
        var start = 0
        for (index, cell) in cells.enumerated() where index < widths.count {
            guard let width = widths[index] else { continue }
            let text = cell.truncated(to: width, ellipsis: page.drawing.ellipsis)
            line.pad(to: columns[index].alignment == .right ? start + width - text.width : start)
            line.append(text)
            start += width + Self.gap
        }
        return line
    }
}

/// Rows under titles, fitted into a page.
struct Table {
    var columns: [Column]
    var rows: [[Line]] = []

    init(_ columns: [Column]) { self.columns = columns }

    func lines(on page: Page) -> [Line] {
        let natural = columns.indices.map { index in
            rows.reduce(0) { max($0, index < $1.count ? $1[index].width : 0) }
        }
        let layout = TableLayout(columns, natural: natural, page: page)
        return [layout.titles()] + rows.map(layout.row)
    }
}
