import Diagnose
import Foundation
import LifecycleSamples
import Testing

/// Every finding of the document is made for real by a scenario of the lab, or stands below with the reason why not.
@Suite struct VerdictMatrixTests {
    private static let scenarios = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "labs/scenarios")

    /// What no scenario has, and why: these have a sample.
    private static let excused = [
        "pending": "a state that passes, and no fault",
        "unseen": "what a capture left out, and no fault",
        "route.other": "the kernel's rare answers, as for want of memory",
        "secure.closed_by_quic":
            "no packaged server closes with an error of the transport before its handshake is over",
    ]

    /// Of all `verdict='connect.refused@connect …'`.
    private static func rows() throws -> [(scenario: String, finding: String, stage: String)] {
        try FileManager.default.contentsOfDirectory(atPath: scenarios.path).sorted().flatMap { name in
            let text = try String(contentsOf: scenarios.appending(path: name), encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("verdict=") }
            let words = line?.dropFirst("verdict=".count).filter { $0 != "'" }.split(separator: " ") ?? []
            return words.map { word in
                let parts = word.split(separator: "@").map(String.init)
                return (name, parts.first == "none" ? "healthy" : parts.first ?? "", parts.last ?? "")
            }
        }
    }

    @Test func everyFindingIsMadeForReal() throws {
        let rows = try Self.rows()
        var proven: Set<String> = []
        for row in rows {
            guard let finding = Finding.named(row.finding) else {
                Issue.record("\(row.scenario): no finding \(row.finding)")
                continue
            }
            #expect(finding.stage == nil || finding.stage?.name == row.stage, "\(row.scenario): \(row.finding)")
            proven.insert(finding.id)
        }
        let missing = Finding.all.map(\.id).filter { !proven.contains($0) && Self.excused[$0] == nil }
        #expect(missing.isEmpty, "no scenario of labs/scenarios has them: \(missing)")
        #expect(proven.isDisjoint(with: Self.excused.keys), "made for real, so they need no excuse")
    }

    @Test(arguments: excused.keys.sorted()) func whatIsExcusedHasASample(_ id: String) {
        let found = LifecycleSample.all.map { Diagnosis.verdict(on: $0.lifecycle).id }
        #expect(found.contains { Finding.named($0)?.id == id })
    }
}
