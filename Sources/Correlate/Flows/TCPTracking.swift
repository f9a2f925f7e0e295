import Decode
import Model

extension Correlator {
    mutating func observeTCP(_ packet: Packet, _ frame: RawSpan) {
        let key = FlowKey(
            source: packet.source, packet.sourcePort, destination: packet.destination, packet.destinationPort,
            protocolNumber: TransportProtocol.tcp.rawValue)
        let hash = key.hash(hash)
        var found = find(key, hash, at: packet.time)
        var earlier: Timestamp?
        if packet.flags.contains(.syn), let old = found, isNewConnection(packet, key, old) {
            let first = Timestamp(nanoseconds: flows.cold[request(of: old)].first)
            forgetOwners(old, until: first)
            complete(old, flows.hot[old].phase == .closed ? .closed : .portReused)
            found = nil
            earlier = first
        }
        let slot = found ?? begin(key, hash, packet, frame)
        if let earlier {
            flows.cold[slot].turns.insert(.portReused)
            passOverOwners(slot, until: earlier)
        }
        let direction = flows.hot[slot].direction(of: key)
        guard admit(slot, direction, packet) else { return }
        let turn = TCPTracker.apply(packet, direction, &flows.hot[slot], &flows.cold[slot], &holes, &deviations)
        if packet.flags.contains(.syn) { readOptions(slot, direction, packet, frame) }
        if wantsStream(slot, direction, packet) { readStream(slot, direction, packet, frame) }
        if let turn {
            if flows.cold[slot].stream != 0 { noteEnd(turn, slot, direction, packet.time) }
            noteChange(slot)
            if flows.cold[slot].race != 0 { noteRaceChange(flows.cold[slot].race) }
        }
    }

    /// The first segment of a connection: whose it is, and how far the connection has come without us.
    @inline(never)
    private mutating func begin(_ key: FlowKey, _ hash: UInt32, _ packet: Packet, _ frame: RawSpan) -> Int {
        let isSyn = packet.flags.contains(.syn)
        let isSynAck = isSyn && packet.flags.contains(.ack)
        let isFlipped =
            isSyn ? isSynAck : PortRank(packet.sourcePort) < PortRank(packet.destinationPort)
        let slot = begin(
            key, hash, packet, frame, phase: isSyn ? .unanswered : .established, sourceIsClient: !isFlipped)
        if flows.hot[slot].isLeg { return slot }
        flows.hot[slot].marks.formUnion([.watchesClient, .watchesServer])
        if isFlipped { flows.cold[slot].history.append(.flipped, 1) }
        if isSyn {
            if !isSynAck { noteSYN(slot, packet) }
            noteChange(slot)
            if !isSynAck, !given.isEmpty { noteAttempt(slot, packet) }
        }
        return slot
    }

    /// A SYN on a tuple that is in use: the same attempt again, or a new connection on a used port?
    private mutating func isNewConnection(_ packet: Packet, _ key: FlowKey, _ slot: Int) -> Bool {
        let direction = flows.hot[slot].direction(of: key)
        if flows.hot[slot].isLeg { return isNewOnLeg(slot, direction, packet) }
        // A SYN-ACK begins nothing, and a SYN of the server's side is a simultaneous open (RFC 9293 §3.5).
        if packet.flags.contains(.ack) { return false }
        let first = packet.sequenceNumber &+ 1
        if flows.cold[slot].synCount[direction] > 0 {
            return first != flows.cold[slot].base[direction] && isReusable(slot, packet.time)
        }
        let isSilent = packet.time - Timestamp(nanoseconds: flows.hot[slot].last) > Self.reusableAfter
        // A SYN of the other side: a simultaneous open (RFC 9293 §3.5), or the SYN-ACK was seen before its SYN.
        if flows.cold[slot].synCount[1 - direction] > 0 { return flows.hot[slot].phase == .closed || isSilent }
        // Nothing but later segments was seen: its own SYN, out of order, or that of another connection.
        let isItsOwn =
            flows.hot[slot].marks.contains(Flow.sequenceKnown(direction)) && !isSilent
            && flows.cold[slot].base[direction] &- first <= Self.reorderedWithin
        return !isItsOwn
    }

    /// Silence after which a SYN is taken for a new connection's.
    private static let reusableAfter = TimeSpan.seconds(30)
    /// Bytes that may have overtaken their SYN: more than an initial window of any kind.
    private static let reorderedWithin: UInt32 = 1 << 20

    /// A SYN out of the blue does not end a connection that is alive (RFC 5961 §4); one that is closed, was never
    /// answered, or has been silent for a while gives way.
    private mutating func isReusable(_ slot: Int, _ time: Timestamp) -> Bool {
        switch flows.hot[slot].phase {
        case .closed, .unanswered: true
        case .empty, .answered, .established, .halfClosed, .datagrams:
            time - Timestamp(nanoseconds: flows.hot[slot].last) > Self.reusableAfter
        }
    }

    @inline(never)
    private mutating func readOptions(
        _ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan
    ) {
        if flows.cold[slot].synCount[direction] == 1 {
            flows.cold[slot].options[direction] = PackedOptions(packet.tcpOptions(in: frame))
        }
    }
}
