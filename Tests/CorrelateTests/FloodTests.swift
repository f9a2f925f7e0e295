import Decode
import Model
import Testing

@testable import Correlate

/// Every table that somebody can fill who only sends, filled: it stops at its cap, and counts what it let go.
@Suite struct FloodTests {
    struct Flood: Sendable, CustomTestStringConvertible {
        var testDescription: String { table }
        var table: String
        var capacity: Int
        /// Let go, or not taken in.
        var evictions: UInt64
        var limit: @Sendable (inout CorrelatorSettings) -> Void = { _ in }
        var fill: @Sendable (inout Trace) -> Void
    }

    private static let server = Endpoint("10.0.0.2", 443)
    private static func client(_ number: Int) -> Endpoint {
        Endpoint(IPAddress(v4: 0x0A01_0000 | UInt32(number >> 4)), 40000 + UInt16(number & 15))
    }

    /// A connection of its own that says `bytes`, and is answered `answer`.
    private static func connection(
        _ trace: inout Trace, _ number: Int, says bytes: [UInt8] = [], answer: [UInt8] = [], port: UInt16 = 443
    ) {
        let (client, server) = (client(number), Endpoint(server.address, port))
        let time = Double(number)
        trace.tcp("\(time) > S 99 | \(time) < S. 499 a100 | \(time) > . 100 a500", client, server)
        if !bytes.isEmpty { trace.tcp(time, client, server, .ack, 100, bytes, acknowledgment: 500) }
        let next = 100 + UInt32(bytes.count)
        if !answer.isEmpty { trace.tcp(time, server, client, .ack, 500, answer, acknowledgment: next) }
    }

    private static func dhcp(_ transaction: UInt32, _ type: UInt8, _ options: [UInt8] = []) -> [UInt8] {
        [1, 1, 6, 0] + Wire.bytes32(transaction) + [UInt8](repeating: 0, count: 20) + [2, 0, 0, 0, 0, 9]
            + [UInt8](repeating: 0, count: 202) + [0x63, 0x82, 0x53, 0x63, 53, 1, type] + options
    }

    private static func quic(_ number: Int) -> WireQUIC {
        var quic = WireQUIC()
        quic.clientID = [0xC1] + Wire.bytes32(UInt32(number))
        quic.serverID = [0x51] + Wire.bytes32(UInt32(number))
        return quic
    }

