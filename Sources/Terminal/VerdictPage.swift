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

    package func lines(_ entries: [Entry]) -> [Line] {
        var table = Table([
            Column("id", minimum: 20, maximum: 40, isWhole: true), Column("severity", minimum: 8, rank: 2),
            Column("what is wrong", minimum: 24, maximum: 80),
        ])
        table.rows = entries.map { [Line($0.id, .name), Line($0.severity.rawValue, .quiet), Line($0.title)] }
        return table.lines(on: canvas)
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
