import Decode
import Model
import Testing

@testable import Correlate

/// The appendices of RFC 9001 and RFC 9369.
@Suite struct QUICKeysTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var version: QUICVersion
        var party: Party
        var key: String
        var iv: String
        var headerKey: String
        var packet: [UInt8]
        /// Where the packet number begins.
        var offset: Int
        var number: UInt64
        var frames: [UInt8]
        var payloadLength: Int
    }

    static let examples = [
        Example(
            testDescription: "v1 client", version: .v1, party: .client, key: "1f369613dd76d5467730efcbe3b1a22d",
            iv: "fa044b2f42a3fd3b46fb255c", headerKey: "9f50449e04a0e810283a1e9933adedd2",
            packet: QUICVectors.clientV1, offset: 18, number: 2, frames: QUICVectors.clientFrames, payloadLength: 1162),
        Example(
            testDescription: "v1 server", version: .v1, party: .server, key: "cf3a5331653c364c88f0f379b6067e37",
            iv: "0ac1493ca1905853b0bba03e", headerKey: "c206b8d9b9f0f37644430b490eeaa314",
            packet: QUICVectors.serverV1, offset: 18, number: 1, frames: QUICVectors.serverFrames, payloadLength: 99),
        Example(
            testDescription: "v2 client", version: .v2, party: .client, key: "8b1a0bc121284290a29e0971b5cd045d",
            iv: "91f73e2351d8fa91660e909f", headerKey: "45b95e15235d6f45a6b19cbcb0294ba9",
            packet: QUICVectors.clientV2, offset: 18, number: 2, frames: QUICVectors.clientFrames, payloadLength: 1162),
        Example(
            testDescription: "v2 server", version: .v2, party: .server, key: "82db637861d55e1d011f19ea71d5d2a7",
            iv: "dd13c276499c0249d3310652", headerKey: "edf6d05c83121201b436e16877593c3a",
            packet: QUICVectors.serverV2, offset: 18, number: 1, frames: QUICVectors.serverFrames, payloadLength: 99),
    ]

    @Test(arguments: examples) func derivesAndOpens(_ example: Example) throws {
        let keys = try #require(
            QUICPacketKeys(version: example.version, destination: QUICVectors.destination, from: example.party))
        #expect(keys.key.withUnsafeBytes { Array($0) } == QUICBytes.hex(example.key))
        #expect(keys.iv == QUICBytes.hex(example.iv))
        #expect(keys.headerKey.withUnsafeBytes { Array($0) } == QUICBytes.hex(example.headerKey))

        let opened = try #require(keys.open(example.packet, packetNumberAt: example.offset, largest: -1))
        #expect(opened.number == example.number)
        #expect(opened.payload.count == example.payloadLength)
        #expect(opened.payload.starts(with: example.frames))
        #expect(opened.payload.dropFirst(example.frames.count).allSatisfy { $0 == 0 })
    }

    /// Every changed byte is noticed: header, packet number, payload and tag are all authentic or none is.
    @Test(arguments: examples) func opensNothingThatWasChanged(_ example: Example) throws {
        let keys = try #require(
            QUICPacketKeys(version: example.version, destination: QUICVectors.destination, from: example.party))
        for index in stride(from: 0, to: example.packet.count, by: example.packet.count / 60) {
            var packet = example.packet
            packet[index] ^= 0x04
            #expect(keys.open(packet, packetNumberAt: example.offset, largest: -1) == nil, "byte \(index)")
        }
    }

    @Test(arguments: examples) func opensNoShortLength(_ example: Example) throws {
        let keys = try #require(
            QUICPacketKeys(version: example.version, destination: QUICVectors.destination, from: example.party))
        for length in 0..<min(example.packet.count, 160) {
            #expect(keys.open(Array(example.packet[..<length]), packetNumberAt: example.offset, largest: -1) == nil)
        }
    }

    @Test func otherVersionsHaveNoKeys() {
        for version in [QUICVersion.negotiation, QUICVersion(rawValue: 0xFF00_001D), QUICVersion(rawValue: 2)] {
            #expect(QUICPacketKeys(version: version, destination: QUICVectors.destination, from: .client) == nil)
        }
    }

    /// RFC 9000 §A.3 and the ends of the windows.
    @Test(arguments: [
        (0x9B32, 16, 0xA82F_30EA, 0xA82F_9B32), (0, 8, -1, 0), (2, 8, -1, 2), (0xFF, 8, -1, 0xFF), (0, 8, 0xFE, 0x100),
        (0xFF, 8, 0x100, 0xFF), (0x80, 8, 0x17F, 0x180), (0x01, 8, 0x17F, 0x201 - 0x100), (0x00, 8, 0x1F0, 0x200),
    ])
    func completesPacketNumbers(_ truncated: UInt64, _ bits: UInt64, _ largest: Int64, _ number: UInt64) {
        #expect(QUICPacketKeys.packetNumber(truncated, bits: bits, largest: largest) == number)
    }

    @Test func retryIsAuthentic() {
        let vectors = [(QUICVersion.v1, QUICVectors.retryV1), (.v2, QUICVectors.retryV2)]
        for (version, packet) in vectors {
            #expect(QUICRetryIntegrity.holds(packet, version: version, original: QUICVectors.destination))
            for index in packet.indices {
                var changed = packet
                changed[index] ^= 1
                #expect(!QUICRetryIntegrity.holds(changed, version: version, original: QUICVectors.destination))
            }
            let other = QUICConnectionID(byteCount: 7) { _ in 1 }
            #expect(!QUICRetryIntegrity.holds(packet, version: version, original: other))
            for length in 0..<packet.count {
                #expect(
                    !QUICRetryIntegrity.holds(
                        Array(packet[..<length]), version: version, original: QUICVectors.destination))
            }
        }
        #expect(!QUICRetryIntegrity.holds(QUICVectors.retryV1, version: .v2, original: QUICVectors.destination))
    }
}
