import Model
import Testing

@testable import Host

/// When local ports are scarce towards a peer.
@Suite struct PortWatchTests {
    @Test(
        arguments: [
            ("sockets: used 47\nTCP: inuse 5 orphan 0 tw 27000 alloc 9 mem 144\nUDP: inuse 0 mem 256\n", 27_005),
            ("TCP: inuse 0 orphan 0 tw 0 alloc 0 mem 0\n", 0), ("TCP: tw 3 inuse 4", 7), ("", nil), ("TCP: inuse", nil),
            ("TCP: inuse -1 tw 2", nil), ("TCP6: inuse 5 tw 2", nil), ("TCP: inuse 99999999999999999999 tw 1", nil),
        ] as [(String, Int?)])
    func countsSockets(_ text: String, _ count: Int?) { #expect(PortWatch.sockets(text) == count) }

    @Test func tellsTheFullWaysAndHowFastTheyFill() {
        let now = Timestamp(seconds: 1_000, nanoseconds: 0)
        let range = EphemeralPorts(first: 40_000, last: 40_999)
        func way(_ last: UInt32) -> PortSurvey.Way {
            PortSurvey.Way(source: IPAddress(v4: 0xC000_0201), peer: Endpoint(IPAddress(v4: 0xC633_6400 + last), 443))
        }
        func use(_ count: Int) -> PortSurvey.Use { PortSurvey.Use(inUse: count, timeWait: count / 2) }
        let found = PortWatch.scarce(
            [way(1): use(499), way(2): use(500), way(3): use(900)], range,
            since: (now - .seconds(2), [way(3): use(700)]), at: now)
        #expect(found.map(\.pressure.inUse) == [900, 500] && found.map(\.pressure.timeWait) == [450, 250])
        #expect(found.map(\.pressure.growth) == [100, 250])
        #expect(found.first?.pressure.exhausted(of: range.count) == 1)
        let first = PortWatch.scarce([way(3): use(900)], range, since: nil, at: now)
        #expect(first.map(\.pressure.growth) == [nil], "one look tells no pace")
    }
}
