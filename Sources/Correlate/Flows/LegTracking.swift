import Decode
import Model

// One request at several places: NAT rewrites its tuple, and bridges, routers and tunnels show its packets on several
// interfaces. What is seen elsewhere is a leg: told with its times, and not counted again.
//
// A leg with another tuple has a slot of its own in the flow table, so that its packets are found like any others; a mark
// keeps them from being counted, and the slot goes when its request goes.

extension Correlator {
    /// Packets of a leg, or copies of a request's, that are looked at for where and when they were first seen.
    static let legWatchLimit: UInt32 = 64

    /// The request that a slot stands for: its own, or that of which it is a leg.
    @inline(__always)
    func request(of slot: Int) -> Int {
        flows.hot[slot].isLeg ? Int(flows.cold[slot].legOf) : slot
    }

    /// The request that begins with `packet` in `slot` is one that was seen before the rewrite.
    ///
    /// - Returns: whether it is a leg now.
    @inline(never)
    mutating func beginLeg(_ slot: Int, _ packet: Packet, _ frame: RawSpan, sourceIsClient: Bool) -> Bool {
        if !translations.isEmpty, let tuple = tuple(slot),
            let translation = translations.translation(ofResult: tuple, at: packet.time),
            let before = find(translation.original), before != slot
        {
            adopt(slot, by: request(of: before), .conntrack)
            return true
        }
        if !sourceIsClient, packet.kind == .tcp, packet.flags.contains(.syn), joinElsewhere(slot, packet) {
            return true
        }
        guard let print = SegmentPrint(packet, frame) else { return false }
        let earlier = beginnings.find(print)
        beginnings.note(print, slot, flows.cold[slot].generation, packet, isClients: sourceIsClient)
        guard let earlier, mayBeBefore(earlier, packet, print) else { return false }
        let request = request(of: Int(earlier.slot))
        adopt(slot, by: request, .segment)
        if settings.keepsRecords, let own = tuple(slot) {
            let sent = sourceIsClient ? own : own.reversed
            inferTranslation(request, earlier, after: sent, at: packet.time)
        }
        return true
    }

    /// Whether the packet with the same print, seen a moment before, may be the same packet before it was rewritten.
    ///
    /// A router takes one from its TTL. The way it came is another than the way it left, and one address at least stays,
    /// unless it turned round on the spot.
    private func mayBeBefore(_ earlier: RecentBeginnings.Entry, _ packet: Packet, _ print: SegmentPrint) -> Bool {
        let slot = Int(earlier.slot)
        guard flows.hot[slot].isUsed, flows.cold[slot].generation == earlier.generation,
            flows.hot[slot].protocolNumber == packet.protocolNumber,
            flows.hot[slot].version == packet.source.version.rawValue,
            packet.timeToLive <= earlier.timeToLive
        else { return false }
        let hops = earlier.timeToLive - packet.timeToLive
        let isSameInterface = earlier.interface == packet.interface.index
        let age = packet.time - Timestamp(nanoseconds: earlier.time)
        guard age.nanoseconds >= 0, age <= Self.forwardedWithin else { return false }
        let flow = flows.hot[slot]
        let (source, destination) = earlier.isClients ? (flow.client, flow.server) : (flow.server, flow.client)
        if hops == 0 {
            // A bridge with netfilter does not count as a router: what it rewrites is one end, from port to port.
            return print.isStrong && !isSameInterface
                && (source == Endpoint(packet.source, packet.sourcePort)
                    || destination == Endpoint(packet.destination, packet.destinationPort))
        }
        guard hops == 1 || !isSameInterface && hops <= Self.hopLimit else { return false }
        let keeps = source.address == packet.source || destination.address == packet.destination
        guard keeps || print.isStrong else { return false }
        // Without a number of the sender's own, only a rewrite that keeps the sum of each address is believed (RFC 6296).
        return print.isStrong || print.hasIdentification
            || source.port == packet.sourcePort && destination.port == packet.destinationPort
                && source.address.isSumNeutral(to: packet.source)
                && destination.address.isSumNeutral(to: packet.destination)
    }

    /// Routers between the two places where a packet was seen.
    private static let hopLimit: UInt8 = 8
    private static let forwardedWithin = TimeSpan.seconds(1)

