import API
import Explain
import Testing

/// What is said of many requests at once.
@Suite struct ExplanationTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// One letter a request, one second apart: ok, failed, pending.
        var requests: String
        var course: Trend.Course?
        var since: Int64?
        /// Failed and all, now and before.
        var shares: [Int]
    }

    private static func requests(_ letters: String) -> [Request] {
        letters.enumerated().map { second, letter in
            switch letter {
            case "f": Request.sample(Int64(second), "connect.refused")
            case "p": Request.sample(Int64(second), "pending", outcome: .pending)
            default: Request.sample(Int64(second))
            }
        }
    }

    @Test(arguments: [
        Example(testDescription: "all well", requests: "oooo", course: .steady, since: 0, shares: [0, 4, 0, 0]),
        Example(testDescription: "all failed", requests: "fff", course: .steady, since: 0, shares: [3, 3, 0, 0]),
        Example(testDescription: "broken", requests: "ooooofff", course: .broken, since: 5, shares: [3, 3, 0, 5]),
        Example(
            testDescription: "broken, with one that came through", requests: "oooooooooofffofff", course: .broken,
            since: 10, shares: [6, 7, 0, 10]),
        Example(
            testDescription: "recovered", requests: "ffffooooo", course: .recovered, since: 4, shares: [0, 5, 4, 4]),
        Example(
            testDescription: "broken again", requests: "ffffffffoooooffff", course: .broken, since: 13,
            shares: [4, 4, 0, 5]),
        Example(
            testDescription: "down, up, and down again", requests: "ffffffooooffff", course: .broken, since: 10,
            shares: [4, 4, 0, 4]),
        Example(
            testDescription: "worse than before",
            requests: String(repeating: "oooooof", count: 8)
                + String(repeating: "ofof", count: 10), course: .broken, since: 55, shares: [21, 41, 7, 55]),
        Example(testDescription: "too few to tell", requests: "oof", course: .steady, since: 0, shares: [1, 3, 0, 0]),
        Example(
            testDescription: "now and then", requests: "ofoofoofoofo", course: .steady, since: 0, shares: [4, 12, 0, 0]),
        Example(
            testDescription: "one came through", requests: "oooooooooofffffffo", course: .broken, since: 10,
            shares: [7, 8, 0, 10]),
        Example(
            testDescription: "one came through, nothing before", requests: "ffffffffo", course: .steady, since: 0,
            shares: [8, 9, 0, 0]),
        Example(
            testDescription: "two came through", requests: "fffffffffoo", course: .steady, since: 0,
            shares: [9, 11, 0, 0]),
        Example(
            testDescription: "three in a row", requests: "fffffffffooo", course: .recovered, since: 9,
            shares: [0, 3, 9, 9]),
        Example(testDescription: "under way", requests: "pp", course: nil, since: nil, shares: []),
        Example(
            testDescription: "those under way do not count", requests: "oooppfffp", course: .broken, since: 5,
            shares: [3, 3, 0, 3]),
    ])
    func tellsSinceWhen(_ example: Example) {
        let requests = Self.requests(example.requests)
        let trend = Explanation(requests.shuffled()).trend
        #expect(trend?.course == example.course)
        #expect(trend?.since == example.since.map { Time(nanoseconds: $0 * 1_000_000_000) })
        #expect(trend.map { [$0.now.failed, $0.now.total, $0.before.failed, $0.before.total] } ?? [] == example.shares)
    }

    @Test(arguments: [("oof", true, 1), ("ofoo", false, 2), ("ffffo", false, 1), ("f", true, 1), ("ofpp", true, 1)])
    func tellsHowTheLastOnesWent(_ letters: String, _ haveFailed: Bool, _ count: Int) {
        let latest = Explanation(Self.requests(letters)).trend?.latest
        #expect(latest?.haveFailed == haveFailed && latest?.count == count)
    }

    @Test func tellsWhereFailuresGather() {
        let well = (0..<8).map { Request.sample($0) }
        let broken = (8..<11).map { Request.sample($0, "connect.refused", to: "b.example") }
        let place = Explanation(well + broken).concentration
        #expect(place?.kind == .destination && place?.name == "b.example:443")
        #expect(place?.here == Trend.Share(failed: 3, total: 3))
        #expect(place?.elsewhere == Trend.Share(failed: 0, total: 8))
        let wget = (8..<11).map { Request.sample($0, "connect.refused", asker: "wget") }
        #expect(Explanation(well + wget).concentration?.name == "wget")
        // One that failed elsewhere is no pattern, nor is what fails everywhere.
        #expect(Explanation(Array(well.prefix(3)) + [broken[0]]).concentration == nil)
        #expect(Explanation(broken).concentration == nil && Explanation(well).concentration == nil)
        let everywhere = (20..<40).map { second in
            Request.sample(
                second, second.isMultiple(of: 2) ? "healthy" : "connect.refused",
                to: (second / 2).isMultiple(of: 2) ? "a.example" : "b.example")
        }
        #expect(Explanation(everywhere).concentration == nil)
    }

    /// What goes well elsewhere says nothing of where it failed.
    @Test func tellsWhereNobodyTriedAgain() {
        let failed = (0..<4).map { Request.sample($0, "connect.refused", to: $0 == 3 ? "b.example" : "a.example") }
        let elsewhere = (10..<15).map { Request.sample($0, to: "c.example") }
        #expect(Explanation(failed + elsewhere).trend?.course == .recovered)
        #expect(Explanation(failed + elsewhere).untried == ["a.example:443", "b.example:443"])
        #expect(Explanation(failed + elsewhere + [Request.sample(20, to: "a.example")]).untried == ["b.example:443"])
        #expect(Explanation(failed).untried.isEmpty)
        #expect(Explanation(elsewhere + failed.map { moved($0, by: 20) }).untried.isEmpty)
    }

    private func moved(_ request: Request, by seconds: Int64) -> Request {
        var request = request
        request.first = Time(nanoseconds: request.first.nanoseconds + seconds * 1_000_000_000)
        return request
    }

    @Test func groupsByCauseTheWorstFirst() {
        let explanation = Explanation([
            .sample(1), .sample(2, "connect.fallback"), .sample(3, "name.nxdomain", to: "a.example"),
            .sample(4, "connect.refused", to: "b.example"),
            .sample(5, "connect.refused", asker: "wget", to: "c.example"),
            .sample(6),
        ])
        #expect(
            explanation.causes.map { "\($0.count) \($0.verdict.id)" } == [
                "2 connect.refused", "1 name.nxdomain", "1 connect.fallback", "2 healthy",
            ])
        #expect(explanation.causes[0].ids == ["r5", "r4"])
        #expect(explanation.causes[0].askers == ["curl", "wget"])
        #expect(explanation.causes[0].destinations == ["b.example:443", "c.example:443"])
        #expect(explanation.total == 6 && explanation.failed == 3)
        #expect(explanation.asker == nil && explanation.destination == nil)
        #expect(explanation.telling?.id == "r5")
    }

    @Test func namesWhatAllHaveInCommon() {
        let explanation = Explanation([.sample(1), .sample(2)])
        #expect(explanation.asker == "curl" && explanation.destination == "www.example.org:443")
        #expect(Explanation([.sample(1), .sample(2, asker: nil)]).asker == nil)
        #expect(Explanation([.sample(1, asker: nil)]).asker == nil)
    }

    @Test func tellsTheNewestOfTheMostFrequentFailureNow() {
        // Earlier failures of another kind are more, and over.
        let before = (0..<20).map { Request.sample($0, "name.nxdomain") }
        let well = (20..<60).map { Request.sample($0) }
        let now = [
            Request.sample(60, "connect.refused"), .sample(61, "connect.refused"), .sample(62, "connect.refused"),
        ]
        let explanation = Explanation(well + now)
        #expect(explanation.telling?.id == "r62")
        #expect(Explanation(before + well).telling?.verdict?.id == "name.nxdomain")
        #expect(Explanation(well).telling?.id == "r59")
        #expect(Explanation(well + now, about: well[0]).telling?.id == "r20")
        #expect(Explanation([]).telling == nil)
    }
}
