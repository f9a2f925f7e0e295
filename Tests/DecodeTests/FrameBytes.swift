import Model

@testable import Decode

/// One frame and how it was captured, for the tests of ``FrameDecoder``.
struct FrameBytes {
    var bytes: [UInt8]
    var linkType = LinkType.ethernet
    /// Bytes on the wire beyond those captured; negative when the file claims fewer than it holds.
    var cut = 0

    var info: FrameInfo {
        FrameInfo(
            time: Timestamp(nanoseconds: 7), wireLength: bytes.count + cut, interface: InterfaceID(3),
            linkType: linkType)
    }

    /// What a new decoder makes of it.
    func decode() -> (packet: Packet, counters: LayerCounters) {
        var decoder = FrameDecoder()
        let packet = decoder.decode(bytes.span.bytes, info)
        return (packet, decoder.counters)
    }

    /// The payload's captured bytes, as the packet's ranges give them.
    func payload(_ packet: Packet) -> [UInt8] {
        let span = packet.payload(in: bytes.span.bytes)
        return (0..<span.byteCount).map { span.uint8(at: $0) }
    }

    static let ethernetIPv4: [UInt8] = [
        /* destination */ 2, 0, 0, 0, 0, 2, /* source */ 2, 0, 0, 0, 0, 1, /* IPv4 */ 0x08, 0x00
    ]
    static let ethernetIPv6: [UInt8] = [
        /* destination */ 2, 0, 0, 0, 0, 2, /* source */ 2, 0, 0, 0, 0, 1, /* IPv6 */ 0x86, 0xDD
    ]

    static func ipv4(
        _ transport: UInt8, options: [UInt8] = [], totalLength: Int? = nil, fragment: UInt16 = 0, _ payload: [UInt8]
    ) -> [UInt8] {
        let length = totalLength ?? 20 + options.count + payload.count
        return [UInt8(0x45 + options.count / 4), 0, UInt8(length >> 8), UInt8(length & 255), 0, 1]
            + [UInt8(fragment >> 8), UInt8(fragment & 255), /* TTL */ 57, transport, 0, 0]
            + [192, 0, 2, 1, 198, 51, 100, 2] + options + payload
    }

    static func ipv6(_ next: UInt8, payloadLength: Int? = nil, _ payload: [UInt8]) -> [UInt8] {
        let length = payloadLength ?? payload.count
        return [0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 255), next, /* hop limit */ 61]
            + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1]
            + [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [2]
            + payload
    }

    /// 49152 → 443, sequence 0x01020304.
    static func tcp(offset: UInt8 = 5, flags: UInt8 = 0x18, _ rest: [UInt8] = []) -> [UInt8] {
        [0xC0, 0, 0x01, 0xBB, 1, 2, 3, 4, 5, 6, 7, 8, offset << 4, flags, 0x10, 0, 0, 0, 0, 0] + rest
    }

    /// 49152 → 53.
    static func udp(length: Int? = nil, _ payload: [UInt8]) -> [UInt8] {
        let length = length ?? 8 + payload.count
        return [0xC0, 0, 0, 53, UInt8(length >> 8), UInt8(length & 255), 0, 0] + payload
    }
}

extension LayerCounters {
    func summary(_ layer: Layer) -> LayerSummary? { summary.first { $0.layer == layer } }
    /// `ipv4: total length` for every layer that was found malformed.
    var complaints: [String] { summary.flatMap { layer in layer.reasons.map { "\(layer.layer): \($0.reason)" } } }
    var cutLayers: [Layer] { summary.filter { $0.cut > 0 }.map(\.layer) }
}

extension IPAddress: ExpressibleByStringLiteral {
    /// Tests write addresses as text.
    package init(stringLiteral text: String) { self = IPAddress(text) ?? .anyIPv4 }
}
