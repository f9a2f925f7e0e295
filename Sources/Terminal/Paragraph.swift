/// Pieces of text set one after another into lines of a given width.
package enum Paragraph {
    /// Sets `pieces` with `separator` between them, breaking only between pieces; a piece that is wider than a line
    /// is cut. Beyond `limit` lines nothing is set; an ellipsis says so where it finds room.
    static func pack(
        _ pieces: [Line], separator: String, width: Int, limit: Int = .max, ellipsis: String
    ) -> [Line] {
        var lines: [Line] = []
        var line = Line()
        for piece in pieces where !piece.isEmpty {
            if line.isEmpty {
                line = piece
                continue
            }
            if line.width + DisplayWidth.cells(separator) + piece.width <= width {
                line.append(separator, .quiet)
                line.append(piece)
                continue
            }
            if lines.count + 1 >= limit {
                let sign = " " + ellipsis
                if line.width + DisplayWidth.cells(sign) <= width { line.append(sign, .quiet) }
                break
            }
            lines.append(line)
            line = piece
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
