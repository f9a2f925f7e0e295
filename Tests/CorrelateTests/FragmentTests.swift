import Decode
import Model
import Testing

@testable import Correlate

/// Datagrams in fragments: put together, refused, given up.
@Suite struct FragmentTests {
    static let client = Endpoint("10.0.0.1", 40000)
    static let server = Endpoint("10.0.0.2", 4433)
    private static let data = (0..<100).map { UInt8($0) }
    private static let datagram = Wire.udp(client.port, server.port, data)

    /// A part of the datagram as one IPv4 packet.
    private static func piece(
        _ range: Range<Int>, of bytes: [UInt8] = datagram, more: Bool? = nil, id: UInt16 = 7, protocolNumber: UInt8 = 17
    ) -> [UInt8] {
        var packet = Wire.ip(client.address, server.address, protocolNumber, Array(bytes[range]))
        packet.replaceSubrange(4..<6, with: Wire.bytes16(id))
        let position = UInt16(range.lowerBound / 8) | (more ?? (range.upperBound < bytes.count) ? 0x2000 : 0)
        packet.replaceSubrange(6..<8, with: Wire.bytes16(position))
        return packet
    }

    private static func piece6(_ range: Range<Int>, of bytes: [UInt8], next: UInt8, id: UInt32 = 7) -> [UInt8] {
        let position = UInt16(range.lowerBound) | (range.upperBound < bytes.count ? 1 : 0)
        let header = [next, 0] + Wire.bytes16(position) + Wire.bytes32(id)
        return Wire.ip("2001:db8::1", "2001:db8::2", 44, header + Array(bytes[range]))
    }

    private static func frame(_ packet: [UInt8]) -> [UInt8] {
        let type: UInt16 = packet[0] >> 4 == 4 ? 0x0800 : 0x86DD
        return Wire.ethernet(Trace.mac(client.address), Trace.mac(server.address), type: type, packet)
    }

    private static func trace(_ packets: [(Double, [UInt8])]) -> Trace {
        var trace = Trace()
        for (time, packet) in packets { trace.frame(time, frame(packet)) }
        return trace
    }

