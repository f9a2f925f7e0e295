import Model

/// The fragments of one or two IP packets, cut as the input says.
///
///     options: 1 | count: 1 | offset, length, control: 3 … | the packet's own bytes …
///
/// Offset and length count eight bytes. Bits of a control byte: 0 more fragments, 1 of the second packet, 2 ten
/// seconds have passed, 3 cut by a snap length, 4 the offset counts 256 more.
enum FragmentTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let options = input.byte()
        let pieces = (0..<Int(input.byte() & 63)).map { _ in
            (offset: Int(input.byte()), length: Int(input.byte()), control: input.byte())
        }
        let isVersion6 = options & 1 != 0
        let transport: UInt8 = [17, 6, isVersion6 ? 58 : 1, 17][Int(options >> 1) & 3]
        let packet = input.rest()
        var time: Int64 = 1_700_000_000_000_000_000
        var frames: [Frame] = []
        for piece in pieces {
            time += piece.control & 4 != 0 ? 10_000_000_000 : 1_000_000
            let offset = piece.offset + (piece.control & 16 != 0 ? 256 : 0)
            let start = min(packet.count, offset * 8)
            let part = Array(packet[start..<min(packet.count, start + piece.length * 8)])
            let isLast = piece.control & 1 == 0
            let id: UInt16 = piece.control & 2 != 0 ? 2 : 1
            var frame: [UInt8]
            if isVersion6 {
                let header =
                    [transport, 0] + Frames.big(UInt16(offset << 3 | (isLast ? 0 : 1))) + Frames.big(UInt32(id))
                frame = Frames.ipv6(44, header + part, isReply: options & 8 != 0)
            } else {
                frame = Frames.ipv4(
                    transport, part, isReply: options & 8 != 0, fragment: UInt16(offset) | (isLast ? 0 : 0x2000), id: id
                )
            }
            let length = frame.count
            if piece.control & 8 != 0 { frame.removeLast(part.count / 2) }
            frames.append(
                Frame(
                    bytes: frame,
                    info: FrameInfo(
                        time: Timestamp(nanoseconds: time), wireLength: length, interface: InterfaceID(0),
                        linkType: .ethernet)))
        }
        var trial = Trial()
        trial.hasSmallTables = options & 0xC0 == 0xC0
        trial.run(frames)
    }
}
