import Decode
import Model

/// Where one DNS message was found: everything of its datagram, or of its place in a stream, that it takes to follow it.
struct DNSOrigin {
    /// The request that carries it, and who of the two sent it: 0 the client, 1 the server.
    let slot: Int
    let direction: Int
    let transport: TransportProtocol
    /// When its last octet arrived.
    let time: Timestamp
    /// Where its first octet stands in the frame (or in what was put together of several), for errors.
    let offset: Int
    /// Less of it was captured than was on the wire.
    let isCut: Bool
    /// The station that the frame was sent to.
    let destinationMAC: MACAddress?

    init(
        slot: Int, direction: Int, transport: TransportProtocol, time: Timestamp, offset: Int, isCut: Bool,
        destinationMAC: MACAddress?
    ) {
        self.slot = slot
        self.direction = direction
        self.transport = transport
        self.time = time
        self.offset = offset
        self.isCut = isCut
        self.destinationMAC = destinationMAC
    }

    /// A message that is a whole datagram.
    init(_ packet: Packet, slot: Int, direction: Int) {
        self.init(
            slot: slot, direction: direction, transport: .udp, time: packet.time, offset: packet.payloadOffset,
            isCut: packet.payloadCaptured < packet.payloadLength, destinationMAC: packet.destinationMAC)
    }
}

/// The UDP ports at which names are asked for.
enum NamePort {
    /// RFC 1035 §4.2.
    static let dns: UInt16 = 53
    /// RFC 6762 §3, RFC 4795 §2.
    static let mdns: UInt16 = 5353
    static let llmnr: UInt16 = 5355
    /// RFC 1002 §4.2.
    static let nbns: UInt16 = 137

    /// The protocol that is spoken from or to the ports of a datagram. A resolver's port tells more than the other one, which
    /// may be any.
    @inline(__always)
    static func kind(_ packet: Packet) -> LookupKind? {
        let (source, destination) = (packet.sourcePort, packet.destinationPort)
        // Most datagrams are of none.
        if source == dns || destination == dns { return .dns }
        if max(source, destination) < nbns || min(source, destination) > llmnr { return nil }
        return kind(destination) ?? kind(source)
    }

    @inline(__always)
    private static func kind(_ port: UInt16) -> LookupKind? {
        switch port {
        case mdns: .mdns
        case llmnr: .llmnr
        case nbns: .nbns
        default: nil
        }
    }
}
