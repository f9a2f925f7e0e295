import Testing

extension EndToEnd {
    @Suite struct AttributionTests {
        /// labs/attribution.sh at a size for every day: it fails when one program is named wrongly, or too few are at all.
        @Test(.timeLimit(.minutes(2)))
        func shortLivedProgramsAreNamedAndNoneWrongly() async throws {
            let script = Lab.source.appending(path: "labs/attribution.sh").path
            let folder = Lab.programs.path
            let text = try await succeed([script, folder, "100", "--minimum", "0.95", "--json"], within: .seconds(90))
            let kinds = try JSON(parsing: text)["kinds"]
            for kind in ["curl", "dig", "child"] {
                #expect(kinds[kind]["seen"] == 100, "\(text)")
                #expect(kinds[kind]["wrong"].number ?? 0 == 0, "\(text)")
            }
        }
    }
}