    /// What the two tuples of one packet say of a rewrite, until the kernel says better.
    ///
    /// - Parameter after: as the packet was sent when it was seen the second time.
    private mutating func inferTranslation(
        _ request: Int, _ earlier: RecentBeginnings.Entry, after: FlowTuple, at time: Timestamp
    ) {
        let attachment = attachments.demand(&flows.cold[request])
        guard let first = tuple(Int(earlier.slot)) else { return }
        if let known = attachment.translation {
            // A bridge rewrites one end after the other.
            guard known.how == .segment, earlier.isClients, known.translated == first else { return }
            attachment.translation?.reply = after.reversed
            return
        }
        // An answer comes from where the rewrite led, and is seen there before it is written back.
        attachment.translation =
            earlier.isClients
            ? Translation(original: first, reply: after.reversed, how: .segment, began: time)
            : Translation(original: after.reversed, reply: first.reversed, how: .segment, began: time)
        attachment.untranslated = nil
    }

    /// Makes what was a request, if only just, a leg of another.
    mutating func adopt(_ slot: Int, by request: Int, _ how: Translation.How) {
        guard slot != request, !flows.hot[request].isLeg, !flows.hot[slot].isLeg else { return }
        let (flow, detail) = (flows.hot[slot], flows.cold[slot])
        if let told = attachments[detail.attachment]?.lookups, !told.isEmpty {
            attachments.demand(&flows.cold[request]).toldByLeg += told
        }
        discard(slot)
        flows.hot[slot].marks = flow.marks.intersection(.clientIsHigh).union(.isLeg)
        flows.hot[slot].interface = [.max, .max]
        flows.hot[slot].phase = flow.phase == .datagrams ? .datagrams : .established
        flows.cold[slot].legOf = UInt32(truncatingIfNeeded: request)
        flows.cold[slot].nextLeg = flows.cold[request].nextLeg
        flows.cold[request].nextLeg = UInt32(truncatingIfNeeded: slot)
        if how == .conntrack { flows.hot[slot].marks.insert(.legIsTold) }
        let counted = flow.segments[0] &+ flow.segments[1]
        let (sum, isTooLarge) = flows.cold[request].copiesElsewhere.addingReportingOverflow(counted)
        flows.cold[request].copiesElsewhere = isTooLarge ? .max : sum
        guard settings.keepsRecords, let tuple = tuple(slot) else { return }
        // It was seen before it was known to be a leg.
        for direction in 0..<2 where flow.interface[direction] != .max {
            noteLeg(
                request, tuple, direction, flow.interface[direction], [], how,
                at: Self.firstSeen(direction, flow, detail))
        }
        noteChange(request)
    }

    /// When a direction of a request was first seen, by the marks that its first packet left; 0 when it left none.
    static func firstSeen(_ direction: Int, _ flow: Flow, _ detail: FlowDetail) -> Int64 {
        if detail.firstSyn[direction] != 0 { return detail.firstSyn[direction] }
        if detail.firstPayload[direction] != 0 { return detail.firstPayload[direction] }
        // Refused with the only segment of that side.
        if flow.segments[direction] == 1, detail.rst[direction] != 0 { return detail.rst[direction] }
        return direction == 0 || flow.segments[0] == 0 ? detail.first : 0
    }

    /// A packet of a leg.
    @inline(never)
    mutating func countLeg(_ slot: Int, _ direction: Int, _ packet: Packet) {
        let request = Int(flows.cold[slot].legOf)
        if packet.time.nanoseconds > flows.hot[slot].last { flows.hot[slot].last = packet.time.nanoseconds }
        if flows.hot[slot].segments[direction] < .max { flows.hot[slot].segments[direction] += 1 }
        noteForUnclaimed(slot, direction, packet)
        if flows.cold[request].copiesElsewhere < .max { flows.cold[request].copiesElsewhere &+= 1 }
        guard flows.hot[slot].segments[direction] <= Self.legWatchLimit, settings.keepsRecords,
            let tuple = tuple(slot)
        else { return }
        noteLeg(
            request, tuple, direction, packet.interface.index, packet.depth > 0 ? decoder.tunnels(of: packet) : [],
            flows.hot[slot].marks.contains(.legIsTold) ? .conntrack : .segment, at: packet.time.nanoseconds)
    }

    /// A copy of a packet of the request itself, on another interface than the one it is counted on.
    @inline(never)
    mutating func countCopy(_ slot: Int, _ direction: Int, _ packet: Packet) {
        if flows.cold[slot].copiesElsewhere < .max { flows.cold[slot].copiesElsewhere &+= 1 }
        guard flows.cold[slot].copiesElsewhere <= Self.legWatchLimit, settings.keepsRecords, let tuple = tuple(slot)
        else { return }
        noteLeg(
            slot, tuple, direction, packet.interface.index, packet.depth > 0 ? decoder.tunnels(of: packet) : [], nil,
            at: packet.time.nanoseconds)
    }

