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
        #expect(Self.changed([Self.routed(1, "10.0.0.1")], [Self.routed(2, "10.0.0.9")]) == ["route"])
        let hops = (Self.hop(1, "02:00:00:00:00:01"), Self.hop(2, "02:00:00:00:00:02"))
        #expect(Self.changed([hops.0], [hops.1]) == ["next hop's MAC"])
        let slow = Self.with(2) { $0.handshakeRTT = Milliseconds(microseconds: 9_000) }
        let quick = Self.with(1) { $0.handshakeRTT = Milliseconds(microseconds: 2_000) }
        let almost = Self.with(2) { $0.handshakeRTT = Milliseconds(microseconds: 2_900) }
        #expect(Self.changed([quick], [slow]) == ["round trip"])
        #expect(Self.changed([quick], [almost]).isEmpty, "less than a millisecond")
        #expect(Self.changed([quick], [plain]).isEmpty, "a delay that was not measured is no change")
    }

    private static func routed(_ second: Int64, _ gateway: String) -> Request {
        with(second) { request in
            request.stages.append(
                Stage(.route, .ok, facts: [Fact("gateway", .text(gateway)), Fact("interface", .text("wg0"))]))
        }
    }

    private static func hop(_ second: Int64, _ mac: String) -> Request {
        with(second) { $0.nextHop = NextHop(address: "10.0.0.9", mac: mac) }
    }

    private static func course(_ name: String, _ before: [Request], _ after: [Request]) -> WindowComparison.Course? {
        WindowComparison(before: before, after: after).aspects.first { $0.name == name }?.course
    }

    @Test func whatOneWindowDidNotSeeIsNoChange() {
        let (plain, routed) = (Request.sample(1), Self.routed(2, "10.0.0.9"))
        #expect(Self.course("route", [plain], [routed]) == .notSeenBefore)
        #expect(Self.course("route", [routed], [plain]) == .notSeenAfter)
        #expect(Self.course("route", [plain], [plain]) == nil)
        let timed = Self.with(2) { $0.handshakeRTT = Milliseconds(microseconds: 9_000) }
        #expect(Self.course("round trip", [plain], [timed]) == .notSeenBefore)
        // Seen not to be translated is something else than not seen.
        let untranslated = Self.with(2) { $0.stages.append(Stage(.translation, .notApplicable)) }
        let unseen = Self.with(3) { $0.stages.append(Stage(.translation, .unseen)) }
        #expect(Self.course("NAT", [untranslated], [unseen]) == .notSeenAfter)
        #expect(Self.course("NAT", [untranslated], [untranslated]) == .same)
        let pending = Request.sample(4, "pending", outcome: .pending)
        #expect(Self.course("verdict", [plain], [pending]) == .notSeenAfter)
    }

    @Test func fewRequestsMayMissAValueByChance() {
        func at(_ address: String, _ count: Int) -> [Request] {
            (0..<count).map { .sample(Int64($0), address: address) }
        }
        let (one, other) = (at("192.0.2.1", 12), at("192.0.2.2", 1))
        #expect(Self.course("address", one, one + other) == .varies)
        #expect(Self.course("address", one + other, at("192.0.2.1", 1)) == .varies)
        #expect(Self.course("address", one, at("192.0.2.1", 1) + at("192.0.2.2", 9)) == .changed)
        #expect(Self.course("address", one + at("192.0.2.2", 12), at("192.0.2.1", 2) + at("192.0.2.2", 1)) == .same)
        #expect(Self.course("verdict", one, at("192.0.2.1", 5) + [.sample(9, "connect.refused")]) == .varies)
    }

    @Test func thatOtherPlacesWereAskedForIsNoChange() {
        let (here, there) = (Request.sample(1), Request.sample(2, to: "other.example.org", address: "192.0.2.9"))
        #expect(Self.changed([here], [there]).isEmpty)
        #expect(Self.course("address", [here], [there]) == nil)
        #expect(Self.course("address", [here, there], [here]) == .same)
        // By its address, where one window has not seen the name.
        let nameless = Self.with(3) { $0.server.names = [] }
        #expect(Self.course("address", [here], [nameless]) == .same)
        let lookup = Self.with(4) { $0.application = "dns" }
        #expect(Self.course("address", [lookup], [lookup]) == nil)
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
