import Decode
import Model

extension Correlator {
    mutating func observeUDP(_ packet: Packet, _ frame: RawSpan) {
        let key = FlowKey(
            source: packet.source, packet.sourcePort, destination: packet.destination, packet.destinationPort,
            protocolNumber: TransportProtocol.udp.rawValue)
        let hash = key.hash(hash)
        let kind = NamePort.kind(packet)
        if let kind, kind != .dns { return observeGroupDatagram(kind, packet, key, hash, frame) }
        let slot: Int
        let direction: Int
        if let found = find(key, hash, at: packet.time) {
            slot = found
            direction = flows.hot[found].direction(of: key)
        } else {
            (slot, direction) = beginDatagrams(key, hash, packet, frame)
        }
        guard admit(slot, direction, packet) else { return }
        countDatagram(slot, direction, packet)
        if flows.hot[slot].marks.contains(Flow.watches(direction)) { readQUIC(slot, direction, packet, frame) }
        if kind != nil {
            observeDNS(packet.payload(in: frame), DNSOrigin(packet, slot: slot, direction: direction))
        } else if DHCPView.isPort(packet.destinationPort) {
            observeDHCP(slot, packet, frame)
        }
    }

    /// What a frame leads to beyond its own packet: those inside of it, and the datagrams that it makes whole.
    @inline(never)
    mutating func followFurther(_ packet: Packet, _ frame: RawSpan) {
        followInner(of: packet, frame)
        followDatagrams()
    }

    /// The packets inside of a datagram of VXLAN or Geneve, from the outside in; the decoder bounds how deep.
    mutating func followInner(of datagram: Packet, _ frame: RawSpan) {
        var outer = datagram
        while outer.kind == .udp, let inner = decoder.decodeInner(of: outer, in: frame) {
            if settings.keepsRecords { noteTunnel(outer, in: inner) }
            follow(inner, frame)
            outer = inner
        }
    }

    /// Tells the request of `outer` that it carries a tunnel.
    private mutating func noteTunnel(_ outer: Packet, in inner: Packet) {
        let key = FlowKey(
            source: outer.source, outer.sourcePort, destination: outer.destination, outer.destinationPort,
            protocolNumber: TransportProtocol.udp.rawValue)
        guard inner.depth > outer.depth, let found = flows.find(key, hash: key.hash(hash)) else { return }
        let slot = request(of: found)
        guard attachments[flows.cold[slot].attachment]?.application.kind == nil else { return }
        let isGeneve = decoder.tunnels(of: inner)[Int(outer.depth)].kind == .geneve
        attachments.demand(&flows.cold[slot]).application.kind = isGeneve ? .geneve : .vxlan
    }

    /// A datagram that has no exchange of its own yet: that of a connection that moved, or the first of a new one.
    @inline(never)
    private mutating func beginDatagrams(
        _ key: FlowKey, _ hash: UInt32, _ packet: Packet, _ frame: RawSpan
    ) -> (slot: Int, direction: Int) {
        if let moved = findMoved(key, hash, packet, frame) { return moved }
        let quic = Self.quicBeginning(packet, frame)
        let isServers = quic?.isServers == true || Self.isAnswer(packet, frame)
        let slot = begin(key, hash, packet, frame, phase: .datagrams, sourceIsClient: !isServers)
        if let quic, !flows.hot[slot].isLeg { beginQUIC(slot, quic) }
        return (slot, flows.hot[slot].direction(of: key))
    }

    /// A DNS response (RFC 1035 §4.1.1: QR) from a name server's port: its question was not seen.
    private static func isAnswer(_ packet: Packet, _ frame: RawSpan) -> Bool {
        guard packet.sourcePort == NamePort.dns,
            let message = try? DNSView(packet.payload(in: frame), at: packet.payloadOffset)
        else { return false }
        return message.isResponse
    }

    /// An echo request or reply; requests are told apart by addresses and identifier (RFC 792, RFC 4443).
    mutating func observeEcho(_ packet: Packet, identifier: UInt16, isReply: Bool, _ frame: RawSpan) {
        let key = FlowKey(
            source: packet.source, identifier, destination: packet.destination, identifier,
            protocolNumber: packet.protocolNumber)
        let hash = key.hash(hash)
        let slot =
            find(key, hash, at: packet.time)
            ?? begin(key, hash, packet, frame, phase: .datagrams, sourceIsClient: !isReply)
        // With the same address at both ends, only the type tells the direction.
        guard admit(slot, isReply ? 1 : 0, packet) else { return }
        countDatagram(slot, isReply ? 1 : 0, packet)
    }

    @inline(__always)
    mutating func countDatagram(_ slot: Int, _ direction: Int, _ packet: Packet) {
        let time = packet.time.nanoseconds
        let isTurn = flows.hot[slot].segments[direction] == 0
        flows.hot[slot].countSegment(direction, &flows.cold[slot])
        if isTurn { flows.cold[slot].history.append(.data, direction) }
        if packet.payloadLength > 0 {
            if flows.hot[slot].payload[direction] == 0 {
                flows.cold[slot].firstPayload[direction] = TCPTracker.mark(time)
            }
            flows.hot[slot].payload[direction] &+= UInt64(truncatingIfNeeded: packet.payloadLength)
            flows.hot[slot].lastPayload[direction] = time
        }
        if isTurn { noteChange(slot) }
    }
}
