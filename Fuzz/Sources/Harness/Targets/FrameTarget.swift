import Decode
import Model

/// One frame: the first byte picks the link type, the second says how much longer it was on the wire.
enum FrameTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        let linkType = LinkType.allCases[Int(input.byte()) % LinkType.allCases.count]
        let missing = Int(input.byte())
        let frame = input.rest()
        let info = FrameInfo(
            time: Timestamp(nanoseconds: 1_700_000_000_000_000_000),
            wireLength: missing == 255 ? 0 : frame.count + missing, interface: InterfaceID(0), linkType: linkType)
        var decoder = FrameDecoder()
        let packet = decoder.decode(frame.span.bytes, info)
        let payload = packet.payload(in: frame.span.bytes)
        demand(payload.byteCount == packet.payloadCaptured, "a payload of another length")
        switch packet.kind {
        case .tcp: _ = packet.tcpOptions(in: frame.span.bytes)
        case .udp: MessageWalk.dns(payload)
        case .icmp, .arp, .fragment, .other: break
        }
        Trial().run([Frame(bytes: frame, info: info)])
    }
}
