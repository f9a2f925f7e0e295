import Decode
import Model
import Testing

@testable import Correlate

/// DHCP exchanges: how a host got, kept or gave up its address.
@Suite struct LeaseTests {
    private static let server = Endpoint("10.0.0.1", 67)
    private static let station: [UInt8] = [2, 0, 0, 0, 0, 9]

    enum Kind: UInt8 { case discover = 1, offer, request, decline, acknowledge, refuse, release, inform }

    private static func message(
        _ kind: Kind, xid: UInt32 = 7, client: IPAddress = "0.0.0.0", your: IPAddress = "0.0.0.0",
        _ options: [UInt8] = []
    ) -> [UInt8] {
        let isReply = [.offer, .acknowledge, .refuse].contains(kind)
        return [isReply ? 2 : 1, 1, 6, 0] + Wire.bytes32(xid) + [0, 0, 0, 0] + Wire.octets(client) + Wire.octets(your)
            + [UInt8](repeating: 0, count: 8) + station + [UInt8](repeating: 0, count: 10 + 64 + 128)
            + [0x63, 0x82, 0x53, 0x63, 53, 1, kind.rawValue] + options + [255]
    }

    private static func send(
        _ trace: inout Trace, _ time: Double, _ kind: Kind, _ bytes: [UInt8], on interface: UInt16 = 0
    ) {
        let isReply = [.offer, .acknowledge, .refuse].contains(kind)
        let client = Endpoint(isReply ? "10.0.0.50" : "0.0.0.0", 68)
        trace.udp(
            time, isReply ? server : client, isReply ? client : Endpoint("255.255.255.255", 67), bytes, on: interface)
    }

    private static let wanted: [UInt8] = [50, 4, 10, 0, 0, 50]
    private static let from: [UInt8] = [54, 4, 10, 0, 0, 1]
    private static let given: [UInt8] = from + [51, 4, 0, 0, 0x0E, 0x10, 3, 4, 10, 0, 0, 1, 6, 4, 10, 0, 0, 53]

    private static func trace(_ messages: [(Double, Kind, [UInt8])]) -> Trace {
        var trace = Trace()
        for (time, kind, bytes) in messages { send(&trace, time, kind, bytes) }
        return trace
    }

    private static let exchange: [(Double, Kind, [UInt8])] = [
        (0, .discover, message(.discover, wanted + [12, 2, 0x70, 0x63])),
        (1, .offer, message(.offer, your: "10.0.0.50", given)),
        (2, .request, message(.request, wanted + from)),
        (3, .acknowledge, message(.acknowledge, your: "10.0.0.50", given)),
    ]

