import Decode
import Model
import Testing

@testable import Correlate

/// What one packet may cost: it says that it holds a great many things, or does hold them, and only so many are looked
/// at.
@Suite struct BoundedWorkTests {
    private static let resolver = Endpoint("10.0.0.53", 53)

    private func layer(_ layer: Layer, _ outcome: Trace.Outcome) -> LayerSummary? {
        outcome.summary.layers.first { $0.layer == layer }
    }

    @Test func aMessageThatClaims65535Records() throws {
        var trace = Trace()
        let question = WireDNS.name("www.example") + [0, 1, 0, 1]
        let most: [UInt8] = [0xFF, 0xFF]
        trace.udp(0, Trace.client, Self.resolver, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0] + question)
        trace.udp(1, Self.resolver, Trace.client, [0, 1, 0x81, 0x80, 0, 1] + most + most + most + question)
        let outcome = trace.replay()
        #expect(layer(.dns, outcome)?.malformed == 1)
        let lookup = try #require(outcome.lookups.first)
        #expect(outcome.lookups.count == 1 && lookup.answers.isEmpty && lookup.answersLeftOut == 65_535)
    }

    @Test func aMessageThatHoldsFiveThousandRecords() throws {
        var trace = Trace()
        let answers = [WireDNS.Answer](repeating: .address("192.0.2.1"), count: 4000)
        trace.udp(0, Trace.client, Self.resolver, WireDNS.query(1, "www.example", 1))
        trace.udp(1, Self.resolver, Trace.client, WireDNS.response(1, "www.example", 1, answers))
        let lookup = try #require(trace.replay().lookups.first)
        #expect(lookup.answers.count == Lookup.answerCapacity)
        #expect(lookup.answersLeftOut == 4000 - Lookup.answerCapacity)
    }

    /// Each alias is a pointer of two bytes to a name of 240.
    @Test func whatIsRememberedOfAliasesIsBounded() throws {
        var trace = Trace()
        let label = String(repeating: "a", count: 59)
        let name = [label, label, label, label].joined(separator: ".")
        let aliases = (0..<60).map { _ in WireDNS.Answer(owner: nil, type: 5, data: [0xC0, 12]) }
        let answers = aliases + [WireDNS.Answer.address(Trace.server.address)]
        trace.udp(0, Trace.client, Self.resolver, WireDNS.query(1, name, 1))
        trace.udp(1, Self.resolver, Trace.client, WireDNS.response(1, name, 1, answers))
        trace.tcp("2 > S 1")
        let outcome = trace.replay()
        #expect(outcome.lookups.first?.answers.count == 61)
        let request = try #require(outcome.requests.first { $0.transport == .tcp })
        let chain = try #require(request.names.first?.lookup?.chain)
        #expect((1...8).contains(chain.count))
    }

    @Test func aDatagramOfAThousandQUICPackets() {
        var trace = Trace()
        let packet =
            WireQUIC().header(0xE0, to: [1, 2, 3, 4, 5, 6, 7, 8], from: []) + [20] + [UInt8](repeating: 0, count: 20)
        let hello = WireQUIC().initial(from: .client, number: 0, [1], length: 1200)
        let many = [[UInt8]](repeating: packet, count: 1000).flatMap { $0 }
        trace.udp(0, Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 443), hello + many)
        let outcome = trace.replay()
        #expect(outcome.requests.count == 1 && layer(.quic, outcome)?.decoded == 8)
    }

    /// One ClientHello after the other in CRYPTO frames; each would be hashed three times.
    @Test func aPacketOfManyHellos() throws {
        var trace = Trace()
        let hello = QUICConnectionTests.clientHello
        let many = [[UInt8]](repeating: hello, count: 16_000 / hello.count).flatMap { $0 }
        let quic = WireQUIC()
        let packet = quic.initial(from: .client, number: 0, WireQUIC.crypto(many), length: 1200)
        trace.udp(0, Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 443), packet)
        let request = try trace.request()
        #expect(request.application.tls?.serverName == "example.com")
    }

    /// Chains of certificates, each another one, as many as fit: one is read of each side.
    @Test func aHandshakeOfManyCertificates() throws {
        var trace = Trace()
        let server = Endpoint("10.0.0.2", 443)
        let chains = (0..<1000).flatMap { number in
            WireTLS.message(11, CertificateTests.message([[0x30, 2, UInt8(number >> 8), UInt8(number & 255)]]))
        }
        let said = WireTLS.serverHello(version: 0x0303) + WireTLS.record(22, chains)
        let hello = WireTLS.clientHello("a.example")
        trace.tcp("0 > S 99 | 1 < S. 499 a100 | 2 > . 100 a500", Trace.client, server)
        trace.tcp(3, Trace.client, server, .ack, 100, hello, acknowledgment: 500)
        trace.tcp(4, server, Trace.client, .ack, 500, said, acknowledgment: 100 + UInt32(hello.count))
        let outcome = trace.replay()
        #expect(outcome.requests.first?.application.tls?.certificates?.count == 1)
        #expect(outcome.summary.tables.first { $0.name == "certificate_chains" }?.peak == 1)
    }

    /// Every piece overlaps the one before; after the first two nothing of the datagram is kept.
    @Test func tenThousandPiecesThatOverlap() {
        var trace = Trace()
        for number in 0..<10_000 {
            var packet = Wire.ip("10.0.0.1", "10.0.0.2", 17, [UInt8](repeating: UInt8(number & 255), count: 1400))
            let position = 0x2000 | UInt16(number % 7000 + 1)
            packet.replaceSubrange(4..<8, with: [0, 1] + Wire.bytes16(position))
            trace.frame(Double(number) / 100, Wire.ethernet(.zero, .zero, type: 0x0800, packet))
        }
        let outcome = trace.replay()
        #expect(outcome.summary.fragments.overlapping == 1)
        #expect(outcome.summary.tables.first { $0.name == "fragments" }?.peak == 1)
        #expect((outcome.summary.tables.first { $0.name == "fragment_bytes" }?.peak ?? .max) < 4000)
    }

    struct Options: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var packet: [UInt8]
        /// Requests that it is.
        var requests: Int
        var damaged: Layer?
    }

    private static func ip(_ options: [UInt8], _ segment: [UInt8]) -> [UInt8] {
        var packet = Wire.ip("10.0.0.1", "10.0.0.2", 6, options + segment)
        packet[0] = 0x40 | UInt8(5 + options.count / 4)
        return packet
    }

    private static func dhcp(_ options: [UInt8]) -> [UInt8] {
        let message: [UInt8] =
            [1, 1, 6, 0, 0, 0, 0, 7] + [UInt8](repeating: 0, count: 228) + [0x63, 0x82, 0x53, 0x63, 53, 1, 1]
        return Wire.ip("10.0.0.1", "10.0.0.2", 17, Wire.udp(68, 67, message + options))
    }

    private static func geneve(_ options: [UInt8]) -> [UInt8] {
        let inner = Wire.ip("192.0.2.1", "192.0.2.2", 6, Wire.tcp(1, 2, .syn, sequence: 1))
        let header = [UInt8(options.count / 4), 0, 0x08, 0, 0, 0, 7, 0]
        return Wire.ip("10.0.0.1", "10.0.0.2", 17, Wire.udp(50000, 6081, header + options + inner))
    }

    static let options: [Options] = [
        Options(
            testDescription: "IPv4 with all its room",
            packet: ip(.init(repeating: 1, count: 40), Wire.tcp(1, 2, .syn, sequence: 1)),
            requests: 1),
        Options(
            testDescription: "TCP with all its room",
            packet: ip([], Wire.tcp(1, 2, .syn, sequence: 1, options: .init(repeating: 1, count: 40))), requests: 1),
        Options(
            testDescription: "TCP with twenty empty options",
            packet: ip(
                [], Wire.tcp(1, 2, .syn, sequence: 1, options: (0..<20).flatMap { _ in [200, 2] as [UInt8] })),
            requests: 1),
        Options(
            testDescription: "TCP with an option of no length",
            packet: ip([], Wire.tcp(1, 2, .syn, sequence: 1, options: .init(repeating: 0, count: 4) + [200, 0, 0, 0])),
            requests: 1),
        Options(
            testDescription: "DHCP with 64,000 bytes of padding", packet: dhcp(.init(repeating: 0, count: 64_000)),
            requests: 1),
        Options(
            testDescription: "DHCP with 30,000 empty options",
            packet: dhcp((0..<30_000).flatMap { _ in [200, 0] as [UInt8] }), requests: 1, damaged: .dhcp),
        Options(
            testDescription: "Geneve with all its room", packet: geneve(.init(repeating: 0, count: 252)), requests: 2),
        Options(
            testDescription: "IPv6 with 300 extension headers",
            packet: Wire.ip(
                "2001:db8::1", "2001:db8::2", 60,
                (0..<300).flatMap { [$0 == 299 ? 6 : 60, 0, 1, 4, 0, 0, 0, 0] as [UInt8] }
                    + Wire.tcp(1, 2, .syn, sequence: 1)), requests: 0, damaged: .ipv6Extension),
    ]

    @Test(arguments: options) func optionsOfTheLargestSize(_ options: Options) {
        var trace = Trace()
        let type: UInt16 = options.packet[0] >> 4 == 4 ? 0x0800 : 0x86DD
        trace.frame(0, Wire.ethernet(.zero, .zero, type: type, options.packet))
        let outcome = trace.replay()
        #expect(outcome.requests.count == options.requests)
        for layer in outcome.summary.layers {
            #expect(layer.malformed == (layer.layer == options.damaged ? 1 : 0), "\(layer)")
        }
    }
}
