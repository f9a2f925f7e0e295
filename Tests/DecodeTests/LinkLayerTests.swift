import Model
import Testing

@testable import Decode

@Suite struct LinkLayerTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var linkType: LinkType
        var header: [UInt8]
        var kind = Packet.Kind.udp
        var vlan: [Int] = []
        var source: UInt64?
        var isIPv6 = false
        /// Layers before IP, with how often each was decoded.
        var layers: [Layer: UInt64]
    }

    private static let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
    private static let snap: [UInt8] = [ /* LLC */0xAA, 0xAA, 3, /* OUI */ 0, 0, 0, /* IPv4 */ 8, 0]

    @Test(arguments: [
        Example(
            testDescription: "Ethernet II", linkType: .ethernet, header: addresses + [8, 0], source: 0x0200_0000_0001,
            layers: [.ethernet: 1]),
        Example(
            testDescription: "802.3 with SNAP", linkType: .ethernet, header: addresses + [0, 44] + snap,
            source: 0x0200_0000_0001, layers: [.ethernet: 1, .llc: 1]),
        Example(
            testDescription: "a VLAN tag", linkType: .ethernet, header: addresses + [0x81, 0, 0xA0, 100, 8, 0],
            vlan: [100], source: 0x0200_0000_0001, layers: [.ethernet: 1, .vlan: 1]),
        Example(
            testDescription: "a service tag and a customer tag", linkType: .ethernet,
            header: addresses + [0x88, 0xA8, 0, 5, 0x81, 0, 0x0F, 0xFE, 0x86, 0xDD], vlan: [5, 4094],
            source: 0x0200_0000_0001, isIPv6: true, layers: [.ethernet: 1, .vlan: 2]),
        Example(
            testDescription: "a VLAN tag before 802.3 with SNAP", linkType: .ethernet,
            header: addresses + [0x81, 0, 0, 9, 0, 44] + snap, vlan: [9], source: 0x0200_0000_0001,
            layers: [.ethernet: 1, .vlan: 1, .llc: 1]),
        Example(
            testDescription: "five tags, of which four are kept", linkType: .ethernet,
            header: addresses + (1...5).flatMap { [0x91, 0, 0, UInt8($0)] } + [8, 0], vlan: [1, 2, 3, 4],
            source: 0x0200_0000_0001, layers: [.ethernet: 1, .vlan: 5]),
        Example(
            testDescription: "Linux cooked", linkType: .linuxSLL,
            header: [0, 4, /* ARPHRD_ETHER */ 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0], source: 0x0200_0000_0009,
            layers: [.linuxSLL: 1]),
        Example(
            testDescription: "Linux cooked on loopback", linkType: .linuxSLL,
            header: [0, 0, /* ARPHRD_LOOPBACK */ 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xDD], isIPv6: true,
            layers: [.linuxSLL: 1]),
        Example(
            testDescription: "Linux cooked on a tunnel without addresses", linkType: .linuxSLL,
            header: [0, 4, /* ARPHRD_NONE */ 0xFF, 0xFE, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0], layers: [.linuxSLL: 1]),
        Example(
            testDescription: "Linux cooked, version 2", linkType: .linuxSLL2,
            header: [8, 0, 0, 0, /* index */ 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 9, 0, 0],
            source: 0x0200_0000_0009, layers: [.linuxSLL2: 1]),
        Example(
            testDescription: "Linux cooked, version 2, a VLAN tag", linkType: .linuxSLL2,
            header: [0x81, 0, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 9, 0, 0, 0, 77, 8, 0],
            vlan: [77], source: 0x0200_0000_0009, layers: [.linuxSLL2: 1, .vlan: 1]),
        Example(testDescription: "NULL, little-endian", linkType: .null, header: [2, 0, 0, 0], layers: [.loopback: 1]),
        Example(testDescription: "NULL, big-endian", linkType: .null, header: [0, 0, 0, 2], layers: [.loopback: 1]),
        Example(
            testDescription: "NULL, FreeBSD's AF_INET6", linkType: .null, header: [28, 0, 0, 0], isIPv6: true,
            layers: [.loopback: 1]),
        Example(
            testDescription: "NULL, Darwin's AF_INET6", linkType: .null, header: [0, 0, 0, 30], isIPv6: true,
            layers: [.loopback: 1]),
        Example(
            testDescription: "LOOP, OpenBSD's AF_INET6", linkType: .loop, header: [0, 0, 0, 24], isIPv6: true,
            layers: [.loopback: 1]),
        Example(testDescription: "RAW", linkType: .raw, header: [], layers: [.raw: 1]),
        Example(
            testDescription: "RAW by its old number", linkType: .raw12, header: [], isIPv6: true, layers: [.raw: 1]),
        Example(testDescription: "IPv4", linkType: .ipv4, header: [], layers: [:]),
        Example(testDescription: "IPv6", linkType: .ipv6, header: [], isIPv6: true, layers: [:]),
    ])
    func leadsToTheDatagram(_ example: Example) {
        let datagram = FrameBytes.udp([1, 2, 3])
        let packet = example.isIPv6 ? FrameBytes.ipv6(17, datagram) : FrameBytes.ipv4(17, datagram)
        let frame = FrameBytes(bytes: example.header + packet, linkType: example.linkType)
        let (decoded, counters) = frame.decode()
        #expect(decoded.kind == example.kind && decoded.vlan.identifiers == example.vlan)
        #expect(decoded.sourceMAC?.bits == example.source)
        #expect(decoded.source.version == (example.isIPv6 ? .v6 : .v4))
        #expect(decoded.sourcePort == 49152 && decoded.destinationPort == 53)
        #expect(frame.payload(decoded) == [1, 2, 3])
        #expect(decoded.interface == InterfaceID(3) && decoded.time == Timestamp(nanoseconds: 7))
        let link = counters.summary.filter { ![.ipv4, .ipv6, .udp].contains($0.layer) }
        #expect(Dictionary(uniqueKeysWithValues: link.map { ($0.layer, $0.decoded) }) == example.layers)
        #expect(counters.complaints.isEmpty && counters.cutLayers.isEmpty)

        // Every shorter frame: the snap length cut it, so nothing is malformed; or it is as short as that on the wire.
        for length in 0..<frame.bytes.count {
            let short = FrameBytes(
                bytes: Array(frame.bytes.prefix(length)), linkType: example.linkType, cut: frame.bytes.count - length)
            let cut = short.decode()
            #expect(cut.counters.complaints.isEmpty && cut.counters.cutFrames == 1 && cut.packet.isCut)
            let isWhole = cut.packet.kind == example.kind
            #expect(cut.counters.cutLayers.count == (isWhole ? 0 : 1))
            #expect(isWhole == (length >= frame.bytes.count - 3))
            if isWhole { #expect(cut.packet.payloadLength == 3) }
            let lie = FrameBytes(bytes: short.bytes, linkType: example.linkType).decode()
            #expect(lie.counters.cutLayers.isEmpty && lie.counters.cutFrames == 0)
            if !isWhole { #expect(lie.counters.complaints.count == 1 && lie.packet.kind == .other) }
        }
    }

    struct OtherExample: CustomTestStringConvertible {
        var testDescription: String
        var linkType = LinkType.ethernet
        var bytes: [UInt8]
    }

    @Test(arguments: [
        OtherExample(testDescription: "LLDP", bytes: addresses + [0x88, 0xCC, 1, 2, 3]),
        OtherExample(testDescription: "spanning tree", bytes: addresses + [0, 38, 0x42, 0x42, 3, 0, 0]),
        OtherExample(
            testDescription: "SNAP of a vendor", bytes: addresses + [0, 30, 0xAA, 0xAA, 3, 0, 0, 0x0C, 0x20, 0]),
        OtherExample(testDescription: "AppleTalk on loopback", linkType: .null, bytes: [16, 0, 0, 0, 1, 2]),
        OtherExample(
            testDescription: "netlink in Linux cooked", linkType: .linuxSLL,
            bytes: [0, 4, /* ARPHRD_NETLINK */ 3, 0x38, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0x45]),
    ])
    func otherProtocolsAreCounted(_ example: OtherExample) {
        let (packet, counters) = FrameBytes(bytes: example.bytes, linkType: example.linkType).decode()
        #expect(packet.kind == .other && counters.otherFrames == 1)
        #expect(counters.complaints.isEmpty && counters.cutLayers.isEmpty)
    }

    @Test func moreTagsThanAnyFrameStacksAreRefused() {
        let tags = [UInt8](repeating: 0, count: 0) + (0..<9).flatMap { _ in [0x81, 0, 0, 1] as [UInt8] }
        let (packet, counters) = FrameBytes(bytes: Self.addresses + tags + [8, 0]).decode()
        #expect(packet.kind == .other && counters.complaints == ["vlan: section count"])
    }

    @Test func aRawPacketOfNoVersionIsRefused() {
        let (_, counters) = FrameBytes(bytes: [0x50, 0, 0, 0], linkType: .raw).decode()
        #expect(counters.complaints == ["raw: version"])
    }

    @Test func aFileThatClaimsLessThanItHolds() {
        let bytes = FrameBytes.ethernetIPv4 + FrameBytes.ipv4(17, FrameBytes.udp([1, 2, 3]))
        let (packet, counters) = FrameBytes(bytes: bytes, cut: -40).decode()
        #expect(packet.kind == .udp && !packet.isCut && counters.bytes == 5)
    }

    // MARK: ARP

    private static let arp: [UInt8] = [
        /* Ethernet */ 0, 1, /* IPv4 */ 8, 0, /* lengths */ 6, 4, /* request */ 0, 1,
        /* sender */ 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, /* target */ 0, 0, 0, 0, 0, 0, 10, 0, 0, 254,
    ]

    @Test func readsARP() throws {
        let view = try ARPView(Self.arp.span.bytes, at: 14)
        #expect(view.operation == 1 && view.senderMAC == MACAddress(bits: 0x0200_0000_0001))
        #expect(view.senderAddress == IPAddress(v4: 0x0A00_0001) && view.targetMAC == .zero)
        #expect(view.targetAddress == IPAddress(v4: 0x0A00_00FE))
        let padding = [UInt8](repeating: 0, count: 18)
        let (packet, counters) = FrameBytes(bytes: Self.addresses + [8, 6] + Self.arp + padding).decode()
        #expect(packet.kind == .arp && counters.summary(.arp)?.decoded == 1)
    }

    @Test(arguments: 0..<28) func refusesEveryShortARP(_ length: Int) {
        let bytes = Array(Self.arp.prefix(length))
        #expect(throws: DecodeError.truncated(.arp, at: 14, needs: length < 8 ? 8 : 28, has: length)) {
            _ = try ARPView(bytes.span.bytes, at: 14).operation
        }
    }

    @Test(arguments: [(4, 255), (4, 0), (5, 16), (5, 0)]) func refusesOtherAddressLengths(_ offset: Int, _ length: Int)
    {
        var bytes = Self.arp
        bytes[offset] = UInt8(length)
        #expect(throws: DecodeError.invalid(.arp, at: 14 + offset, field: .addressLength, value: length)) {
            _ = try ARPView(bytes.span.bytes, at: 14).operation
        }
    }
}
