import Benchmark
import Decode
import Model

/// One frame, read down to its transport header again and again.
private final class Reader {
    var decoder = FrameDecoder()
    let frame: [UInt8]
    let info: FrameInfo

    init(_ frame: [UInt8]) {
        self.frame = frame
        info = FrameInfo(
            time: Timestamp(nanoseconds: 0), wireLength: frame.count, interface: InterfaceID(0), linkType: .ethernet)
    }

    @inline(never)
    func read() {
        let frame = frame
        let packet = decoder.decode(frame.span.bytes, info)
        blackHole(packet.payloadLength)
    }
}

func decodeBenchmarks() {
    let payload = [UInt8](repeating: 0x55, count: 1000)
    let segment = Frames.tcp(40000, 443, 0x10, 1, 1, payload)
    let datagram = Frames.udp(40000, 5000, payload)
    let ipv4 = Frames.ipv4(6, segment, isReply: false)
    let tagged = ipv4[..<12] + [0x81, 0, 0, 5] + ipv4[12...]
    let frames: [(String, [UInt8])] = [
        ("Ethernet IPv4 TCP", ipv4),
        ("Ethernet IPv6 TCP", Frames.ipv6(6, segment, isReply: false)),
        ("Ethernet VLAN IPv4 TCP", Array(tagged)),
        ("Ethernet IPv4 UDP", Frames.ipv4(17, datagram, isReply: false)),
        ("Ethernet IPv4 GRE IPv4 TCP", Frames.ipv4(47, [0, 0, 8, 0] + ipv4[14...], isReply: false)),
    ]
    for (name, frame) in frames { measure("Decode \(name)", isFree: true, { Reader(frame) }) { $0.read() } }
    measure("Decode DNS query", isFree: true, { Samples.query(id: 7) }) { message in
        let view = try? DNSView(message.span.bytes, at: 0)
        blackHole(view?.questionCount)
    }
    measure("Decode DNS answer, four addresses as text", { Samples.answer(id: 7) }) { message in
        guard let view = try? DNSView(message.span.bytes, at: 0) else { return }
        blackHole(view.decodedAnswers(limit: 16).records.count)
    }
}
