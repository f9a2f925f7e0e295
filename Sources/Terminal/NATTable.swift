package import API

/// Translations as rows of a table: who, to whom, and what became of it.
package struct NATTable {
    private let canvas: Canvas
    private let clock: Clock

    package init(on canvas: Canvas, clock: Clock) {
        self.canvas = canvas
        self.clock = clock
    }

    package func lines(_ translations: [Translation]) -> [Line] {
        let rows = translations.map(cells)
        let natural = columns.indices.map { index in rows.reduce(0) { max($0, $1[index].width) } }
        let needed = columns.indices.filter { columns[$0].rank == 0 }
        let width = needed.reduce(0) { $0 + max(natural[$1], columns[$1].minimum) + TableLayout.gap }
        // An address without its port says little: where both tuples do not fit beside each other, they get two lines.
        guard width - TableLayout.gap > canvas.width else {
            let layout = TableLayout(columns, natural: natural, canvas: canvas)
            return [layout.titles()] + rows.map(layout.row)
        }
        let layout = TableLayout(Array(columns.prefix(Self.becomes)), natural: natural, canvas: canvas)
        return [layout.titles()] + rows.flatMap { [layout.row($0)] + became($0) }
    }

    private var columns: [Column] {
        [
            Column("since", minimum: 8, maximum: 16, isWhole: true),
            Column("proto", minimum: 5, maximum: 6),
            // An address without its port would not tell one translation from the next.
            Column("from", minimum: 13, maximum: 47, isWhole: true),
            Column("to", minimum: 13, maximum: 47, isWhole: true),
            Column("becomes", minimum: 18, maximum: 96),
            Column("state", minimum: 11, maximum: 14, rank: 1),
            Column("for", .right, minimum: 8, rank: 2, isWhole: true),
            Column("rule", minimum: 10, maximum: 40, rank: 3),
        ]
    }

    /// Which column is `becomes`; state, span and rule follow it.
    private static let becomes = 4

    /// What stands in the columns from `becomes` on, below the row.
    private func became(_ cells: [Line]) -> [Line] {
        var first = Line("becomes ", .quiet)
        first.append(cells[Self.becomes])
        let indent = canvas.drawing == .words ? 0 : 10
        return Paragraph.pack(
            [first] + cells[(Self.becomes + 1)...], separator: canvas.drawing.separator, width: canvas.width - indent,
            ellipsis: canvas.drawing.ellipsis
        ).map { text in
            var line = Line()
            line.pad(to: indent)
            line.append(text)
            return line
        }
    }

    private func cells(_ translation: Translation) -> [Line] {
        let drawing = canvas.drawing
        var lasted: Milliseconds?
        if let began = translation.began, let ended = translation.ended, began != ended {
            lasted = Milliseconds(
                nanoseconds: ended.nanoseconds.subtractingReportingOverflow(began.nanoseconds).partialValue)
        }
        return [
            translation.began.map { Line(clock.short($0), .quiet) } ?? Line(drawing.dash, .quiet),
            Line(translation.transport.rawValue),
            Line(translation.original.source.text, .address),
            Line(translation.original.destination.text, .address),
            becomes(translation),
            state(translation),
            lasted.map { Line(Quantity.span($0, drawing), .quiet) } ?? Line(),
            translation.rule.map { Line($0.text, .quiet) } ?? Line(),
        ]
    }

    /// `from 11.22.33.44:1189`, `to 10.0.1.9:80`, or both.
    private func becomes(_ translation: Translation) -> Line {
        var line = Line()
        if translation.kinds.contains("dnat") {
            line.append("to ", .quiet)
            line.append(translation.translated.destination.text, .address)
        }
        if translation.kinds.contains("snat") {
            line.append(line.width > 0 ? ", from " : "from ", .quiet)
            line.append(translation.translated.source.text, .address)
        }
        return line
    }

    private func state(_ translation: Translation) -> Line {
        if translation.ended != nil { return Line("over", .quiet) }
        if translation.answered == false { return Line("no answer", .doubtful) }
        return Line(translation.state.map(spoken) ?? "open")
    }
}