    @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 2, 1], [0, 0, 1, 1, 2]])
    func piecesMakeADatagramInAnyOrder(_ order: [Int]) throws {
        let parts = [0..<48, 48..<96, 96..<108]
        let outcome = Self.trace(order.enumerated().map { (Double($0.offset), Self.piece(parts[$0.element])) }).replay()
        try #require(outcome.requests.count == 1)
        let request = outcome.requests[0]
        #expect(request.client.segments == 1 && request.client.payloadBytes == 100)
        #expect(request.coverage.reassembled == 1 && request.first == Trace.time(Double(order.count - 1)))
        #expect(request.client.mac == Trace.mac(Self.client.address))
        #expect(outcome.summary.fragments.reassembled == 1 && outcome.summary.fragments.incomplete == 0)
        #expect(outcome.summary.laterFragments == UInt64(order.filter { $0 > 0 }.count))
        #expect(outcome.summary.tables.filter { $0.name.hasPrefix("fragment") }.map(\.count) == [0, 0])
    }

    @Test func aDatagramIsReadWhole() throws {
        let question = WireDNS.query(3, "www.example.org", 1)
        let bytes = Wire.udp(40000, 53, question)
        var trace = Trace()
        for range in [0..<16, 16..<32, 32..<bytes.count] { trace.frame(0, Self.frame(Self.piece(range, of: bytes))) }
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.name) == ["www.example.org"])
        #expect(outcome.summary.layers.allSatisfy { $0.cut == 0 && $0.malformed == 0 })
    }

    @Test func aSegmentAndAnEchoComeInFragmentsToo() {
        let segment = Wire.tcp(40000, 80, .syn, sequence: 1000, [])
        let echo = Wire.icmp(8, 0, rest: 0x0001_0001, [UInt8](repeating: 7, count: 40))
        let outcome = Self.trace([
            (0, Self.piece(0..<16, of: segment, protocolNumber: 6)),
            (1, Self.piece(16..<20, of: segment, protocolNumber: 6)),
            (2, Self.piece(0..<24, of: echo, id: 8, protocolNumber: 1)),
            (3, Self.piece(24..<48, of: echo, id: 8, protocolNumber: 1)),
        ]).replay()
        #expect(outcome.requests.map(\.transport) == [.tcp, .icmp])
        #expect(outcome.requests.map(\.coverage.reassembled) == [1, 1])
        #expect(outcome.requests[1].client.payloadBytes == 40)
    }

    struct Refusal: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var packets: [[UInt8]]
        var expected: FragmentSummary
        /// Datagrams that count as their first fragment says.
        var datagrams: UInt64 = 1
    }

    private static func summary(_ change: (inout FragmentSummary) -> Void) -> FragmentSummary {
        var summary = FragmentSummary()
        change(&summary)
        return summary
    }

    private static let other = datagram.map { $0 ^ 0xFF }

    @Test(arguments: [
        Refusal(
            testDescription: "an overlap", packets: [piece(0..<48), piece(40..<96), piece(96..<108), piece(48..<96)],
            expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "the same place and other bytes",
            packets: [piece(0..<48), piece(48..<96), piece(48..<96, of: other), piece(96..<108)],
            expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "a piece behind the last one",
            packets: [piece(48..<56, more: false), piece(56..<64), piece(0..<48)],
            expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "two last pieces", packets: [piece(0..<48), piece(96..<108), piece(56..<64, more: false)],
            expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "a last piece before others",
            packets: [piece(0..<48), piece(64..<72), piece(48..<56, more: false)],
            expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "the first comes after the refusal",
            packets: [piece(48..<96), piece(56..<104), piece(0..<48)], expected: summary { $0.overlapping = 1 }),
        Refusal(
            testDescription: "no first piece", packets: [piece(48..<96), piece(96..<108)],
            expected: summary { $0.incomplete = 1 }, datagrams: 0),
        Refusal(testDescription: "no last piece", packets: [piece(0..<48)], expected: summary { $0.incomplete = 1 }),
        Refusal(
            testDescription: "two datagrams", packets: [piece(0..<48), piece(48..<108, id: 8), piece(0..<48, id: 8)],
            expected: summary {
                $0.reassembled = 1; $0.incomplete = 1
            }, datagrams: 2),
    ])
    func refuses(_ refusal: Refusal) {
        let outcome = Self.trace(refusal.packets.enumerated().map { (Double($0.offset), $0.element) }).replay()
        #expect(outcome.summary.fragments == refusal.expected)
        #expect(outcome.requests.reduce(0) { $0 + $1.client.segments } == refusal.datagrams)
        #expect(outcome.requests.reduce(0) { $0 + $1.client.payloadBytes } == 100 * refusal.datagrams)
    }

    @Test func aPieceBeyondTheLargestDatagram() {
        var packet = Self.piece(0..<48)
        packet.replaceSubrange(6..<8, with: Wire.bytes16(0x1FFE))
        let outcome = Self.trace([(0, Self.piece(0..<48)), (1, packet)]).replay()
        #expect(outcome.summary.fragments == Self.summary { $0.tooLarge = 1 })
        #expect(outcome.requests.map(\.client.payloadBytes) == [100])
    }

    @Test func aPieceOfOddLengthThatIsNotTheLast() {
        let outcome = Self.trace([(0, Self.piece(0..<44)), (1, Self.piece(48..<48, more: true, id: 8))]).replay()
        #expect(outcome.summary.layers.first { $0.layer == .fragment }?.malformed == 2)
        #expect(outcome.requests.map(\.client.payloadBytes) == [100])
    }

    @Test func aPieceThatTheSnapLengthCut() throws {
        var trace = Trace()
        trace.frame(0, Self.frame(Self.piece(0..<48)), cut: 20)
        trace.frame(1, Self.frame(Self.piece(48..<108)))
        trace.frame(2, Self.frame(Self.piece(0..<48, id: 8)))
        trace.frame(3, Self.frame(Self.piece(48..<108, id: 8)), cut: 1)
        let outcome = trace.replay()
        #expect(outcome.summary.fragments == Self.summary { $0.cut = 2 })
        try #require(outcome.requests.count == 1)
        #expect(outcome.requests[0].client.segments == 2 && outcome.requests[0].client.payloadBytes == 200)
        #expect(outcome.requests[0].coverage.cutFrames == 1)
    }

    @Test(arguments: [false, true]) func theRestMustComeInTime(isIPv6: Bool) {
        let wait: Double = isIPv6 ? 60_000 : 30_000
        func pieces(_ id: UInt16) -> [[UInt8]] {
            [0..<48, 48..<108].map {
                isIPv6
                    ? Self.piece6($0, of: Self.datagram, next: 17, id: UInt32(id))
                    : Self.piece($0, id: id)
            }
        }
        let (late, inTime) = (pieces(1), pieces(2))
        var trace = Self.trace([(0, late[0]), (500, inTime[0]), (wait + 499, inTime[1]), (wait + 501, late[1])])
        trace.settings.udpTimeout = .seconds(600)
        let outcome = trace.replay()
        #expect(
            outcome.summary.fragments
                == Self.summary {
                    $0.reassembled = 1; $0.incomplete = 2
                })
        #expect(outcome.requests.map(\.client.segments) == [2])
        // What is given up counts at its own time.
        #expect(outcome.requests[0].coverage.reassembled == 1)
    }

    @Test func theOldestGoesWhenTheTableIsFull() {
        var trace = Trace()
        trace.settings.fragmentCapacity = 2
        for id in UInt16(1)...3 { trace.frame(Double(id), Self.frame(Self.piece(0..<48, id: id))) }
        for id in UInt16(2)...3 { trace.frame(10 + Double(id), Self.frame(Self.piece(48..<108, id: id))) }
        let outcome = trace.replay()
        let table = outcome.summary.tables.first { $0.name == "fragments" }
        #expect(table?.peak == 2 && table?.capacity == 2 && table?.evictions == 1)
        #expect(outcome.requests.map(\.client.segments) == [3])
        #expect(outcome.summary.fragments.reassembled == 2)
    }

    @Test func bytesAreBounded() {
        var trace = Trace()
        trace.settings.fragmentByteCapacity = 1 << 17
        let large = Wire.udp(40000, 4433, [UInt8](repeating: 1, count: 60_000))
        for id in UInt16(1)...8 { trace.frame(Double(id), Self.frame(Self.piece(0..<40_000, of: large, id: id))) }
        let outcome = trace.replay()
        let table = outcome.summary.tables.first { $0.name == "fragment_bytes" }
        #expect((table?.peak ?? .max) < 1 << 17 + 41_000 && table?.evictions == 5)
        #expect(outcome.requests.map(\.client.payloadBytes) == [480_000])
    }

    @Test func piecesAreBounded() {
        let large = Wire.udp(40000, 4433, [UInt8](repeating: 1, count: 4000))
        let pieces = stride(from: 0, to: 4000, by: 8).map { (Double($0) / 100, Self.piece($0..<$0 + 8, of: large)) }
        let outcome = Self.trace(pieces).replay()
        #expect(outcome.summary.fragments == Self.summary { $0.tooManyPieces = 1 })
        #expect(outcome.requests.map(\.client.payloadBytes) == [4000])
    }

    @Test func interfacesAndVLANsAreApart() {
        var trace = Trace()
        trace.frame(0, Self.frame(Self.piece(0..<48)), on: 1)
        trace.frame(1, Self.frame(Self.piece(48..<108)), on: 2)
        #expect(trace.replay().summary.fragments == Self.summary { $0.incomplete = 2 })
    }

    /// Both packets of a tunnel in fragments: the inner one first, then the outer ones.
    @Test func fragmentsInFragments() throws {
        let inner = [0..<48, 48..<108].map { Self.piece($0) }
        var trace = Trace()
        for (index, packet) in inner.enumerated() {
            let outer = Self.piece(0..<40, of: packet, id: UInt16(50 + index), protocolNumber: 4)
            let rest = Self.piece(40..<packet.count, of: packet, id: UInt16(50 + index), protocolNumber: 4)
            trace.frame(Double(index) * 2, Self.frame(outer))
            trace.frame(Double(index) * 2 + 1, Self.frame(rest))
        }
        let outcome = trace.replay()
        #expect(outcome.summary.fragments == Self.summary { $0.reassembled = 3 })
        try #require(outcome.requests.count == 1)
        #expect(outcome.requests[0].client.payloadBytes == 100)
        #expect(outcome.requests[0].tunnels.map(\.kind) == [.ipInIP])
    }

    @Test func aDatagramOfATunnelInFragments() {
        let segment = Wire.tcp(40000, 80, .syn, sequence: 1000)
        let inner = Wire.ethernet(.zero, .zero, type: 0x0800, Wire.ip("192.0.2.1", "192.0.2.2", 6, segment))
        let outer = Wire.udp(50000, 4789, [8, 0, 0, 0, 0, 0, 5, 0] + inner)
        let outcome = Self.trace([(0, Self.piece(0..<40, of: outer)), (1, Self.piece(40..<outer.count, of: outer))])
            .replay()
        #expect(Set(outcome.requests.map(\.transport)) == [.udp, .tcp])
        #expect(outcome.requests.first { $0.transport == .tcp }?.tunnels.map(\.identifier) == [5])
    }

    /// Pieces at random: nothing traps, tables stay within their bounds, and a first fragment is never lost.
    @Test(arguments: UInt64(1)...4) func anyPieces(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var trace = Trace()
        trace.settings.fragmentCapacity = 8
        trace.settings.fragmentPieceCapacity = 4
        for step in 0..<1500 {
            let start = Int.random(in: 0...12, using: &random) * 8
            let end = min(108, start + Int.random(in: 0...5, using: &random) * 8 + (random.next() % 8 == 0 ? 3 : 0))
            let id = UInt16(random.next() % 12)
            let more = random.next() % 4 == 0 ? Bool.random(using: &random) : nil
            let bytes = random.next() % 8 == 0 ? Self.other : Self.datagram
            let packet =
                random.next() % 4 == 0
                ? Self.piece6(start..<end, of: bytes, next: UInt8(random.next() % 64), id: UInt32(id))
                : Self.piece(start..<end, of: bytes, more: more, id: id)
            let cut = random.next() % 16 == 0 ? Int(random.next() % 20) : 0
            trace.frame(Double(step) * 300, Self.frame(packet), cut: min(cut, packet.count))
        }
        let outcome = trace.replay()
        for table in outcome.summary.tables where table.name == "fragments" {
            #expect(table.peak <= 8 && table.count == 0)
        }
        #expect(outcome.summary.tables.first { $0.name == "fragment_bytes" }?.count == 0)
    }
}
