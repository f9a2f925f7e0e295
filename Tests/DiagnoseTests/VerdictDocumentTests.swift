import Diagnose
import Foundation
import LifecycleSamples
import Testing

/// `docs/verdicts.md` is what the findings say of themselves. `WAYBILL_SNAPSHOTS=write` writes it.
@Suite struct VerdictDocumentTests {
    static let document = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/verdicts.md")

    private static let introduction = """
        # Verdicts

        Every request has one verdict: what happened in one sentence, how bad it is, at which stage, the evidence, how sure it
        is, and what to try next. `waybill show ID` draws it under the waterfall, `/v1/requests` has it as `verdict`.

        An identifier is `stage.reason` and stays what it is. Severities: `none` (nothing is wrong, or nothing is known to be),
        `notice` (it worked, and something is worth knowing), `warning` (something is wrong, or may be), `error` (it failed).
        Confidence: `certain` (seen), `likely` (what was seen seldom has another cause), `possible`.

        A request that failed has the verdict of the first stage that failed: what came after it is a consequence. Of one that
        did not, the worst of what is odd about it is told.

        """

    static var text: String {
        var text = introduction
        for finding in Finding.all {
            text += """

                ## \(finding.id)

                \(finding.title). **Severity** \(finding.severity.rawValue)\(finding.stage.map { ", **stage** \($0.name)" } ?? "").

                - **Cause:** \(finding.cause)
                - **Evidence needed:** \(finding.evidence)
                - **What helps:** \(finding.fix)

                """
        }
        return text
    }

    @Test func documentSaysWhatTheFindingsSay() throws {
        if ProcessInfo.processInfo.environment["WAYBILL_SNAPSHOTS"] == "write" {
            try Data(Self.text.utf8).write(to: Self.document)
        }
        #expect(try String(contentsOf: Self.document, encoding: .utf8) == Self.text)
    }

    @Test func everyFindingIsWhole() {
        #expect(Set(Finding.all.map(\.id)).count == Finding.all.count)
        for finding in Finding.all {
            #expect(!finding.title.hasSuffix("."), "\(finding.id)")
            for sentence in [finding.cause, finding.evidence, finding.fix] {
                #expect(sentence.hasSuffix("."), "\(finding.id): \(sentence)")
            }
        }
    }

    @Test(arguments: LifecycleSample.all.map(\.name)) func everyVerdictIsInTheDocument(_ sample: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(Finding.named(verdict.id) != nil, "\(verdict.id)")
    }
}
