import API
import Explain
import Testing

/// What is otherwise in the second window.
@Suite struct ComparisonTests {
    private static func changed(_ before: [Request], _ after: [Request]) -> [String] {
        WindowComparison(before: before, after: after).changes.map(\.name)
    }

    private static func with(_ second: Int64, _ change: (inout Request) -> Void) -> Request {
        var request = Request.sample(second)
        change(&request)
        return request
    }

    @Test func sameRequestsHaveNotChanged() {
        #expect(Self.changed([.sample(1), .sample(2)], [.sample(3)]).isEmpty)
    }

    @Test func eachAspectIsToldByItself() {
        let plain = Request.sample(1)
        #expect(Self.changed([plain], [.sample(2, address: "192.0.2.2")]) == ["address"])
        #expect(Self.changed([plain], [.sample(2, "connect.refused")]) == ["verdict"])
        let route = Self.with(2) { request in
            request.stages.append(
                Stage(.route, .ok, facts: [Fact("gateway", .text("10.0.0.9")), Fact("interface", .text("wg0"))]))
        }
        #expect(Self.changed([plain], [route]) == ["route"])
        let hop = Self.with(2) { $0.nextHop = NextHop(address: "10.0.0.9", mac: "02:00:00:00:00:01") }
        #expect(Self.changed([plain], [hop]) == ["next hop's MAC"])
        let slow = Self.with(2) { $0.handshakeRTT = Milliseconds(microseconds: 9_000) }
        let quick = Self.with(1) { $0.handshakeRTT = Milliseconds(microseconds: 2_000) }
        let almost = Self.with(2) { $0.handshakeRTT = Milliseconds(microseconds: 2_900) }
        #expect(Self.changed([quick], [slow]) == ["round trip"])
        #expect(Self.changed([quick], [almost]).isEmpty, "less than a millisecond")
        #expect(Self.changed([quick], [plain]).isEmpty, "a delay that was not measured is no change")
    }

    @Test func valuesComeWithTheirNumbersTheMostFrequentFirst() throws {
        let after: [Request] = [.sample(3, address: "192.0.2.2"), .sample(4), .sample(5, address: "192.0.2.2")]
        let comparison = WindowComparison(before: [.sample(1)], after: after)
        let address = try #require(comparison.aspects.first { $0.name == "address" })
        #expect(address.after.map { "\($0.text) \($0.count)" } == ["192.0.2.2 2", "192.0.2.1 1"])
        #expect(comparison.after.total == 3 && comparison.before.failed == 0)
    }

    @Test func anEmptyWindowTellsNothing() {
        #expect(Self.changed([], [.sample(1, "connect.refused")]).isEmpty)
        #expect(Self.changed([.sample(1)], []).isEmpty)
    }
}
