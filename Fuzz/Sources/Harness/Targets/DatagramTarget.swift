import Model

/// Datagrams between two hosts: options, then one datagram after the other.
///
///     options: 1 | control: 1, length: 2, bytes … | …
enum DatagramTarget {
    static func run(_ bytes: RawSpan, ports: [(UInt16, UInt16)], walk: (RawSpan) -> Void = { _ in }) {
        var input = Input(bytes)
        let options = input.byte()
        var exchange = Exchange(isVersion6: options & 1 != 0)
        while !input.isAtEnd && exchange.frames.count < 100 {
            let control = input.byte()
            let payload = input.take(Int(input.uint16()))
            walk(payload.span.bytes)
            exchange.send(payload, control, between: ports[Int(control) & 3])
        }
        var trial = Trial()
        trial.hasSmallTables = options & 0xC0 == 0xC0
        trial.run(exchange.frames)
    }

    struct Exchange {
        private(set) var frames: [Frame] = []
        let isVersion6: Bool
        private var time: Int64 = 1_700_000_000_000_000_000

        init(isVersion6: Bool) { self.isVersion6 = isVersion6 }

        /// Bit 7: the server speaks. Bit 6: it was cut. Bit 5: ten seconds have passed.
        mutating func send(_ payload: [UInt8], _ control: UInt8, between ports: (UInt16, UInt16)) {
            let isReply = control & 0x80 != 0
            let datagram = Frames.udp(isReply ? ports.1 : ports.0, isReply ? ports.0 : ports.1, payload)
            var bytes =
                isVersion6 ? Frames.ipv6(17, datagram, isReply: isReply) : Frames.ipv4(17, datagram, isReply: isReply)
            let length = bytes.count
            if control & 0x40 != 0 { bytes.removeLast(payload.count / 2) }
            time += control & 0x20 != 0 ? 10_000_000_000 : 1_000_000
            frames.append(
                Frame(
                    bytes: bytes,
                    info: FrameInfo(
                        time: Timestamp(nanoseconds: time), wireLength: length, interface: InterfaceID(0),
                        linkType: .ethernet)))
        }
    }
}

enum DNSTarget {
    static func run(_ bytes: RawSpan) {
        DatagramTarget.run(bytes, ports: [(40000, 53), (5353, 5353), (40001, 5355), (137, 137)]) { MessageWalk.dns($0) }
    }
}
