/// One line of output: runs of text with one meaning each.
///
/// Text is escaped as it is added, whatever its source, so nothing unescaped can reach a terminal through a line.
package struct Line: Sendable, Equatable {
    struct Run: Sendable, Equatable {
        var text: String
        var style: Style
    }

    private(set) var runs: [Run] = []
    /// In terminal cells.
    package private(set) var width = 0
    /// What stays when the line is cut: the port after a long name.
    private var tail: Run?

    package init() {}

    /// A text whose end tells as much as its beginning, and is kept when the rest is cut.
    init(_ text: String, keeping tail: String, _ style: Style = .plain) {
        append(text + tail, style)
        self.tail = Run(text: Escaping.escape(tail), style: style)
    }

    package init(_ text: String, _ style: Style = .plain) { append(text, style) }

    package var isEmpty: Bool { runs.isEmpty }

    package mutating func append(_ text: String, _ style: Style = .plain) {
        append(escaped: Escaping.escape(text), style)
    }

    package mutating func append(_ line: Line) {
        for run in line.runs { append(escaped: run.text, run.style) }
    }

    /// Adds spaces until the line is `column` cells wide.
    package mutating func pad(to column: Int) {
        guard column > width else { return }
        append(escaped: String(repeating: " ", count: column - width), .plain)
    }

    private mutating func append(escaped text: String, _ style: Style) {
        guard !text.isEmpty else { return }
        width += DisplayWidth.cells(text)
        if let last = runs.last, last.style == style {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, style: style))
        }
    }

    /// The line cut to `cells`, with `ellipsis` as its end when something was cut.
    package func truncated(to cells: Int, ellipsis: String) -> Line {
        guard width > cells else { return self }
        let tailCells = tail.map { DisplayWidth.cells($0.text) } ?? 0
        let kept = cells >= 2 * tailCells + DisplayWidth.cells(ellipsis) ? tailCells : 0
        let room = cells - DisplayWidth.cells(ellipsis) - kept
        guard room > 0 else { return Line(DisplayWidth.prefix(ellipsis, cells: max(cells, 0)), .quiet) }
        var line = Line()
        for run in runs {
            let left = room - line.width
            let piece = DisplayWidth.prefix(run.text, cells: left)
            line.append(escaped: piece, run.style)
            if piece.utf8.count < run.text.utf8.count { break }
        }
        line.append(ellipsis, .quiet)
        if kept > 0, let tail { line.append(escaped: tail.text, tail.style) }
        return line
    }

    /// The line set anew in lines of at most `cells`, broken at spaces; a word that is wider runs on into the next.
    package func wrapped(to cells: Int) -> [Line] {
        guard width > cells, cells > 0 else { return [self] }
        var lines: [Line] = []
        var line = Line()
        for run in runs {
            for (index, word) in run.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
                var rest = String(word)
                let gap = index > 0 && !line.isEmpty ? 1 : 0
                if line.width + gap + DisplayWidth.cells(rest) <= cells {
                    line.append(escaped: String(repeating: " ", count: gap) + rest, run.style)
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                line = Line()
                while DisplayWidth.cells(rest) > cells {
                    let head = DisplayWidth.prefix(rest, cells: cells)
                    guard !head.isEmpty else { break }
                    line.append(escaped: head, run.style)
                    lines.append(line)
                    line = Line()
                    rest.unicodeScalars.removeFirst(head.unicodeScalars.count)
                }
                line.append(escaped: rest, run.style)
            }
        }
        if !line.isEmpty { lines.append(line) }
        return lines
    }

    /// The line as bytes for a terminal, without the line break and without trailing spaces.
    package func rendered(inColor isColored: Bool) -> String {
        var runs = runs[...]
        while let last = runs.last {
            var text = last.text
            while text.utf8.last == UInt8(ascii: " ") { text.removeLast() }
            if text.isEmpty {
                runs.removeLast()
                continue
            }
            runs[runs.endIndex - 1].text = text
            break
        }
        guard isColored else { return runs.map(\.text).joined() }
        return runs.map { run in
            let parameters = run.style.parameters
            return parameters.isEmpty ? run.text : "\u{1B}[\(parameters)m\(run.text)\u{1B}[0m"
        }.joined()
    }
}
