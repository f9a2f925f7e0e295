/// Pieces of text set one after another into lines of a given width.
package enum Paragraph {
    /// Narrower columns than this would break most words, so what does not fit there is cut.
    private static let readable = 18

    /// Sets `pieces` with `separator` between them, breaking between pieces where that is possible. Beyond `limit`
    /// lines only the first `needed` pieces are set; an ellipsis says so where it finds room.
    static func pack(
        _ pieces: [Line], separator: String, width: Int, limit: Int = .max, needed: Int = 0, ellipsis: String
    ) -> [Line] {
        var lines: [Line] = []
        var line = Line()
        let gap = DisplayWidth.cells(separator)
        for (index, piece) in pieces.enumerated() where !piece.isEmpty {
            if !line.isEmpty, line.width + gap + piece.width <= width {
                line.append(separator, separator.allSatisfy { $0 == " " } ? .plain : .quiet)
                line.append(piece)
                continue
            }
            let isNeeded = index < needed
            if !line.isEmpty {
                if lines.count + 1 >= limit, !isNeeded {
                    let sign = " " + ellipsis
                    if line.width + DisplayWidth.cells(sign) <= width { line.append(sign, .quiet) }
                    break
                }
                lines.append(line)
            }
            line = piece
            if piece.width > width, width >= readable, isNeeded || limit == .max {
                var parts = piece.wrapped(to: width)
                line = parts.popLast() ?? Line()
                lines += parts
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { $0.truncated(to: width, ellipsis: ellipsis) }
    }

    /// Sets a sentence, breaking at spaces; a word that is wider than a line runs on into the next.
    package static func wrap(_ text: String, _ style: Style = .plain, width: Int) -> [Line] {
        let width = max(width, 8)
        var lines: [Line] = []
        var line = Line()
        for word in text.split(separator: " ") {
            var rest = Escaping.escape(String(word))
            if !line.isEmpty, line.width + 1 + DisplayWidth.cells(rest) <= width {
                line.append(" " + rest, style)
                continue
            }
            if !line.isEmpty { lines.append(line) }
            while DisplayWidth.cells(rest) > width {
                let head = DisplayWidth.prefix(rest, cells: width)
                lines.append(Line(head, style))
                rest.unicodeScalars.removeFirst(head.unicodeScalars.count)
            }
            line = Line(rest, style)
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }
}
