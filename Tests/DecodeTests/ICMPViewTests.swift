import Model
import Testing

@testable import Decode

@Suite struct ICMPViewTests {
    typealias Quotation = ICMPErrorReport.Quotation

    private static let client4 = IPAddress(v4: 0xC000_0201)
    private static let server4 = IPAddress(v4: 0xC633_6402)
    private static let client6 = IPAddress(v6High: 0x2001_0DB8 << 32, low: 1)
    private static let server6 = IPAddress(v6High: 0x2001_0DB8 << 32, low: 2)

    private static func message(_ type: UInt8, _ code: UInt8 = 0, rest: [UInt8] = [0, 0, 0, 0], body: [UInt8] = [])
        -> [UInt8]
    {
        [type, code, 0, 0] + rest + body
    }

    @Test(arguments: [IPAddress.Version.v4, .v6]) func refusesEveryShortMessage(_ version: IPAddress.Version) {
        for length in 0..<8 {
            let bytes = [UInt8](repeating: 0, count: length)
            let layer: Layer = version == .v4 ? .icmp : .icmpv6
            #expect(throws: DecodeError.truncated(layer, at: 34, needs: 8, has: length)) {
                _ = try ICMPView(bytes.span.bytes, version: version, at: 34).type
            }
        }
    }

    @Test(arguments: [
        (IPAddress.Version.v4, UInt8(8), true, false, false), (.v4, 0, false, true, false),
        (.v4, 3, false, false, true),
        (.v4, 11, false, false, true), (.v4, 13, false, false, false), (.v4, 128, false, false, false),
        (.v6, 128, true, false, false), (.v6, 129, false, true, false), (.v6, 1, false, false, true),
        (.v6, 4, false, false, true), (.v6, 8, false, false, false), (.v6, 0, false, false, false),
    ])
    func kinds(_ version: IPAddress.Version, _ type: UInt8, _ isRequest: Bool, _ isReply: Bool, _ isError: Bool) throws
    {
        let bytes = Self.message(type, rest: [0x12, 0x34, 0, 9])
        let view = try ICMPView(bytes.span.bytes, version: version, at: 34)
        #expect([view.isEchoRequest, view.isEchoReply, view.isError] == [isRequest, isReply, isError])
        #expect(view.identifier == 0x1234 && view.sequenceNumber == 9)
    }

    @Test(arguments: [
        (IPAddress.Version.v4, UInt8(3), UInt8(4), [0, 0, 5, 0x78] as [UInt8], UInt32?(1400)),
        (.v4, 3, 4, [0, 0, 0, 0], nil),
        (.v4, 3, 1, [0, 0, 5, 0x78], nil), (.v6, 2, 0, [0, 0, 5, 0], 1280), (.v6, 2, 0, [0, 1, 0, 0], 65536),
        (.v6, 1, 0, [0, 0, 5, 0], nil),
    ])
    func nextHopMTU(_ version: IPAddress.Version, _ type: UInt8, _ code: UInt8, _ rest: [UInt8], _ mtu: UInt32?) throws
    {
        let bytes = Self.message(type, code, rest: rest)
        #expect(try ICMPView(bytes.span.bytes, version: version, at: 34).mtu == mtu)
    }

    struct QuotationExample: CustomTestStringConvertible {
        var testDescription: String
        var version = IPAddress.Version.v4
        var quoted: [UInt8]
        var ports: (UInt16, UInt16)
        var protocolNumber: UInt8
        /// The fewest bytes of the quotation that tell all this.
        var needs: Int
    }

    @Test(arguments: [
        QuotationExample(
            testDescription: "TCP", quoted: FrameBytes.ipv4(6, FrameBytes.tcp()), ports: (49152, 443),
            protocolNumber: 6,
            needs: 24),
        QuotationExample(
            testDescription: "UDP behind options",
            quoted: FrameBytes.ipv4(17, options: [1, 1, 1, 0], FrameBytes.udp([])),
            ports: (49152, 53), protocolNumber: 17, needs: 28),
        QuotationExample(
            testDescription: "an echo request", quoted: FrameBytes.ipv4(1, [8, 0, 0, 0, 0x12, 0x34, 0, 1]),
            ports: (0x1234, 0), protocolNumber: 1, needs: 26),
        QuotationExample(
            testDescription: "a later fragment", quoted: FrameBytes.ipv4(6, fragment: 0x00B9, [1, 2, 3, 4]),
            ports: (0, 0),
            protocolNumber: 6, needs: 20),
        QuotationExample(
            testDescription: "GRE", quoted: FrameBytes.ipv4(47, [1, 2, 3, 4]), ports: (0, 0), protocolNumber: 47,
            needs: 20),
        QuotationExample(
            testDescription: "UDP over IPv6", version: .v6, quoted: FrameBytes.ipv6(17, FrameBytes.udp([])),
            ports: (49152, 53), protocolNumber: 17, needs: 44),
        QuotationExample(
            testDescription: "TCP behind hop-by-hop options", version: .v6,
            quoted: FrameBytes.ipv6(0, [6, 0, 1, 4, 0, 0, 0, 0] + FrameBytes.tcp()), ports: (49152, 443),
            protocolNumber: 6,
            needs: 52),
        QuotationExample(
            testDescription: "a first IPv6 fragment", version: .v6,
            quoted: FrameBytes.ipv6(44, [17, 0, 0, 1, 0, 0, 0, 9] + FrameBytes.udp([])), ports: (49152, 53),
            protocolNumber: 17, needs: 52),
        QuotationExample(
            testDescription: "a later IPv6 fragment", version: .v6,
            quoted: FrameBytes.ipv6(44, [17, 0, 0x05, 0xA8, 0, 0, 0, 9, 1, 2, 3, 4]), ports: (0, 0), protocolNumber: 17,
            needs: 48),
        QuotationExample(
            testDescription: "an ICMPv6 echo request", version: .v6,
            quoted: FrameBytes.ipv6(58, [128, 0, 0, 0, 0x12, 0x34, 0, 1]), ports: (0x1234, 0), protocolNumber: 58,
            needs: 46),
    ])
    func quotation(_ example: QuotationExample) throws {
        let (source, destination) =
            example.version == .v4 ? (Self.client4, Self.server4) : (Self.client6, Self.server6)
        let expected = Quotation(
            source: Endpoint(source, example.ports.0), destination: Endpoint(destination, example.ports.1),
            protocolNumber: example.protocolNumber)
        for length in 0...example.quoted.count {
            let bytes = Self.message(3, body: Array(example.quoted.prefix(length)))
            let view = try ICMPView(bytes.span.bytes, version: example.version, at: 34)
            if length >= example.needs {
                #expect(try view.quotation() == expected)
            } else {
                do throws(DecodeError) {
                    Issue.record("\(length) bytes: \(try view.quotation())")
                } catch {
                    guard case .truncated = error else { Issue.record("\(length) bytes: \(error)"); continue }
                }
            }
        }
    }

    @Test func aQuotationThatIsNoPacket() throws {
        let bytes = Self.message(3, body: [UInt8](repeating: 0, count: 28))
        #expect(throws: DecodeError.invalid(.ipv4, at: 42, field: .version, value: 0)) {
            _ = try ICMPView(bytes.span.bytes, version: .v4, at: 34).quotation()
        }
    }

    // MARK: Neighbour discovery

    private static let target: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [9]
    /// A nonce option, then source and target link-layer address options.
    private static let options: [UInt8] = [14, 1, 1, 2, 3, 4, 5, 6, 1, 1, 2, 0, 0, 0, 0, 1, 2, 1, 2, 0, 0, 0, 0, 2]

    private static func discovery(_ bytes: [UInt8]) throws(DecodeError) -> NeighbourDiscovery? {
        try ICMPView(bytes.span.bytes, version: .v6, at: 54).neighbourDiscovery()
    }

    @Test func neighbourDiscovery() throws {
        let target = IPAddress(v6High: 0x2001_0DB8 << 32, low: 9)
        let solicitation = Self.message(135, body: Self.target + Self.options)
        #expect(
            try Self.discovery(solicitation)
                == NeighbourDiscovery(
                    isAdvertisement: false, isSolicited: false, target: target,
                    linkAddress: MACAddress(bits: 0x0200_0000_0001)))
        let advertisement = Self.message(136, rest: [0x60, 0, 0, 0], body: Self.target + Self.options)
        #expect(
            try Self.discovery(advertisement)
                == NeighbourDiscovery(
                    isAdvertisement: true, isSolicited: true, target: target,
                    linkAddress: MACAddress(bits: 0x0200_0000_0002)))
        #expect(try Self.discovery(Self.message(135, body: Self.target))?.linkAddress == nil)
        #expect(try Self.discovery(Self.message(133, body: Self.target)) == nil)
    }

    @Test(arguments: 8..<48) func refusesEveryShortNeighbourDiscovery(_ length: Int) throws {
        let bytes = Array(Self.message(135, body: Self.target + Self.options).prefix(length))
        // Whole options, or one byte of the next, are no error: that byte is padding.
        if length >= 24, (length - 24) % 8 < 2 {
            #expect(try Self.discovery(bytes) != nil)
        } else {
            let (offset, needs) = length < 24 ? (0, 24) : (length - (length - 24) % 8, 8)
            #expect(throws: DecodeError.truncated(.icmpv6, at: 54 + offset, needs: needs, has: length - offset)) {
                _ = try Self.discovery(bytes)
            }
        }
    }

    @Test func refusesAnOptionWithoutLength() {
        let bytes = Self.message(135, body: Self.target + [1, 0, 2, 0, 0, 0, 0, 1])
        #expect(throws: DecodeError.invalid(.icmpv6, at: 54 + 25, field: .optionLength, value: 0)) {
            _ = try Self.discovery(bytes)
        }
    }
}
