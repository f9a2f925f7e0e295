import Diagnose
import Foundation
import LifecycleSamples
import Testing

/// `docs/verdicts.md` and waybill-verdicts(7) are what the findings say of themselves. `WAYBILL_SNAPSHOTS=write` writes
/// them.
@Suite struct VerdictDocumentTests {
    private static let documents = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs")

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

    private static var markdown: String {
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

    /// mdoc(7): a sentence a line, and no line that begins with a control character.
    private static var manual: String {
        var text = """
            .Dd November 21, 2026
            .Dt WAYBILL-VERDICTS 7
            .Os Waybill 0.1.0
            .Sh NAME
            .Nm waybill-verdicts
            .Nd what the verdicts of Waybill mean
            .Sh DESCRIPTION

            """
        let sentences = introduction.split(separator: "\n\n").dropFirst()
        text += sentences.map { roff(String($0)) }.joined(separator: ".Pp\n")
        text += ".Sh VERDICTS\n.Bl -tag -width Ds\n"
        for finding in Finding.all {
            let stage = finding.stage.map { ", stage \($0.name)" } ?? ""
            text += ".It Sy \(finding.id)\n"
            text += roff("\(finding.title) (\(finding.severity.rawValue)\(stage)).")
            for (title, sentence) in [
                ("Cause", finding.cause), ("Evidence needed", finding.evidence), ("What helps", finding.fix),
            ] {
                text += ".br\n.Em \(title) :\n\(roff(sentence))"
            }
        }
        return text + ".El\n.Sh SEE ALSO\n.Xr waybill 1 ,\n.Xr waybilld 8\n"
    }

    private static func roff(_ text: String) -> String {
        let joined = text.replacing("\n", with: " ").replacing("\\", with: "\\e").replacing("`", with: "")
        var lines: [String] = []
        for sentence in joined.replacing(". ", with: ".\n").split(separator: "\n") {
            lines.append(sentence.hasPrefix(".") || sentence.hasPrefix("'") ? "\\&\(sentence)" : String(sentence))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test(arguments: ["verdicts.md", "man/waybill-verdicts.7"]) func documentsSayWhatTheFindingsSay(_ name: String)
        throws
    {
        let text = name.hasSuffix(".md") ? Self.markdown : Self.manual
        let file = Self.documents.appending(path: name)
        if ProcessInfo.processInfo.environment["WAYBILL_SNAPSHOTS"] == "write" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test func everyFindingIsWhole() {
        #expect(Set(Finding.all.map(\.id)).count == Finding.all.count)
        for finding in Finding.all {
            #expect(!finding.title.hasSuffix("."), "\(finding.id)")
            for sentence in [finding.cause, finding.evidence, finding.fix] {
                #expect(sentence.hasSuffix(".") || sentence.hasSuffix("?"), "\(finding.id): \(sentence)")
            }
        }
    }

    @Test(arguments: LifecycleSample.all.map(\.name)) func everyVerdictIsInTheDocument(_ sample: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(Finding.named(verdict.id) != nil, "\(verdict.id)")
    }
}
