import Model
import Testing

@testable import Decode

/// Valid frames of every link type, with bytes changed and cut off: whatever comes of them, the decoder does not
/// trap, and its ranges stay within the frame.
@Suite struct FrameMutationTests {
    private static let linkHeaders: [(LinkType, [UInt8], isIPv6: Bool)] = [
        (.ethernet, FrameBytes.ethernetIPv4, false), (.ethernet, FrameBytes.ethernetIPv6, true),
        (.ethernet, [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0, 0, 5, 0, 44, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0], false),
        (.linuxSLL, [0, 4, 0, 1, 0, 6, 2, 0, 0, 0, 0, 9, 0, 0, 8, 0], false),
        (.linuxSLL2, [0x86, 0xDD, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 2, 0, 0, 0, 0, 9, 0, 0], true),
        (.null, [2, 0, 0, 0], false), (.loop, [0, 0, 0, 24], true), (.raw, [], false), (.raw12, [], true),
        (.ipv4, [], false), (.ipv6, [], true),
    ]

    private static let transports: [(UInt8, [UInt8])] = [
        (6, FrameBytes.tcp(offset: 8, flags: 2, [2, 4, 5, 0xB4, 8, 10, 0, 0, 0, 1, 0, 0, 1, 2, 3])),
        (17, FrameBytes.udp([1, 2, 3, 4, 5, 6, 7, 8])),
        (1, [3, 1, 0, 0, 0, 0, 0, 0] + FrameBytes.ipv4(17, FrameBytes.udp([1, 2]))),
        (58, [1, 4, 0, 0, 0, 0, 0, 0] + FrameBytes.ipv6(6, FrameBytes.tcp())),
        (58, [135, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 16) + [1, 1, 2, 0, 0, 0, 0, 1]),
        (0, [60, 0, 0, 0, 0, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 9] + FrameBytes.udp([1, 2])),
    ]

    @Test(arguments: 0..<linkHeaders.count) func neverTraps(_ number: Int) {
        let (linkType, header, isIPv6) = Self.linkHeaders[number]
        var random = SeededNumbers(seed: UInt64(number) + 1)
        var decoder = FrameDecoder()
        var count: UInt64 = 0
        for (transport, payload) in Self.transports {
            let packet = isIPv6 ? FrameBytes.ipv6(transport, payload) : FrameBytes.ipv4(transport, payload)
            for _ in 0..<2_000 {
                var bytes = header + packet
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    let position = Int.random(in: 0..<bytes.count, using: &random)
                    // Small and large values are where lengths go wrong.
                    bytes[position] =
                        [0, 1, 4, 5, 0x0F, 0x7F, 0xFF, UInt8.random(in: .min ... .max, using: &random)]
                        .randomElement(using: &random) ?? 0
                }
                let whole = bytes.count
                if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
                let frame = FrameBytes(
                    bytes: bytes, linkType: linkType, cut: Bool.random(using: &random) ? whole - bytes.count : 0)
                let span = frame.bytes.span.bytes
                let decoded = decoder.decode(span, frame.info)
                count += 1
                #expect(decoded.payloadOffset >= 0 && decoded.payloadCaptured >= 0 && decoded.payloadLength >= 0)
                #expect(decoded.payloadOffset + decoded.payloadCaptured <= bytes.count)
                guard decoded.kind == .icmp else { continue }
                #expect(decoded.headerOffset + 8 <= bytes.count)
                let message = try? ICMPView(
                    decoded.message(in: span), version: decoded.source.version, at: decoded.headerOffset)
                if let message {
                    _ = try? message.quotation()
                    _ = try? message.neighbourDiscovery()
                }
            }
        }
        #expect(decoder.counters.frames == count)
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
