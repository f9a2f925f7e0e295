import Model
import Testing

@testable import Decode

@Suite struct TransportLayerTests {
    @Test func readsUDP() throws {
        let bytes = FrameBytes.udp([1, 2, 3, 4])
        let view = try UDPView(bytes.span.bytes, at: 34)
        #expect(view.sourcePort == 49152 && view.destinationPort == 53 && view.length == 12)
    }

    @Test(arguments: 0..<8) func refusesEveryShortUDPHeader(_ length: Int) {
        let bytes = [UInt8](repeating: 0, count: length)
        #expect(throws: DecodeError.truncated(.udp, at: 34, needs: 8, has: length)) {
            _ = try UDPView(bytes.span.bytes, at: 34).length
        }
    }

    @Test(arguments: 1..<8) func refusesUDPLengthsBelowTheHeaders(_ length: Int) {
        let bytes = FrameBytes.udp(length: length, [1, 2])
        #expect(throws: DecodeError.invalid(.udp, at: 38, field: .length, value: length)) {
            _ = try UDPView(bytes.span.bytes, at: 34).length
        }
    }

    @Test func readsTCP() throws {
        let bytes = FrameBytes.tcp(offset: 6, flags: 0xC2, [1, 1, 1, 0])
        let view = try TCPView(bytes.span.bytes, at: 34)
        #expect(view.sourcePort == 49152 && view.destinationPort == 443)
        #expect(view.sequenceNumber == 0x0102_0304 && view.acknowledgmentNumber == 0x0506_0708)
        #expect(view.headerLength == 24 && view.window == 0x1000)
        #expect(view.flags == .syn | .ece | .cwr)
        #expect(view.flags.contains(.syn) && !view.flags.contains(.syn | .ack) && view.flags.intersects(.ack | .syn))
    }

    @Test(arguments: 0..<20) func refusesEveryShortTCPHeader(_ length: Int) {
        let bytes = Array(FrameBytes.tcp().prefix(length))
        #expect(throws: DecodeError.truncated(.tcp, at: 34, needs: 20, has: length)) {
            _ = try TCPView(bytes.span.bytes, at: 34).window
        }
    }

    @Test(arguments: 0..<5) func refusesSmallDataOffsets(_ words: Int) {
        let bytes = FrameBytes.tcp(offset: UInt8(words))
        #expect(throws: DecodeError.invalid(.tcp, at: 46, field: .dataOffset, value: words * 4)) {
            _ = try TCPView(bytes.span.bytes, at: 34).window
        }
    }

    struct OptionsExample: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var expected: TCPOptions

        init(_ testDescription: String, _ bytes: [UInt8], _ change: (inout TCPOptions) -> Void = { _ in }) {
            self.testDescription = testDescription
            self.bytes = bytes
            expected = TCPOptions()
            change(&expected)
        }
    }

    @Test(arguments: [
        OptionsExample("none", []),
        OptionsExample("the segment size", [2, 4, 5, 0xB4]) { $0.maximumSegmentSize = 1460 },
        OptionsExample("the window scale behind padding", [1, 3, 3, 14]) { $0.windowScale = 14 },
        OptionsExample("SACK and timestamps", [4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0]) {
            $0.selectiveAcknowledgment = true
            $0.timestamps = true
        },
        OptionsExample("Multipath TCP and Fast Open", [30, 4, 0, 1, 34, 2, 1, 1]) {
            $0.multipath = true
            $0.fastOpen = true
        },
        OptionsExample("unknown ones are passed over", [253, 4, 0xF9, 0x89, 2, 4, 5, 0xB4]) {
            $0.maximumSegmentSize = 1460
        },
        OptionsExample("nothing behind the end of the list", [0, 2, 4, 5, 0xB4, 0, 0, 0]),
        OptionsExample("a length of zero", [2, 0, 5, 0xB4]),
        OptionsExample("a length of one", [4, 1, 4, 2]),
        OptionsExample("a length beyond the header", [2, 4, 5, 0xB4, 8, 10, 0, 0]) { $0.maximumSegmentSize = 1460 },
        OptionsExample("a kind without a length", [1, 1, 1, 8]),
        OptionsExample("the segment size with another length", [2, 3, 5, 1]),
    ])
    func options(_ example: OptionsExample) throws {
        let bytes = FrameBytes.tcp(offset: UInt8(5 + example.bytes.count / 4), example.bytes + [2, 4, 0, 1])
        #expect(try TCPView(bytes.span.bytes, at: 34).options == example.expected)
        // Cut anywhere within the options: what is there is read, or nothing.
        for length in 20..<20 + example.bytes.count {
            let cut = Array(bytes.prefix(length))
            _ = try TCPView(cut.span.bytes, at: 34).options
        }
        let frame = FrameBytes(bytes: FrameBytes.ethernetIPv4 + FrameBytes.ipv4(6, bytes))
        let packet = frame.decode().packet
        #expect(packet.tcpOptions(in: frame.bytes.span.bytes) == example.expected)
    }
}
