/// One column of a table.
package struct Column: Sendable {
    enum Alignment: Sendable { case left, right }

    var title: String
    var alignment = Alignment.left
    /// Narrower than this it is left out or, when it is needed, cut all the same.
    var minimum: Int
    /// Wider than this it never gets.
    var maximum: Int
    /// 0 is always shown; of the others the highest goes first when there is too little room, down to the last column.
    var rank: Int
    /// Of the columns of rank 0 the highest goes first where not even their minima fit; 0 never does.
    var narrowRank: Int
    /// A part of its contents would tell nothing, as with a time: it is shown whole or not at all.
    var isWhole: Bool

    init(
        _ title: String, _ alignment: Alignment = .left, minimum: Int, maximum: Int? = nil, rank: Int = 0,
        narrowRank: Int = 0, isWhole: Bool = false
    ) {
        self.title = title
        self.alignment = alignment
        self.minimum = max(minimum, DisplayWidth.cells(title))
        self.maximum = max(maximum ?? self.minimum, self.minimum)
        self.rank = rank
        self.narrowRank = narrowRank
        self.isWhole = isWhole
    }

    /// Takes care that what is so wide is not cut, unless it is wider than the column may get.
    mutating func widen(to width: Int) { minimum = min(max(minimum, width), maximum) }
}

/// Columns fitted into a width: which of them are shown, and how wide each is.
///
/// The widths are known before the first row is drawn, so a stream of rows lines up as well as a finished table.
struct TableLayout: Sendable {
    static let gap = 2
    private static let comfort = 28

    let columns: [Column]
    /// One for each column; `nil` where it is left out.
    let widths: [Int?]
    let canvas: Canvas

    /// Fits `columns`, whose contents would like to be `natural` wide, into `canvas`.
    ///
    /// Columns are left out by rank until the minima fit, then by ``Column/narrowRank``; what is left of the width is handed
    /// out to those that want more. When even the columns that are always shown do not fit, the widest are cut.
    init(_ columns: [Column], natural: [Int], canvas: Canvas) {
        let wanted = zip(columns, natural).map { min(max($1, $0.minimum), $0.maximum) }
        let minima = columns.indices.map { columns[$0].isWhole ? wanted[$0] : columns[$0].minimum }
        var shown = Set(columns.indices)
        func total(_ width: (Int) -> Int) -> Int {
            shown.reduce(0) { $0 + width($1) } + Self.gap * max(shown.count - 1, 0)
        }
        // A column without any content at all tells nothing: it goes before one that does.
        for index in columns.indices where natural[index] == 0 && columns[index].rank > 0 { shown.remove(index) }
        // Columns that are always there shall be comfortable before others come to sit beside them.
        let comfortable = columns.indices.map { index in
            columns[index].rank > 0 ? minima[index] : min(wanted[index], max(minima[index], Self.comfort))
        }
        while total({ comfortable[$0] }) > canvas.width, shown.count > 1,
            let victim = shown.filter({ columns[$0].rank > 0 }).max(by: { columns[$0].rank < columns[$1].rank })
        {
            shown.remove(victim)
        }
        while total({ minima[$0] }) > canvas.width,
            let victim = shown.filter({ columns[$0].narrowRank > 0 })
                .max(by: { columns[$0].narrowRank < columns[$1].narrowRank })
        {
            shown.remove(victim)
        }
        var widths = columns.indices.map { shown.contains($0) ? minima[$0] : nil }
        var left = canvas.width - total { minima[$0] }
        // Cell by cell, so that no column starves beside a greedy one.
        while left > 0, let index = Self.narrowest(widths, wanted: wanted) {
            widths[index] = widths[index].map { $0 + 1 }
            left -= 1
        }
        while left < 0, let index = widths.indices.max(by: { widths[$0] ?? 0 < widths[$1] ?? 0 }),
            let width = widths[index], width > 1
        {
            widths[index] = width - 1
            left += 1
        }
        self.columns = columns
        self.widths = widths
        self.canvas = canvas
    }

    /// The column that has the least of what it wants and would take more.
    private static func narrowest(_ widths: [Int?], wanted: [Int]) -> Int? {
        widths.indices.filter { (widths[$0] ?? .max) < wanted[$0] }.min { left, right in
            (widths[left] ?? 0) * wanted[right] < (widths[right] ?? 0) * wanted[left]
        }
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
            let text = cell.truncated(to: width, ellipsis: canvas.drawing.ellipsis)
            line.pad(to: columns[index].alignment == .right ? start + width - text.width : start)
            line.append(text)
            start += width + Self.gap
        }
        return line
    }
}

/// Rows under titles, fitted into a width.
struct Table {
    var columns: [Column]
    var rows: [[Line]] = []

    init(_ columns: [Column]) { self.columns = columns }

    func lines(on canvas: Canvas) -> [Line] {
        let natural = columns.indices.map { index in
            rows.reduce(0) { max($0, index < $1.count ? $1[index].width : 0) }
        }
        let layout = TableLayout(columns, natural: natural, canvas: canvas)
        return [layout.titles()] + rows.map(layout.row)
    }
}
