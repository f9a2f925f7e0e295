/// A text with a mark under one place of it, as compilers show where something is wrong.
package struct MarkedText {
    private let scalars: [Unicode.Scalar]
    private let offset: Int
    private let length: Int

    /// - Parameters:
    ///   - offset: in Unicode scalars from the start; what lies outside the text marks its end.
    ///   - length: in scalars; 0 marks one cell all the same.
    package init(_ text: String, offset: Int, length: Int) {
        scalars = Array(text.unicodeScalars)
        self.offset = min(max(offset, 0), scalars.count)
        self.length = min(max(length, 0), scalars.count - self.offset)
    }

    /// Two lines of at most `width` cells; of a long text the part around the mark.
    package func lines(width: Int) -> [Line] {
        let ellipsis = "..."
        var before = scalars[..<offset]
        if before.count + 1 > width / 2 || Self.line(before).width > width / 2 {
            before = before.suffix(width / 2 - ellipsis.count)
            while Self.line(before).width > width / 2 - ellipsis.count { before.removeFirst() }
        }
        var text = before.count < offset ? Line(ellipsis, .quiet) : Line()
        text.append(Self.line(before))
        var mark = Line()
        mark.pad(to: text.width)
        let marked = Self.line(scalars[offset..<offset + length])
        mark.append("^" + String(repeating: "~", count: max(marked.width - 1, 0)), .bad)
        text.append(marked)
        text.append(Self.line(scalars[(offset + length)...].prefix(width)))
        return [text, mark].map { $0.truncated(to: width, ellipsis: ellipsis) }
    }

    private static func line(_ scalars: ArraySlice<Unicode.Scalar>) -> Line {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return Line(String(view))
    }
}
