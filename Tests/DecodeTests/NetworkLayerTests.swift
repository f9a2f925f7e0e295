import Model
import Testing

@testable import Decode

@Suite struct NetworkLayerTests {
    @Test func readsIPv4() throws {
        let bytes: [UInt8] = [
            /* version, length 24 */ 0x46, 0, /* total length */ 0x05, 0xDC, /* id */ 0x12, 0x34, /* MF, offset 1480 */
            0x20,
            0xB9, /* TTL */ 57, /* UDP */ 17, 0xFF, 0xFF, 192, 0, 2, 1, 198, 51, 100, 2, /* options */ 1, 1, 1, 0,
        ]
        let view = try IPv4View(bytes.span.bytes, at: 14)
        #expect(view.headerLength == 24 && view.totalLength == 1500 && view.identification == 0x1234)
        #expect(view.moreFragments && view.fragmentOffset == 1480)
        #expect(view.timeToLive == 57 && view.protocolNumber == 17)
        #expect(view.source == IPAddress("192.0.2.1") && view.destination == IPAddress("198.51.100.2"))
    }

    @Test(arguments: 0..<24) func refusesEveryShortIPv4Header(_ length: Int) {
        let bytes = Array(FrameBytes.ipv4(6, options: [1, 1, 1, 0], []).prefix(length))
        #expect(throws: DecodeError.truncated(.ipv4, at: 14, needs: length < 20 ? 20 : 24, has: length)) {
            _ = try IPv4View(bytes.span.bytes, at: 14).timeToLive
        }
    }

    @Test(arguments: 0..<40) func refusesEveryShortIPv6Header(_ length: Int) {
        let bytes = Array(FrameBytes.ipv6(6, []).prefix(length))
        #expect(throws: DecodeError.truncated(.ipv6, at: 14, needs: 40, has: length)) {
            _ = try IPv6View(bytes.span.bytes, at: 14).hopLimit
        }
    }

    @Test func readsIPv6() throws {
        let bytes = FrameBytes.ipv6(58, [1, 2, 3])
        let view = try IPv6View(bytes.span.bytes, at: 14)
        #expect(view.payloadLength == 3 && view.nextHeader == 58 && view.hopLimit == 61)
        #expect(view.source == IPAddress("2001:db8::1") && view.destination == IPAddress("2001:db8::2"))
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var packet: [UInt8]
        var isIPv6 = false
        var kind: Packet.Kind
        var payloadLength = 0
        var payload: [UInt8] = []
        var complaints: [String] = []
    }

    /// Padding of Ethernet, which is no payload.
    private static let padding = [UInt8](repeating: 0xEE, count: 12)
    private static let data: [UInt8] = [1, 2, 3, 4, 5]
    /// Hop-by-hop options (8 bytes), then `next`.
    private static func hopByHop(_ next: UInt8) -> [UInt8] { [next, 0, 1, 4, 0, 0, 0, 0] }
    private static func fragment(_ next: UInt8, offset: UInt16, more: Bool) -> [UInt8] {
        [next, 0, UInt8(offset >> 8), UInt8(offset & 0xF8) | (more ? 1 : 0), 0, 0, 0, 9]
    }

    @Test(arguments: [
        Example(
            testDescription: "options", packet: FrameBytes.ipv4(17, options: [1, 1, 1, 0], FrameBytes.udp(data)),
            kind: .udp, payloadLength: 5, payload: data),
        Example(
            testDescription: "padding is cut off", packet: FrameBytes.ipv4(6, FrameBytes.tcp(data)) + padding,
            kind: .tcp, payloadLength: 5, payload: data),
        Example(
            testDescription: "padding behind an empty segment", packet: FrameBytes.ipv4(6, FrameBytes.tcp()) + padding,
            kind: .tcp),
        Example(
            testDescription: "a total length of 0 goes to the frame's end",
            packet: FrameBytes.ipv4(6, totalLength: 0, FrameBytes.tcp(data)), kind: .tcp, payloadLength: 5,
            payload: data),
        Example(
            testDescription: "a payload length of 0 goes to the frame's end",
            packet: FrameBytes.ipv6(6, payloadLength: 0, FrameBytes.tcp(data)), isIPv6: true, kind: .tcp,
            payloadLength: 5, payload: data),
        Example(
            testDescription: "padding behind an IPv6 packet",
            packet: FrameBytes.ipv6(17, FrameBytes.udp(data)) + padding,
            isIPv6: true, kind: .udp, payloadLength: 5, payload: data),
        Example(
            testDescription: "the first fragment is a piece of the datagram",
            packet: FrameBytes.ipv4(17, fragment: 0x2000, data), kind: .fragment, payloadLength: 5, payload: data),
        Example(
            testDescription: "a later fragment", packet: FrameBytes.ipv4(17, fragment: 0x00B9, data),
            kind: .fragment, payloadLength: 5, payload: data),
        Example(
            testDescription: "IPv6 options of three kinds",
            packet: FrameBytes.ipv6(
                0, hopByHop(60) + hopByHop(43) + [17, 0, 0, 0, 0, 0, 0, 0] + FrameBytes.udp(data)),
            isIPv6: true, kind: .udp, payloadLength: 5, payload: data),
        Example(
            testDescription: "an authentication header, in units of four bytes",
            packet: FrameBytes.ipv6(51, [6, 4] + [UInt8](repeating: 0, count: 22) + FrameBytes.tcp(data)), isIPv6: true,
            kind: .tcp, payloadLength: 5, payload: data),
        Example(
            testDescription: "the first IPv6 fragment",
            packet: FrameBytes.ipv6(44, fragment(17, offset: 0, more: true) + data),
            isIPv6: true, kind: .fragment, payloadLength: 5, payload: data),
        Example(
            testDescription: "a later IPv6 fragment",
            packet: FrameBytes.ipv6(44, fragment(0, offset: 1448, more: false) + [255, 255, 255]), isIPv6: true,
            kind: .fragment, payloadLength: 3, payload: [255, 255, 255]),
        Example(
            testDescription: "an atomic fragment",
            packet: FrameBytes.ipv6(44, fragment(17, offset: 0, more: false) + FrameBytes.udp(data)), isIPv6: true,
            kind: .udp, payloadLength: 5, payload: data),
        Example(testDescription: "no next header", packet: FrameBytes.ipv6(59, []), isIPv6: true, kind: .other),
        Example(testDescription: "GRE", packet: FrameBytes.ipv4(47, [0, 0, 0x88, 0xCC] + data), kind: .other),
        Example(
            testDescription: "ICMP over IPv6 means nothing", packet: FrameBytes.ipv6(1, data + data), isIPv6: true,
            kind: .other),
        Example(
            testDescription: "version 5", packet: [0x55] + [UInt8](repeating: 0, count: 30), kind: .other,
            complaints: ["ipv4: version"]),
        Example(
            testDescription: "a header of 16 bytes", packet: [0x44] + [UInt8](repeating: 0, count: 30), kind: .other,
            complaints: ["ipv4: header length"]),
        Example(
            testDescription: "a total length below the header's",
            packet: FrameBytes.ipv4(6, totalLength: 19, FrameBytes.tcp()), kind: .other,
            complaints: ["ipv4: total length"]),
        Example(
            testDescription: "an IPv4 header in a frame of IPv6",
            packet: FrameBytes.ipv4(6, FrameBytes.tcp(data + data)),
            isIPv6: true, kind: .other, complaints: ["ipv6: version"]),
        Example(
            testDescription: "a total length that leaves no room for the segment's header",
            packet: FrameBytes.ipv4(6, totalLength: 39, FrameBytes.tcp(data)), kind: .other,
            complaints: ["tcp: too short"]),
        Example(
            testDescription: "a total length that leaves no room for the options",
            packet: FrameBytes.ipv4(6, FrameBytes.tcp(offset: 15, data)), kind: .other, complaints: ["tcp: data offset"]
        ),
        Example(
            testDescription: "a data offset of 16 bytes", packet: FrameBytes.ipv4(6, FrameBytes.tcp(offset: 4)),
            kind: .other, complaints: ["tcp: data offset"]),
        Example(
            testDescription: "a datagram longer than its packet",
            packet: FrameBytes.ipv4(17, FrameBytes.udp(length: 14, data)), kind: .other, complaints: ["udp: length"]),
        Example(
            testDescription: "a datagram shorter than its header",
            packet: FrameBytes.ipv4(17, FrameBytes.udp(length: 7, data)), kind: .other, complaints: ["udp: length"]),
        Example(
            testDescription: "a datagram shorter than its packet",
            packet: FrameBytes.ipv4(17, FrameBytes.udp(length: 10, data)), kind: .udp, payloadLength: 2,
            payload: [1, 2]),
        Example(
            testDescription: "a datagram of length 0", packet: FrameBytes.ipv4(17, FrameBytes.udp(length: 0, data)),
            kind: .udp, payloadLength: 5, payload: data),
        Example(
            testDescription: "a chain of extension headers without an end",
            packet: FrameBytes.ipv6(0, (0..<20).flatMap { _ in hopByHop(0) }), isIPv6: true, kind: .other,
            complaints: ["ipv6_extension: extension header chain"]),
        Example(
            testDescription: "an extension header longer than the packet",
            packet: FrameBytes.ipv6(0, [17, 9, 0, 0, 0, 0, 0, 0]), isIPv6: true, kind: .other,
            complaints: ["ipv6_extension: too short"]),
    ])
    func transport(_ example: Example) {
        let header = example.isIPv6 ? FrameBytes.ethernetIPv6 : FrameBytes.ethernetIPv4
        let frame = FrameBytes(bytes: header + example.packet)
        let (packet, counters) = frame.decode()
        #expect(packet.kind == example.kind)
        #expect(packet.payloadLength == example.payloadLength)
        #expect(frame.payload(packet) == example.payload)
        #expect(counters.complaints == example.complaints && counters.cutLayers.isEmpty)
    }

    @Test(arguments: [true, false]) func framesOfSixtyFourKibibytes(isIPv6: Bool) {
        // As segmentation offload shows them: an IPv4 total length of 65,535; an IPv6 one that does not fit.
        let data = [UInt8](repeating: 7, count: isIPv6 ? 100_000 : 65_535 - 40)
        let packet =
            isIPv6
            ? FrameBytes.ipv6(6, payloadLength: 0, FrameBytes.tcp(data)) : FrameBytes.ipv4(6, FrameBytes.tcp(data))
        let header = isIPv6 ? FrameBytes.ethernetIPv6 : FrameBytes.ethernetIPv4
        let (whole, counters) = FrameBytes(bytes: header + packet).decode()
        #expect(whole.payloadLength == data.count && whole.payloadCaptured == data.count)
        #expect(counters.complaints.isEmpty)
        let kept = Array((header + packet).prefix(header.count + (isIPv6 ? 40 : 20) + 20 + 100))
        let cut = FrameBytes(bytes: kept, cut: header.count + packet.count - kept.count).decode()
        #expect(cut.packet.payloadLength == data.count && cut.packet.payloadCaptured == 100 && cut.packet.isCut)
    }

    @Test func countersOfFragmentsAndOtherTransports() {
        var decoder = FrameDecoder()
        for packet in [FrameBytes.ipv4(17, fragment: 0x00B9, Self.data), FrameBytes.ipv4(89, Self.data)] {
            let frame = FrameBytes(bytes: FrameBytes.ethernetIPv4 + packet)
            _ = decoder.decode(frame.bytes.span.bytes, frame.info)
        }
        #expect(decoder.counters.laterFragments == 1 && decoder.counters.otherTransport == 1)
        #expect(decoder.counters.frames == 2 && decoder.counters.summary(.ipv4)?.decoded == 2)
    }
}
