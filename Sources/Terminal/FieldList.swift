import API

/// What expressions are made of, for people.
package struct FieldList {
    private let canvas: Canvas

    package init(on canvas: Canvas) { self.canvas = canvas }

    package func lines() -> [Line] {
        var lines = Paragraph.wrap(
            "A condition compares fields with values: = != in ~, and for numbers < <= > >=. Tests are joined with and, or, "
                + "not and parentheses. A field by itself holds where it is known, and not false or 0. ~ looks for a part, "
                + "or for the whole where there is * or ?.",
            width: canvas.width)
        lines.append(Line())
        for field in RequestField.allCases { lines += self.lines(field) }
        lines.append(Line())
        lines += Paragraph.wrap(
            "Quote what holds blanks or signs: name = \"a b\". For a shell the condition stands in quotation marks: "
                + "waybill list 'failed and to.port in (80, 443)'",
            width: canvas.width)
        return lines
    }

    private func lines(_ field: RequestField) -> [Line] {
        let indent = canvas.drawing == .words ? 2 : 26
        var text = field.summary
        switch field.kind {
        case .word(let words), .rank(let words): text += ": \(words.joined(separator: ", "))"
        case .text, .name, .host, .number, .span, .size, .flag: break
        }
        var lines: [Line] = []
        var line = Line(field.example, .name)
        if line.width >= indent {
            lines.append(line)
            line = Line()
        }
        for piece in Paragraph.wrap(text, width: canvas.width - indent) {
            line.pad(to: indent)
            line.append(piece)
            lines.append(line)
            line = Line()
        }
        return lines
    }
}
