/// The finding about one request, in plain words.
package struct Verdict: Sendable, Equatable, Decodable {
    /// Stable: `connect.refused`, `name.nxdomain`, `healthy`, …
    package var id: String
    package var severity: Severity
    /// The stage that it is about; absent when it is about the whole request.
    package var stage: StageName?
    /// One sentence.
    package var summary: String
    /// What it rests on, one observation each: times, counts, addresses.
    package var evidence: [String]
    package var confidence: Confidence
    /// What to try next: commands, or a sentence where no command tells.
    package var next: [String]

    package enum Severity: String, Sendable, Decodable, CaseIterable {
        case none, notice, warning, error
    }

    package enum Confidence: String, Sendable, Decodable, CaseIterable {
        case certain, likely, possible
    }

    package init(
        id: String, severity: Severity, stage: StageName?, summary: String, evidence: [String],
        confidence: Confidence, next: [String]
    ) {
        self.id = id
        self.severity = severity
        self.stage = stage
        self.summary = summary
        self.evidence = evidence
        self.confidence = confidence
        self.next = next
    }
}

extension Verdict: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("severity", severity)
        writer.field("stage", stage)
        writer.field("summary", summary)
        writer.field("evidence", evidence)
        writer.field("confidence", confidence)
        writer.field("next", next)
        writer.endObject()
    }
}
