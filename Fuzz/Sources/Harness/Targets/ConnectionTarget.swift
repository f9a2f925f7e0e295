import Model

/// A TCP connection that an input speaks through: options, then chunks of either side's bytes.
///
///     options: 1 | control: 1, length: 2, bytes … | …
///
/// The handshake and the numbers of the segments are the harness's business, so an input need only hold what is said;
/// the control byte lets a chunk be lost, repeated, overtaken, cut by a snap length, or split.
enum ConnectionTarget {
    static func run(_ bytes: RawSpan, ports: [UInt16]) {
        var input = Input(bytes)
        let options = input.byte()
        var talk = Talk(port: ports[Int(options >> 4) & 3], isVersion6: options & 1 != 0)
        if options & 2 == 0 { talk.shakeHands() }
        while !input.isAtEnd && talk.frames.count < 200 {
            let control = input.byte()
            let chunk = input.take(Int(input.uint16()))
            talk.say(chunk, control)
        }
        talk.flush()
        if options & 4 != 0 { talk.end(withReset: options & 8 != 0) }
        var trial = Trial()
        trial.hasSmallTables = options & 0xC0 == 0xC0
        trial.run(talk.frames)
    }

    struct Talk {
        private(set) var frames: [Frame] = []
        private let port: UInt16
        private let isVersion6: Bool
        private var time: Int64 = 1_700_000_000_000_000_000
        /// By direction: the client's first.
        private var sequence: [UInt32] = [0xFFFF_F000, 77]
        private var held: [Frame] = []

        init(port: UInt16, isVersion6: Bool) {
            self.port = port
            self.isVersion6 = isVersion6
        }

        mutating func shakeHands() {
            send(0, 0x02, [], options: [2, 4, 5, 0xB4, 4, 2, 1, 1])
            sequence[0] &+= 1
            send(1, 0x12, [], options: [2, 4, 5, 0xB4, 4, 2, 1, 1])
            sequence[1] &+= 1
            send(0, 0x10, [])
        }

        /// Bit 7: the server speaks. Bits 6–4: what befalls the chunk. Bits 3–0: bytes in a segment, as a power of two.
        mutating func say(_ chunk: [UInt8], _ control: UInt8) {
            let direction = Int(control >> 7)
            let fate = control >> 4 & 7
            let step = control & 15 == 0 ? 1400 : 1 << Int(control & 15 - 1)
            var start = 0
            while start < chunk.count && frames.count < 200 {
                let part = Array(chunk[start..<min(chunk.count, start + step)])
                start += part.count
                switch fate {
                case 4: break
                case 5:
                    send(direction, 0x18, part)
                    send(direction, 0x18, part)
                case 6: held.append(frame(direction, 0x18, part))
                case 7: send(direction, 0x18, part, captured: part.count / 2)
                default: send(direction, 0x18, part)
                }
                sequence[direction] &+= UInt32(part.count)
            }
            if fate != 6 { flush() }
        }

        /// What was held back arrives, the last one first.
        mutating func flush() {
            for frame in held.reversed() { append(frame) }
            held = []
        }

        mutating func end(withReset: Bool) {
            if withReset { return send(1, 0x14, []) }
            send(0, 0x11, [])
            sequence[0] &+= 1
            send(1, 0x11, [])
            sequence[1] &+= 1
            send(0, 0x10, [])
        }

        private mutating func send(
            _ direction: Int, _ flags: UInt8, _ payload: [UInt8], options: [UInt8] = [], captured: Int? = nil
        ) {
            var frame = frame(direction, flags, payload, options: options)
            if let captured { frame.bytes.removeLast(payload.count - captured) }
            append(frame)
        }

        private mutating func append(_ frame: Frame) {
            time += 1_000_000
            var frame = frame
            frame.info.time = Timestamp(nanoseconds: time)
            frames.append(frame)
        }

        private func frame(_ direction: Int, _ flags: UInt8, _ payload: [UInt8], options: [UInt8] = []) -> Frame {
            let isReply = direction == 1
            let segment = Frames.tcp(
                isReply ? port : 40000, isReply ? 40000 : port, flags, sequence[direction],
                flags & 0x10 == 0 ? 0 : sequence[1 - direction], options: options, payload)
            let bytes =
                isVersion6 ? Frames.ipv6(6, segment, isReply: isReply) : Frames.ipv4(6, segment, isReply: isReply)
            return Frame(
                bytes: bytes,
                info: FrameInfo(
                    time: Timestamp(nanoseconds: time), wireLength: bytes.count, interface: InterfaceID(0),
                    linkType: .ethernet))
        }
    }
}
