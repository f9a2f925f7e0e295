import Model
import Testing

@testable import Decode

/// What travels inside of something: PPPoE, MPLS, GRE, IP in IP, VXLAN, Geneve.
@Suite struct TunnelTests {
    /// One header written by hand, whole, with a TCP segment inside.
    struct Example: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// Between the stations' addresses and the inner packet, EtherType first.
        var header: [UInt8]
        var inner: [UInt8] = TunnelTests.inner
        var tunnels: [Tunnel]
        var kind = Packet.Kind.tcp
        var layers: [Layer] = []
    }

    static let stations: [UInt8] = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1]
    static let inner = FrameBytes.ipv4(6, FrameBytes.tcp([1, 2, 3]))
    static let inner6 = FrameBytes.ipv6(6, FrameBytes.tcp([1, 2, 3]))
    static let innerFrame: [UInt8] = [6, 0, 0, 0, 0, 2, 6, 0, 0, 0, 0, 1, 8, 0] + inner
    static let left: IPAddress = "203.0.113.1"
    static let right: IPAddress = "203.0.113.2"

    /// An outer IPv4 header with its EtherType, for `count` bytes behind it.
    static func outer(_ transport: UInt8, _ rest: [UInt8], inside count: Int) -> [UInt8] {
        let length = 20 + rest.count + count
        return [8, 0, 0x45, 0, UInt8(length >> 8), UInt8(length & 255), 0, 1, 0, 0, 64, transport, 0, 0]
            + [203, 0, 113, 1, 203, 0, 113, 2] + rest
    }

    private static func carried(_ kind: Tunnel.Kind, _ identifier: UInt32? = nil) -> Tunnel {
        Tunnel(kind, identifier: identifier, source: left, destination: right)
    }

    static let examples = [
        Example(
            testDescription: "PPPoE", header: [0x88, 0x64, 0x11, 0, 0x12, 0x34, 0, 45, 0x00, 0x21],
            tunnels: [Tunnel(.pppoe, identifier: 0x1234)], layers: [.pppoe, .ppp]),
        Example(
            testDescription: "PPPoE, protocol in one byte", header: [0x88, 0x64, 0x11, 0, 0, 1, 0, 64, 0x57],
            inner: inner6, tunnels: [Tunnel(.pppoe, identifier: 1)], layers: [.pppoe, .ppp]),
        Example(
            testDescription: "MPLS, two labels",
            header: [0x88, 0x47, 0, 1, 0, 64, /* label 100, bottom */ 0, 6, 0x41, 64],
            tunnels: [Tunnel(.mpls, identifier: 100)], layers: [.mpls]),
        Example(
            testDescription: "MPLS, IPv6 by explicit null", header: [0x88, 0x47, 0, 0, 0x21, 64], inner: inner6,
            tunnels: [Tunnel(.mpls, identifier: 2)], layers: [.mpls]),
        Example(
            testDescription: "MPLS, Ethernet behind a control word",
            header: [0x88, 0x47, 0, 0x10, 0x01, 64, /* control word */ 0, 0, 0, 7], inner: innerFrame,
            tunnels: [Tunnel(.mpls, identifier: 256)], layers: [.mpls]),
        Example(
            testDescription: "GRE", header: outer(47, [0, 0, 8, 0], inside: inner.count), tunnels: [carried(.gre)],
            layers: [.gre]),
        Example(
            testDescription: "GRE with checksum, key and sequence",
            header: outer(47, [0xB0, 0, 8, 0, 1, 2, 0, 0, 0, 0, 0, 77, 0, 0, 0, 5], inside: inner.count),
            tunnels: [carried(.gre, 77)], layers: [.gre]),
        Example(
            testDescription: "GRE, Ethernet inside",
            header: outer(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, 9], inside: innerFrame.count), inner: innerFrame,
            tunnels: [carried(.gre, 9)], layers: [.gre]),
        Example(
            testDescription: "PPTP with sequence and acknowledgment",
            header: outer(
                47, [0x30, 0x81, 0x88, 0x0B, 0, 47, 0, 24, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 0x03, 0, 0x21],
                inside: inner.count),
            tunnels: [carried(.pptp, 24)], layers: [.gre, .ppp]),
        Example(
            testDescription: "IPv4 in IPv4", header: outer(4, [], inside: inner.count), tunnels: [carried(.ipInIP)]),
        Example(
            testDescription: "IPv6 in IPv4", header: outer(41, [], inside: inner6.count), inner: inner6,
            tunnels: [carried(.sixInFour)]),
        Example(
            testDescription: "IPv4 in IPv6",
            header: [0x86, 0xDD] + FrameBytes.ipv6(4, payloadLength: inner.count, []),
            tunnels: [Tunnel(.fourInSix, source: "2001:db8::1", destination: "2001:db8::2")]),
        Example(
            testDescription: "IPv6 in IPv6",
            header: [0x86, 0xDD] + FrameBytes.ipv6(41, payloadLength: inner6.count, []), inner: inner6,
            tunnels: [Tunnel(.sixInSix, source: "2001:db8::1", destination: "2001:db8::2")]),
        Example(
            testDescription: "PPPoE with IPIP inside",
            header: [0x88, 0x64, 0x11, 0, 0, 5, 0, 65, 0, 0x21] + outer(4, [], inside: inner.count).dropFirst(2),
            tunnels: [Tunnel(.pppoe, identifier: 5), carried(.ipInIP)], layers: [.pppoe, .ppp]),
    ]

    @Test(arguments: examples) func reads(_ example: Example) {
        let frame = FrameBytes(bytes: Self.stations + example.header + example.inner)
        var decoder = FrameDecoder()
        let packet = decoder.decode(frame.bytes.span.bytes, frame.info)
        #expect(decoder.counters.complaints == [])
        #expect(packet.kind == example.kind && frame.payload(packet) == [1, 2, 3])
        #expect(decoder.tunnels(of: packet) == example.tunnels)
        #expect([IPAddress("192.0.2.1"), "2001:db8::1"].contains(packet.source))
        for layer in example.layers { #expect(decoder.counters.summary(layer)?.decoded == 1, "\(layer)") }
        // Stations are those of the inner frame, or of the outer one where nothing but labels is between.
        let isFrame = example.inner.count == Self.innerFrame.count
        let first = isFrame ? MACAddress(bits: 0x0600_0000_0001) : MACAddress(bits: 0x0200_0000_0001)
        #expect(packet.sourceMAC == (isFrame || example.tunnels.allSatisfy { $0.source == nil } ? first : nil))
    }

    /// Whatever is left of a frame, what it is said to lack is in the layer that was cut, never malformed.
    @Test(arguments: examples) func survivesEveryCut(_ example: Example) {
        let bytes = Self.stations + example.header + example.inner
        for length in 0..<bytes.count {
            let frame = FrameBytes(bytes: Array(bytes.prefix(length)), cut: bytes.count - length)
            let (packet, counters) = frame.decode()
            #expect(counters.complaints == [], "\(length)")
            #expect(packet.payloadOffset + packet.payloadCaptured <= length)
            // The last three bytes are the segment's payload.
            #expect(packet.kind == (length >= bytes.count - 3 ? .tcp : .other), "\(length)")
        }
    }

    /// The same lengths on the wire: the frame lies about what is in it, or carries something else.
    @Test(arguments: examples) func refusesEveryShortLength(_ example: Example) {
        let bytes = Self.stations + example.header + example.inner
        for length in 14..<bytes.count - 23 {
            let (packet, counters) = FrameBytes(bytes: Array(bytes.prefix(length))).decode()
            #expect(packet.kind == .other && counters.cutLayers == [], "\(length)")
        }
    }

    @Test(
        arguments: [
            ("PPPoE of version 2", [0x88, 0x64, 0x21, 0, 0, 1, 0, 2, 0xC0, 0x21], "pppoe: version"),
            ("PPPoE longer than its frame", [0x88, 0x64, 0x11, 0, 0, 1, 0, 3, 0xC0, 0x21], "pppoe: length"),
            ("GRE of version 2", outer(47, [0, 2, 8, 0], inside: 0), "gre: version"),
            ("GRE with source routes", outer(47, [0x40, 0, 8, 0, 0, 0, 0, 0], inside: 0), "gre: flags"),
            ("PPTP without a key", outer(47, [0x10, 1, 0x88, 0x0B, 0, 0, 0, 1], inside: 0), "gre: flags"),
            ("PPTP longer than its packet", outer(47, [0x20, 1, 0x88, 0x0B, 0, 1, 0, 1], inside: 0), "gre: length"),
            (
                "MPLS without a bottom", [0x88, 0x47] + (0..<40).flatMap { _ in [0, 1, 0, 64] as [UInt8] },
                "mpls: section count"
            ),
            ("IPv6 where IPv4 is announced", outer(4, [], inside: inner6.count) + inner6, "ipv4: version"),
        ] as [(String, [UInt8], String)])
    func refuses(_ name: String, _ header: [UInt8], _ complaint: String) {
        let (packet, counters) = FrameBytes(bytes: Self.stations + header).decode()
        #expect(packet.kind == .other && counters.complaints == [complaint])
    }

    @Test(
        arguments: [
            ("PPPoE discovery", [0x88, 0x63, 0x11, 9, 0, 0, 0, 4, 1, 1, 0, 0], Layer.pppoe),
            ("PPP control", [0x88, 0x64, 0x11, 0, 0, 1, 0, 6, 0xC0, 0x21, 9, 0, 0, 4], .ppp),
            ("MPLS with something else", [0x88, 0x47, 0, 1, 1, 64, 0x10, 0, 0, 1, 2, 3, 4], .mpls),
            (
                "a control word without Ethernet",
                [0x88, 0x47, 0, 1, 1, 64, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 30), .mpls
            ),
        ] as [(String, [UInt8], Layer)])
    func countsAsOther(_ name: String, _ header: [UInt8], _ layer: Layer) {
        let (packet, counters) = FrameBytes(bytes: Self.stations + header).decode()
        #expect(packet.kind == .other && counters.complaints == [] && counters.otherFrames == 1)
        #expect(counters.summary(layer)?.decoded == 1)
    }

    @Test func readsFourEncapsulationsAndNoMore() {
        func nested(_ depth: Int) -> [UInt8] {
            (0..<depth).reduce(Self.inner) { packet, _ in FrameBytes.ipv4(4, packet) }
        }
        var decoder = FrameDecoder()
        let four = FrameBytes(bytes: FrameBytes.ethernetIPv4 + nested(4))
        let packet = decoder.decode(four.bytes.span.bytes, four.info)
        #expect(packet.kind == .tcp && decoder.tunnels(of: packet).map(\.kind) == [.ipInIP, .ipInIP, .ipInIP, .ipInIP])
        for depth in [5, 60] {
            let (packet, counters) = FrameBytes(bytes: FrameBytes.ethernetIPv4 + nested(depth)).decode()
            #expect(packet.kind == .other && counters.complaints == ["ipv4: depth"])
        }
    }

    // MARK: In UDP

    struct Overlay: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var port: UInt16
        var payload: [UInt8]
        var tunnel: Tunnel?
        var kind = Packet.Kind.tcp
    }

    static let overlays = [
        Overlay(
            testDescription: "VXLAN", port: 4789, payload: [8, 0, 0, 0, 0, 0, 42, 0] + innerFrame,
            tunnel: carried(.vxlan, 42)),
        Overlay(
            testDescription: "VXLAN on the old port", port: 8472, payload: [8, 0, 0, 0, 1, 0, 0, 0] + innerFrame,
            tunnel: carried(.vxlan, 65536)),
        Overlay(
            testDescription: "VXLAN with a group policy", port: 4789,
            payload: [0x88, 0, 0, 9, 0, 0, 1, 0] + innerFrame, tunnel: carried(.vxlan, 1)),
        Overlay(
            testDescription: "Geneve", port: 6081, payload: [0, 0, 0x65, 0x58, 0, 1, 0, 0] + innerFrame,
            tunnel: carried(.geneve, 256)),
        Overlay(
            testDescription: "Geneve with options and IPv4", port: 6081,
            payload: [2, 0x40, 8, 0, 0, 0, 7, 0] + [1, 2, 0x80, 1, 9, 9, 9, 9] + inner, tunnel: carried(.geneve, 7)),
        Overlay(testDescription: "no VNI flag", port: 4789, payload: [0, 0, 0, 0, 0, 0, 42, 0] + innerFrame),
        Overlay(testDescription: "reserved bits", port: 4789, payload: [8, 0, 0, 1, 0, 0, 42, 0] + innerFrame),
        Overlay(testDescription: "a reserved byte", port: 4789, payload: [8, 0, 0, 0, 0, 0, 42, 1] + innerFrame),
        Overlay(testDescription: "Geneve of version 1", port: 6081, payload: [0x40, 0, 8, 0, 0, 0, 7, 0] + inner),
        Overlay(testDescription: "Geneve with ARP", port: 6081, payload: [0, 0, 8, 6, 0, 0, 7, 0] + inner),
        Overlay(testDescription: "another port", port: 4790, payload: [8, 0, 0, 0, 0, 0, 42, 0] + innerFrame),
        Overlay(testDescription: "seven bytes", port: 4789, payload: [8, 0, 0, 0, 0, 0, 42]),
        Overlay(testDescription: "nothing", port: 6081, payload: []),
    ]

    private static func datagram(_ overlay: Overlay) -> [UInt8] {
        let length = 8 + overlay.payload.count
        let ports: [UInt8] = [0xC0, 0, UInt8(overlay.port >> 8), UInt8(overlay.port & 255)]
        return stations
            + outer(17, ports + [UInt8(length >> 8), UInt8(length & 255), 0, 0], inside: overlay.payload.count)
            + overlay.payload
    }

    @Test(arguments: overlays) func readsWhatIsInADatagram(_ overlay: Overlay) {
        let frame = FrameBytes(bytes: Self.datagram(overlay))
        var decoder = FrameDecoder()
        let packet = decoder.decode(frame.bytes.span.bytes, frame.info)
        #expect(packet.kind == .udp && packet.depth == 0)
        let inner = decoder.decodeInner(of: packet, in: frame.bytes.span.bytes)
        #expect((inner != nil) == (overlay.tunnel != nil) && decoder.counters.complaints == [])
        guard let inner else { return }
        #expect(inner.kind == .tcp && inner.source == "192.0.2.1" && frame.payload(inner) == [1, 2, 3])
        #expect(decoder.tunnels(of: inner) == [overlay.tunnel])
        #expect(decoder.counters.frames == 1 && decoder.counters.summary(.tcp)?.decoded == 1)
    }

    @Test(arguments: overlays.filter { $0.tunnel != nil }) func survivesEveryCutOfADatagram(_ overlay: Overlay) {
        let bytes = Self.datagram(overlay)
        for length in 42..<bytes.count {
            let frame = FrameBytes(bytes: Array(bytes.prefix(length)), cut: bytes.count - length)
            var decoder = FrameDecoder()
            let span = frame.bytes.span.bytes
            let packet = decoder.decode(span, frame.info)
            let inner = decoder.decodeInner(of: packet, in: span)
            #expect(decoder.counters.complaints == [], "\(length)")
            if length >= bytes.count - 3 { #expect(inner?.kind == .tcp) } else { #expect(inner?.kind != .tcp) }
            #expect((inner ?? packet).payloadOffset + (inner ?? packet).payloadCaptured <= length)
        }
    }

    @Test func neverTraps() {
        var random = SeededNumbers(seed: 77)
        var frames = Self.examples.map { Self.stations + $0.header + $0.inner } + Self.overlays.map(Self.datagram)
        // Tunnels in tunnels.
        frames += frames.map { Self.stations + Self.outer(47, [0, 0, 0x65, 0x58], inside: $0.count) + $0 }
        var decoder = FrameDecoder()
        for bytes in frames {
            for _ in 0..<1_500 {
                var bytes = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let position = Int.random(in: 12..<bytes.count, using: &random)
                    bytes[position] =
                        [0, 1, 4, 5, 0x0F, 0x45, 0x60, 0x7F, 0xFF, UInt8.random(in: .min ... .max, using: &random)]
                        .randomElement(using: &random) ?? 0
                }
                let whole = bytes.count
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
                let frame = FrameBytes(bytes: bytes, cut: Bool.random(using: &random) ? whole - bytes.count : 0)
                let span = frame.bytes.span.bytes
                var packet = decoder.decode(span, frame.info)
                while packet.kind == .udp, let inner = decoder.decodeInner(of: packet, in: span) { packet = inner }
                #expect(packet.payloadOffset >= 0 && packet.payloadCaptured >= 0 && packet.payloadLength >= 0)
                #expect(packet.payloadOffset + packet.payloadCaptured <= bytes.count)
                #expect(decoder.tunnels(of: packet).count == Int(packet.depth))
            }
        }
    }
}
