import Model
import Testing

@testable import Decode

/// Fragments as the decoder reads them; putting them together is the correlator's business.
@Suite struct FragmentTests {
    private static func header6(_ next: UInt8, _ position: UInt16, id: UInt8 = 9) -> [UInt8] {
        [next, 0, UInt8(position >> 8), UInt8(position & 255), 0, 0, 0, id]
    }

    @Test(
        arguments: [
            (FrameBytes.ethernetIPv4 + FrameBytes.ipv4(17, fragment: 0x2000, [1, 2, 3]), 1, 0, false, 34),
            (FrameBytes.ethernetIPv4 + FrameBytes.ipv4(17, fragment: 0x20B9, [1, 2, 3]), 1, 1480, false, 34),
            (FrameBytes.ethernetIPv4 + FrameBytes.ipv4(17, fragment: 0x1FFF, [1, 2, 3]), 1, 65_528, true, 34),
            (FrameBytes.ethernetIPv6 + FrameBytes.ipv6(44, header6(17, 0x05A9) + [1, 2, 3]), 9, 1448, false, 62),
            (FrameBytes.ethernetIPv6 + FrameBytes.ipv6(44, header6(17, 0x05A8) + [1, 2, 3]), 9, 1448, true, 62),
        ] as [([UInt8], UInt32, Int, Bool, Int)])
    func tellsWhichPieceItIs(_ bytes: [UInt8], _ identification: UInt32, _ offset: Int, _ isLast: Bool, _ start: Int) {
        var decoder = FrameDecoder()
        let frame = FrameBytes(bytes: bytes)
        let packet = decoder.decode(bytes.span.bytes, frame.info)
        #expect(packet.kind == .fragment && packet.protocolNumber == 17 && packet.payloadOffset == start)
        #expect(frame.payload(packet) == [1, 2, 3])
        #expect(
            decoder.fragment == FragmentHeader(identification: identification, offset: offset, isLast: isLast))
        #expect(decoder.counters.summary(.fragment)?.decoded == 1)
        #expect(decoder.counters.laterFragments == (offset > 0 ? 1 : 0))
    }

    @Test(arguments: 0..<8) func refusesEveryShortFragmentHeader(_ length: Int) {
        let bytes =
            FrameBytes.ethernetIPv6 + FrameBytes.ipv6(44, payloadLength: 8, Array(Self.header6(17, 1).prefix(length)))
        let cut = FrameBytes(bytes: bytes, cut: 8 - length).decode()
        #expect(cut.packet.kind == .other && cut.counters.cutLayers == [.fragment])
        #expect(FrameBytes(bytes: bytes).decode().counters.complaints == ["fragment: too short"])
    }

    /// What the pieces come to, read from the buffer that they were joined in.
    @Test func readsADatagramPutTogether() {
        var decoder = FrameDecoder()
        let frame = FrameBytes(bytes: FrameBytes.ethernetIPv6 + FrameBytes.ipv6(44, Self.header6(60, 1) + [1]))
        let head = decoder.decode(frame.bytes.span.bytes, frame.info)
        // Destination options belong to the fragmentable part.
        let whole = [17, 0, 1, 4, 0, 0, 0, 0] + FrameBytes.udp([5, 6, 7])
        let packet = decoder.decode(whole.span.bytes, length: whole.count, of: head, in: [], isWhole: true)
        #expect(packet.kind == .udp && packet.isReassembled && packet.destinationPort == 53)
        #expect(packet.source == head.source && packet.sourceMAC == head.sourceMAC)
        #expect(FrameBytes(bytes: whole).payload(packet) == [5, 6, 7])
        // A first fragment by itself counts the datagram by its own length.
        let part = FrameBytes.udp(length: 3008, [5, 6])
        var first = head
        first.protocolNumber = 17
        let alone = decoder.decode(part.span.bytes, length: part.count, of: first, in: [], isWhole: false)
        #expect(alone.kind == .udp && alone.payloadLength == 3000 && alone.payloadCaptured == 2)
        #expect(!alone.isReassembled && decoder.counters.complaints == [])
        // The same length in a whole datagram is a lie.
        _ = decoder.decode(part.span.bytes, length: part.count, of: first, in: [], isWhole: true)
        #expect(decoder.counters.complaints == ["udp: length"])
    }

    @Test func aFragmentIsNotInAFragment() {
        var decoder = FrameDecoder()
        let frame = FrameBytes(bytes: FrameBytes.ethernetIPv6 + FrameBytes.ipv6(44, Self.header6(44, 1) + [1]))
        let head = decoder.decode(frame.bytes.span.bytes, frame.info)
        #expect(head.kind == .fragment && head.protocolNumber == 44)
        let whole = Self.header6(17, 1) + FrameBytes.udp([1])
        let packet = decoder.decode(whole.span.bytes, length: whole.count, of: head, in: [], isWhole: true)
        #expect(packet.kind == .other && decoder.counters.complaints == ["fragment: extension header chain"])
    }
}
