import API

/// A finding: the sentence, what it rests on, and what to do next.
struct VerdictText {
    private let verdict: Verdict
    private let canvas: Canvas

    init(_ verdict: Verdict, on canvas: Canvas) {
        self.verdict = verdict
        self.canvas = canvas
    }

    func lines() -> [Line] {
        var lines = summary()
        lines += list(verdict.evidence, title: "because", style: .plain)
        lines += list(verdict.next, title: "next", style: .name)
        return lines
    }

    /// The sentence alone, for places with one line to spare.
    func summary() -> [Line] {
        var text = verdict.summary
        switch verdict.confidence {
        case .certain: break
        case .likely: text += " (likely)"
        case .possible: text += " (possible, not certain)"
        }
        let style: Style =
            switch verdict.severity {
            case .none: .good
            case .notice: .plain
            case .warning: .doubtful
            case .error: .bad
            }
        return Paragraph.wrap(text, style, width: canvas.width)
    }

    private func list(_ items: [String], title: String, style: Style) -> [Line] {
        let indent = 9
        var lines: [Line] = []
        for item in items {
            for (index, text) in Paragraph.wrap(item, style, width: canvas.width - indent - 2).enumerated() {
                var line = Line()
                if lines.isEmpty { line.append(title, .quiet) }
                line.pad(to: index == 0 ? indent : indent + 2)
                line.append(text)
                lines.append(line)
            }
        }
        return lines
    }
}
