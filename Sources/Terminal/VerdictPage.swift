package import API

/// What verdicts there are, and what one of them means.
package struct VerdictPage {
    /// One entry of docs/verdicts.md.
    package struct Entry: Sendable {
        package var id: String
        package var severity: Verdict.Severity
        package var stage: StageName?
        package var title: String
        package var cause: String
        package var evidence: String
        package var fix: String

        package init(
            id: String, severity: Verdict.Severity, stage: StageName?, title: String, cause: String, evidence: String,
            fix: String
        ) {
            self.id = id
            self.severity = severity
            self.stage = stage
            self.title = title
            self.cause = cause
            self.evidence = evidence
            self.fix = fix
        }
    }

    private let canvas: Canvas

    package init(on canvas: Canvas) { self.canvas = canvas }

    /// What does not fit beside the identifier goes on below: cut, it would say something else.
    package func lines(_ entries: [Entry]) -> [Line] {
        if canvas.drawing == .words {
            return entries.flatMap { entry in
                Paragraph.wrap("\(entry.id), \(entry.severity.rawValue): \(entry.title)", width: canvas.width)
            }
        }
        let severity = (entries.map(\.id.utf8.count).max() ?? 0) + TableLayout.gap
        let title = severity + "severity".utf8.count + TableLayout.gap
        // Beside long identifiers a narrow terminal has no room for a sentence.
        let indent = canvas.width - title < 24 ? 4 : title
        var titles = Line("id", .quiet)
        titles.pad(to: severity)
        titles.append("severity", .quiet)
        titles.pad(to: title)
        titles.append("what is wrong", .quiet)
        return [titles.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
            + entries.flatMap { entry in
                var line = Line(entry.id, .name)
                line.pad(to: severity)
                line.append(entry.severity.rawValue, .quiet)
                var lines = indent == title ? [] : [line.truncated(to: canvas.width, ellipsis: canvas.drawing.ellipsis)]
                for (index, text) in Paragraph.wrap(entry.title, width: canvas.width - indent).enumerated() {
                    var row = index == 0 && indent == title ? line : Line()
                    row.pad(to: indent)
                    row.append(text)
                    lines.append(row)
                }
                return lines
            }
    }

    package func lines(_ entry: Entry) -> [Line] {
        var details = [Labelled("severity", entry.severity.rawValue)]
        if let stage = entry.stage { details.append(Labelled("stage", stage.rawValue)) }
        details += [
            Labelled("cause", entry.cause), Labelled("needs", entry.evidence), Labelled("what helps", entry.fix),
        ]
        return Paragraph.wrap("\(entry.id): \(entry.title).", .heading, width: canvas.width) + [Line()]
            + Labelled.lines(details, width: canvas.width)
    }
}

extension VerdictPage.Entry: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("severity", severity)
        writer.field("stage", stage)
        writer.field("title", title)
        writer.field("cause", cause)
        writer.field("evidence", evidence)
        writer.field("fix", fix)
        writer.endObject()
    }
}