    @Test func anAddressIsAskedForOfferedAndGiven() throws {
        let outcome = Self.trace(Self.exchange).replay()
        try #require(outcome.leases.count == 1)
        let lease = outcome.leases[0]
        #expect(lease.outcome == .bound && lease.address == "10.0.0.50" && lease.server == "10.0.0.1")
        #expect(lease.discovered == Trace.time(0) && lease.offered == Trace.time(1))
        #expect(lease.requested == Trace.time(2) && lease.acknowledged == Trace.time(3))
        #expect(
            lease.hostname == "pc" && lease.requestedAddress == "10.0.0.50" && lease.attempts == 2 && lease.offers == 1)
        #expect(lease.parameters.routers == ["10.0.0.1"] && lease.parameters.nameServers == ["10.0.0.53"])
        #expect(lease.parameters.leaseTime == 3600 && lease.clientMAC == MACAddress(bits: 0x0200_0000_0009))
        #expect(outcome.summary.leases == 1 && outcome.requests.map(\.application.kind) == [.dhcp, .dhcp])
        #expect(outcome.summary.layers.first { $0.layer == .dhcp }?.decoded == 4)
    }

    @Test(
        arguments: [
            ("an answer once more", exchange + [exchange[3]].map { (4, $0.1, $0.2) }, [.bound]),
            (
                "a renewal",
                [
                    (0, .request, message(.request, client: "10.0.0.50")),
                    (1, .acknowledge, message(.acknowledge, your: "10.0.0.50", given)),
                ], [.renewed]
            ),
            (
                "both in one transaction",
                exchange + [
                    (9, .request, message(.request, client: "10.0.0.50")),
                    (10, .acknowledge, message(.acknowledge, your: "10.0.0.50", given)),
                ], [.bound, .renewed]
            ),
            ("refused", [(0, .request, message(.request, wanted)), (1, .refuse, message(.refuse, from))], [.refused]),
            (
                "declined after the fact", exchange + [(5, .decline, message(.decline, xid: 8, wanted))],
                [.bound, .declined]
            ),
            ("released", [(0, .release, message(.release, client: "10.0.0.50", from))], [.released]),
            (
                "informed",
                [
                    (0, .inform, message(.inform, client: "10.0.0.50")),
                    (1, .acknowledge, message(.acknowledge, given)),
                ], [.informed]
            ),
            (
                "nobody answers", [(0, .discover, message(.discover)), (4000, .discover, message(.discover))],
                [.noAnswer]
            ),
            (
                "the offer is taken under another number",
                exchange.prefix(2) + [
                    (2, .request, message(.request, xid: 8, wanted + from)),
                    (3, .acknowledge, message(.acknowledge, xid: 8, your: "10.0.0.50", given)),
                ], [.bound]
            ),
            ("an offer and no more", Array(exchange.prefix(2)), [.notCompleted]),
            (
                "two clients' numbers",
                [(0, .discover, message(.discover)), (1, .discover, message(.discover, xid: 8))],
                [.noAnswer, .noAnswer]
            ),
        ] as [(String, [(Double, Kind, [UInt8])], [Lease.Outcome])])
    func outcomes(_ name: String, _ messages: [(Double, Kind, [UInt8])], _ expected: [Lease.Outcome]) {
        #expect(Self.trace(messages).replay().leases.map(\.outcome) == expected)
    }

    @Test func anExchangeThatIsQuietIsOver() {
        var trace = Self.trace([(0, .discover, Self.message(.discover))])
        trace.udp(71_000, Endpoint("10.9.9.9", 5), Endpoint("10.9.9.8", 6), [1])
        trace.udp(72_000, Endpoint("10.9.9.9", 5), Endpoint("10.9.9.8", 6), [1])
        Self.send(&trace, 73_000, .offer, Self.message(.offer, your: "10.0.0.50", Self.given))
        let leases = trace.replay().leases
        #expect(leases.map(\.outcome) == [.noAnswer, .notCompleted])
    }

    @Test func theOldestGoesWhenTheTableIsFull() {
        var trace = Trace()
        trace.settings.leaseCapacity = 2
        for xid in UInt32(1)...3 { Self.send(&trace, Double(xid), .discover, Self.message(.discover, xid: xid)) }
        let outcome = trace.replay()
        #expect(outcome.leases.map(\.transactionID) == [1, 2, 3])
        let table = outcome.summary.tables.first { $0.name == "leases" }
        #expect(table?.peak == 2 && table?.evictions == 1)
    }

    /// A bridge shows one message on two interfaces.
    @Test func copiesAreNotCounted() throws {
        var trace = Trace()
        for (time, kind, bytes) in Self.exchange {
            Self.send(&trace, time, kind, bytes, on: 1)
            Self.send(&trace, time + 0.1, kind, bytes, on: 2)
        }
        let leases = trace.replay().leases
        #expect(leases.map(\.attempts) == [2] && leases.map(\.offers) == [1])
    }

    @Test func otherDatagramsOnThesePortsAreNoDamage() {
        var trace = Trace()
        trace.udp(0, Endpoint("10.0.0.1", 67), Endpoint("10.0.0.2", 68), [UInt8](repeating: 1, count: 300))
        trace.udp(1, Endpoint("10.0.0.1", 67), Endpoint("10.0.0.2", 68), [1])
        let outcome = trace.replay()
        #expect(outcome.leases.isEmpty && outcome.summary.layers.allSatisfy { $0.layer != .dhcp })
    }
}