    private mutating func noteLeg(
        _ request: Int, _ tuple: FlowTuple, _ direction: Int, _ interface: UInt16, _ tunnels: [Tunnel],
        _ how: Translation.How?, at time: Int64
    ) {
        attachments.demand(&flows.cold[request]).note(
            LegSighting(tuple: tuple, interface: interface, tunnels: tunnels, how: how), direction, at: time)
    }

    /// A SYN on the ports of a leg: whether another connection begins there.
    func isNewOnLeg(_ slot: Int, _ direction: Int, _ packet: Packet) -> Bool {
        let request = Int(flows.cold[slot].legOf)
        guard direction == 0, !packet.flags.contains(.ack), flows.cold[request].synCount[0] > 0 else { return false }
        return packet.sequenceNumber &+ 1 != flows.cold[request].base[0]
    }

    /// Lets a leg go; what is known of it stays with its request.
    mutating func detach(_ slot: Int) {
        let request = Int(flows.cold[slot].legOf)
        var previous = request
        while flows.cold[previous].nextLeg != 0, Int(flows.cold[previous].nextLeg) != slot {
            previous = Int(flows.cold[previous].nextLeg)
        }
        flows.cold[previous].nextLeg = flows.cold[slot].nextLeg
        flows.cold[slot].nextLeg = 0
        flows.cold[slot].legOf = 0
        flows.hot[slot].marks.remove(.isLeg)
    }

    /// The request ends, and its legs with it.
    mutating func removeLegs(of request: Int) {
        while flows.cold[request].nextLeg != 0 {
            let leg = Int(flows.cold[request].nextLeg)
            detach(leg)
            flows.remove(leg)
        }
    }

    /// Lets go of all that a request has, without a record of it.
    private mutating func discard(_ slot: Int) {
        if flows.cold[slot].stream != 0 { endStreams(slot) }
        for pending in lookups.slots(newest: flows.cold[slot].newestLookup) { remove(pending) }
        leaveRaceSilently(slot)
        for direction in 0..<2 { _ = holes.clear(&flows.cold[slot].holes[direction]) }
        endHandshake(slot)
        forgetAddresses(slot)
        deviations.release(flows.cold[slot].deviation)
        attachments.release(flows.cold[slot].attachment)
        removeLegs(of: slot)
        var blank = FlowDetail()
        (blank.first, blank.generation) = (flows.cold[slot].first, flows.cold[slot].generation)
        flows.cold[slot] = blank
    }
}

/// Where packets of a request were seen beside the place that they are counted at.
struct LegSighting {
    var tuple: FlowTuple
    var interface: UInt16
    var tunnels: [Tunnel]
    /// `nil`: it has the request's own tuple.
    var how: Translation.How?
    /// Of the client's packets and the server's; 0 is not seen.
    var first = InlineArray<2, Int64>(repeating: 0)

    /// Whether the client's packets pass here before they pass there.
    ///
    /// A packet that is handed up within the kernel, from a port to its bridge or out of a tunnel, keeps the time of its
    /// arrival. On the way back, answers get a time of their own at each place.
    func isNearer(than other: LegSighting) -> Bool {
        func rank(_ time: Int64) -> Int64 { time == 0 ? .max : time }
        if first[0] != other.first[0] { return rank(first[0]) < rank(other.first[0]) }
        if first[1] != other.first[1] { return first[1] > other.first[1] }
        return tunnels.count > other.tunnels.count
    }
}

extension Attachment {
    func note(_ sighting: LegSighting, _ direction: Int, at time: Int64) {
        let known = legs.firstIndex {
            $0.interface == sighting.interface && $0.tuple == sighting.tuple
                && $0.tunnels.count == sighting.tunnels.count
        }
        if let known {
            if legs[known].first[direction] == 0 { legs[known].first[direction] = max(time, 1) }
            return
        }
        guard legs.count < Leg.capacity else { return }
        var sighting = sighting
        sighting.first[direction] = max(time, 1)
        legs.append(sighting)
    }
}

extension IPAddress {
    /// Whether an upper layer's checksum cannot tell the two apart: the 16-bit words have the same sum (RFC 6296 §3.1).
    func isSumNeutral(to other: IPAddress) -> Bool { onesComplementSum == other.onesComplementSum }

    private var onesComplementSum: UInt32 {
        var sum: UInt32 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 16) {
            sum +=
                UInt32(truncatingIfNeeded: high >> shift & 0xFFFF) + UInt32(truncatingIfNeeded: low >> shift & 0xFFFF)
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        // Both zeros of one's complement are the same.
        return sum == 0xFFFF ? 0 : sum
    }
}