    static let floods = [
        Flood(
            table: "stream_bytes", capacity: 8 * 1100, evictions: 192, limit: { $0.streamCapacity = 8 * 1100 },
            fill: { trace in for number in 0..<200 { connection(&trace, number, says: [0x47], port: 80) } }),
        Flood(
            table: "tcp_analysis", capacity: 8, evictions: 192, limit: { $0.analysisCapacity = 8 },
            fill: { trace in
                for number in 0..<200 {
                    connection(&trace, number)
                    trace.tcp("\(number) > . 5000+10", client(number), server)
                }
            }),
        Flood(
            table: "fragments", capacity: 8, evictions: 192, limit: { $0.fragmentCapacity = 8 },
            fill: { trace in
                for number in 0..<200 {
                    var packet = Wire.ip("10.0.0.1", "10.0.0.2", 17, [UInt8](repeating: 7, count: 48))
                    packet.replaceSubrange(4..<8, with: Wire.bytes16(UInt16(number)) + [0x20, 1])
                    trace.frame(Double(number), Wire.ethernet(.zero, .zero, type: 0x0800, packet))
                }
            }),
        Flood(
            table: "leases", capacity: 8, evictions: 192, limit: { $0.leaseCapacity = 8 },
            fill: { trace in
                for number in 0..<200 {
                    trace.udp(
                        Double(number), Endpoint("0.0.0.0", 68), Endpoint("255.255.255.255", 67),
                        dhcp(UInt32(number), number % 2 == 0 ? 1 : 3, [54, 4, 10, 0, 0, 1]))
                }
            }),
        Flood(
            table: "quic_handshakes", capacity: 8, evictions: 192, limit: { $0.quicHandshakeCapacity = 8 },
            fill: { trace in
                for number in 0..<200 {
                    let hello = quic(number).initial(from: .client, number: 0, [1], length: 1200)
                    trace.udp(Double(number), client(number), server, hello)
                }
            }),
        Flood(
            table: "quic_connection_ids", capacity: 8, evictions: 2 * 50 - 8, limit: { $0.connectionIDCapacity = 8 },
            fill: { trace in
                for number in 0..<50 {
                    QUICConnectionTests.add(quic(number), client(number), Double(number * 50), to: &trace)
                }
            }),
        Flood(
            table: "quic_paths", capacity: 4, evictions: 46, limit: { $0.pathCapacity = 4 },
            fill: { trace in
                for number in 0..<50 {
                    QUICConnectionTests.add(quic(number), client(number), Double(number * 50), to: &trace)
                    let moved = Endpoint("10.9.9.9", 1000 + UInt16(number))
                    trace.udp(Double(number * 50 + 49), moved, server, quic(number).oneRTT(from: .client))
                }
            }),
        Flood(
            table: "certificate_chains", capacity: 4, evictions: 46, limit: { $0.certificateCapacity = 4 },
            fill: { trace in
                for number in 0..<50 {
                    let chain = CertificateTests.message([[0x30, 1, UInt8(number)]])
                    connection(
                        &trace, number, says: WireTLS.clientHello("a.example"),
                        answer: WireTLS.serverHello(version: 0x0303) + WireTLS.record(22, WireTLS.message(11, chain)))
                }
            }),
        // Names that do not exist: each may be the beginning of a search, and each is asked for by itself.
        Flood(
            table: "name_searches", capacity: SearchTable.capacity, evictions: 100,
            fill: { trace in lookups(&trace, SearchTable.capacity + 100, rcode: 3) }),
        Flood(
            table: "names_asked", capacity: 1 << 13, evictions: 100,
            fill: { trace in lookups(&trace, 1 << 13 + 100, rcode: nil) }),
        Flood(
            table: "stations", capacity: StationTable.capacity, evictions: 100,
            fill: { trace in
                for number in 0..<StationTable.capacity + 100 {
                    trace.tcp("\(number) > S 1", Endpoint(IPAddress(v4: 0x0A01_0000 + UInt32(number)), 7), server)
                }
            }),
        Flood(
            table: "encrypted_resolvers", capacity: EncryptedResolvers.capacity, evictions: 100,
            fill: { trace in
                for number in 0..<EncryptedResolvers.capacity + 100 {
                    let client = Endpoint(IPAddress(v4: 0x0A01_0000 + UInt32(number)), 7)
                    trace.tcp("\(number) > S 1", client, Endpoint("192.0.2.53", 853))
                }
            }),
        Flood(
            table: "given_addresses", capacity: GivenAddresses.capacity, evictions: 110 * 40 - 4096,
            fill: { trace in
                let resolver = Endpoint("10.0.0.53", 53)
                for number in 0..<110 {
                    let (time, name) = (Double(number), "n\(number).example")
                    let answers = (0..<40).map {
                        WireDNS.Answer.address(IPAddress(v4: 0xC000_0000 | UInt32(number * 40 + $0)))
                    }
                    trace.udp(time, Trace.client, resolver, WireDNS.query(1, name, 1))
                    trace.udp(time, resolver, Trace.client, WireDNS.response(1, name, 1, answers))
                }
            }),
        // Connections to an address that was given.
        Flood(
            table: "attempts", capacity: AttemptTable.capacity, evictions: 100,
            fill: { trace in
                let resolver = Endpoint("10.0.0.53", 53)
                let given = WireDNS.Answer.address(Trace.server.address)
                trace.udp(0, Trace.client, resolver, WireDNS.query(1, "www.example", 1))
                trace.udp(0, resolver, Trace.client, WireDNS.response(1, "www.example", 1, [given]))
                for number in 0..<AttemptTable.capacity + 100 {
                    let port = UInt16(1000 + number)
                    trace.tcp("\(number) > S 1", Endpoint(Trace.client.address, port), Trace.server)
                }
            }),
        // One name that everybody asks for: who asked is found one after the other.
        Flood(
            table: "lookups", capacity: 1 << 16, evictions: 144,
            fill: { trace in
                let question = WireDNS.message(0, flags: 0, questions: [("printer.local", 1, 1)])
                for number in 0..<400 {
                    trace.udp(Double(number), client(number), Endpoint("224.0.0.251", 5353), question)
                }
            }),
    ]

    /// Questions for one name each; without `rcode`, nobody answers.
    private static func lookups(_ trace: inout Trace, _ count: Int, rcode: UInt16?) {
        let resolver = Endpoint("10.0.0.53", 53)
        for number in 0..<count {
            let (time, name) = (Double(number), "n\(number).example")
            trace.udp(time, Trace.client, resolver, WireDNS.query(1, name, 1))
            if let rcode {
                trace.udp(time, resolver, Trace.client, WireDNS.response(1, name, 1, rcode: rcode))
            }
        }
    }

    @Test(arguments: floods) func aTableStopsAtItsCap(_ flood: Flood) throws {
        var trace = Trace()
        flood.limit(&trace.settings)
        flood.fill(&trace)
        let table = try #require(trace.replay().summary.tables.first { $0.name == flood.table })
        #expect(table.capacity == flood.capacity && table.peak <= flood.capacity)
        #expect(table.evictions == flood.evictions)
    }

    @Test func clientsBeyondThoseFollowedAreNotAskedForByAnAnswer() {
        var trace = Trace()
        Self.floods.first { $0.table == "lookups" }?.fill(&trace)
        var answer = WireDNS.Answer.address("10.1.0.9", of: "printer.local")
        answer.recordClass = 0x8001
        let message = WireDNS.message(0, flags: 0x8400, answers: [answer])
        trace.udp(500, Endpoint("10.1.0.9", 5353), Endpoint("224.0.0.251", 5353), message)
        let outcome = trace.replay()
        // An answer is told to as many as the questions of one message.
        #expect(outcome.lookups.count == 256 && outcome.lookups.filter { $0.status == .answered }.count == 16)
    }
}
