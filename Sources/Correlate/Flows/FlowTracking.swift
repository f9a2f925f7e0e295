import Decode
import Model

// How a frame finds its request: look up, begin, time out, complete. What a segment or datagram means is told by
// TCPTracker and DatagramTracking.

extension Correlator {
    /// Looks at one slot, in turn: time-outs cost one record a packet and need no timer structure.
    @inline(__always)
    mutating func sweepOne() {
        let slot = flows.nextSlot()
        // Closed requests linger for the shortest time, so nothing can be over before that.
        if now.nanoseconds &- flows.hot[slot].last > settings.closedLinger.nanoseconds { sweep(slot) }
    }

    @inline(never)
    private mutating func sweep(_ slot: Int) {
        if flows.hot[slot].isUsed, isOver(slot, at: now) { expire(slot) }
    }

    /// Ends a request whose time is over: closed, it was only waiting for stragglers.
    private mutating func expire(_ slot: Int) {
        complete(slot, flows.hot[slot].phase == .closed ? .closed : .idle)
    }

    mutating func isOver(_ leg: Int, at time: Timestamp) -> Bool {
        // A leg is over when its request is.
        let slot = request(of: leg)
        let limit =
            switch flows.hot[slot].phase {
            case .empty, .closed: settings.closedLinger
            case .unanswered, .answered: settings.unansweredTimeout
            case .established: settings.establishedTimeout
            case .halfClosed: settings.halfClosedTimeout
            case .datagrams:
                flows.hot[slot].protocolNumber == TransportProtocol.udp.rawValue
                    ? settings.udpTimeout : settings.echoTimeout
            }
        return time - Timestamp(nanoseconds: flows.hot[slot].last) > limit
    }

    /// The request of `key`, unless it is over by the packet's time: then it is completed, and a new one begins.
    @inline(__always)
    mutating func find(_ key: FlowKey, _ hash: UInt32, at time: Timestamp) -> Int? {
        guard let slot = flows.find(key, hash: hash) else { return nil }
        if time.nanoseconds &- flows.hot[slot].last > settings.closedLinger.nanoseconds, isOver(slot, at: time) {
            expire(slot)
            return nil
        }
        return slot
    }

    /// A new request, first seen with `packet`. `sourceIsClient` is told by who calls: the SYN's sender, or simply
    /// the first to speak.
    mutating func begin(
        _ key: FlowKey, _ hash: UInt32, _ packet: Packet, _ frame: RawSpan, phase: Flow.Phase, sourceIsClient: Bool
    ) -> Int {
        if flows.isFull { complete(flows.victim(), .evicted) }
        let slot = flows.insert(key, hash: hash, at: packet.time.nanoseconds)
        if key.sourceIsHigh == sourceIsClient { flows.hot[slot].marks.insert(.clientIsHigh) }
        flows.hot[slot].phase = phase
        if beginLeg(slot, packet, frame, sourceIsClient: sourceIsClient) { return slot }
        let client = sourceIsClient ? packet.source : packet.destination
        let server = sourceIsClient ? packet.destination : packet.source
        flows.cold[slot].direction = direction(from: client, to: server)
        flows.cold[slot].vlan = packet.vlan
        if let station = sourceIsClient ? packet.sourceMAC : packet.destinationMAC {
            stations.note(client, at: station)
        }
        if settings.keepsRecords {
            if packet.depth > 0 { noteTunnels(slot, packet) }
            joinNames(slot, client, server, packet, sourceIsClient: sourceIsClient)
            joinOwner(slot)
            if !scarcities.isEmpty { joinScarcity(slot) }
            joinTranslation(slot)
            noteLikelyResolver(slot)
            noteEncryptedResolver(slot)
            noteBegun(slot, on: packet.interface)
        }
        return slot
    }

    /// What the packet travelled in, as far as the request does not know of any yet.
    @inline(never)
    private mutating func noteTunnels(_ slot: Int, _ packet: Packet) {
        guard settings.keepsRecords, attachments[flows.cold[slot].attachment]?.tunnels.isEmpty != false else { return }
        attachments.demand(&flows.cold[slot]).tunnels = decoder.tunnels(of: packet)
    }

    private mutating func direction(from client: IPAddress, to server: IPAddress) -> Direction {
        if hostAddresses.isEmpty && settings.localNetworks.isEmpty {
            return client.isLoopback && server.isLoopback ? .local : .outbound
        }
        switch (isLocal(client), isLocal(server)) {
        case (true, true): return .local
        case (true, false): return .outbound
        case (false, true): return .inbound
        // To everybody on the link: the host is among those addressed.
        case (false, false): return server.isMulticast || server.isLimitedBroadcast ? .inbound : .forwarded
        }
    }

    @inline(__always)
    func isLocal(_ address: IPAddress) -> Bool {
        address.isLoopback || hostAddresses[address] != nil
            || settings.localNetworks.contains { $0.contains(address) }
    }

    /// Which answers may name a client's connections: its own, and for this host those to any of its addresses.
    @inline(__always)
    func nameOwner(_ client: IPAddress) -> IPAddress {
        !(hostAddresses.isEmpty && settings.localNetworks.isEmpty) && isLocal(client) ? .anyIPv4 : client
    }

    private mutating func joinNames(
        _ slot: Int, _ client: IPAddress, _ server: IPAddress, _ packet: Packet, sourceIsClient: Bool
    ) {
        let station = sourceIsClient ? packet.sourceMAC : packet.destinationMAC
        if !names.isEmpty {
            let owner = nameOwner(client)
            var found = names.lookups(of: server, by: owner, before: packet.time)
            var how = owner == client ? NameJoin.How.answer : .hostAnswer
            if found.isEmpty, owner == client, let station, let other = stations.owner(station) {
                found = names.lookups(of: server, by: other, before: packet.time)
                how = .stationAnswer
            }
            if !found.isEmpty {
                let attachment = attachments.demand(&flows.cold[slot])
                attachment.names = joins(found.map(\.digest), how, client, at: packet.time)
                attachment.known = found
            }
        }
        if neighbours.hasHops, sourceIsClient, let from = packet.sourceMAC, let to = packet.destinationMAC,
            let join = neighbours.join(server.version, from: from, to: to, at: packet.time)
        {
            attachments.demand(&flows.cold[slot]).neighbour = join
        }
    }

    /// The names of an address that this host asked for.
    mutating func names(of server: IPAddress, at time: Timestamp) -> [NameJoin] {
        guard !names.isEmpty else { return [] }
        let found = names.lookups(of: server, by: .anyIPv4, before: time)
        var joins = joins(found.map(\.digest), .hostAnswer, .anyIPv4, at: time)
        for index in joins.indices {
            guard let lookup = joins[index].lookup else { continue }
            joins[index].pair = found.first { $0.digest === lookup }?.asking?.pair(of: lookup.type)
        }
        return joins
    }

    /// Programs resolve, and connect a little later; a first address may have been tried in vain before.
    private static let graceOfAnswers = TimeSpan.seconds(10)

    /// The lookups of an address as names, the answers that were still good at `time` first.
    private func joins(
        _ found: [LookupDigest], _ how: NameJoin.How, _ client: IPAddress, at time: Timestamp
    ) -> [NameJoin] {
        func isGood(_ digest: LookupDigest) -> Bool {
            guard let answered = digest.answered else { return false }
            return time - answered <= max(.seconds(Int(digest.ttl ?? 0)), Self.graceOfAnswers)
        }
        let good = found.filter(isGood)
        let joins = good.map { digest in
            let isOfHost = digest.client.isLoopback && !client.isLoopback
            let single = digest.client == client ? NameJoin.How.answer : isOfHost ? .hostAnswer : how
            return NameJoin(name: digest.name, how: good.count > 1 ? .recentAnswer : single, lookup: digest)
        }
        let expired = found.filter { !isGood($0) }
        return joins + expired.map { NameJoin(name: $0.name, how: .expiredAnswer, lookup: $0) }
    }

    /// Counts what every packet of a request has in common. `false` when it is a copy of a packet that was counted
    /// on another interface: bridges, tunnels and routers show one packet several times.
    @inline(__always)
    mutating func admit(_ slot: Int, _ direction: Int, _ packet: Packet) -> Bool {
        if flows.hot[slot].interface[direction] != packet.interface.index {
            guard settle(slot, direction, packet) else { return false }
        }
        if packet.time.nanoseconds > flows.hot[slot].last { flows.hot[slot].last = packet.time.nanoseconds }
        if packet.isCut || packet.isReassembled { noteCoverage(slot, packet) }
        return true
    }

    @inline(never)
    private mutating func noteCoverage(_ slot: Int, _ packet: Packet) {
        if packet.isCut, flows.cold[slot].cutFrames < .max { flows.cold[slot].cutFrames &+= 1 }
        if packet.isReassembled { flows.cold[slot].reassembled &+= 1 }
    }

    /// A copy follows its original at once. A request whose own interface has been silent for longer has moved.
    private static let copyWithin = TimeSpan.seconds(1)

    @inline(never)
    private mutating func settle(_ slot: Int, _ direction: Int, _ packet: Packet) -> Bool {
        if flows.hot[slot].isLeg {
            countLeg(slot, direction, packet)
            return false
        }
        let isFirst = flows.hot[slot].interface[direction] == .max
        if !isFirst, packet.time - Timestamp(nanoseconds: flows.hot[slot].last) <= Self.copyWithin {
            countCopy(slot, direction, packet)
            if packet.depth > 0 { noteTunnels(slot, packet) }
            return false
        }
        flows.hot[slot].interface[direction] = packet.interface.index
        guard isFirst else { return true }
        // One more than the address, so that 0 stays "none" and an all-zero address is one.
        if let mac = packet.sourceMAC { flows.cold[slot].mac[direction] = mac.bits + 1 }
        if direction == 0, let mac = packet.destinationMAC { flows.cold[slot].nextHop = mac.bits + 1 }
        flows.cold[slot].ttl[direction] = packet.timeToLive
        return true
    }

    /// Ends a request, whatever its state, and makes its record.
    mutating func complete(_ slot: Int, _ ending: Ending) {
        if flows.hot[slot].isLeg {
            detach(slot)
            return flows.remove(slot)
        }
        if flows.cold[slot].stream != 0 { endStreams(slot) }
        if flows.cold[slot].newestLookup != 0 { abandonLookups(of: slot) }
        if flows.cold[slot].race != 0 {
            if leaveRace(slot, ending) { totals.requests &+= 1 }
        } else {
            totals.requests &+= 1
            if settings.keepsRecords {
                var lifecycle = lifecycle(slot)
                lifecycle.ending = ending
                finished.append(.request(lifecycle))
            }
        }
        for direction in 0..<2 { _ = holes.clear(&flows.cold[slot].holes[direction]) }
        endHandshake(slot)
        forgetAddresses(slot)
        deviations.release(flows.cold[slot].deviation)
        attachments.release(flows.cold[slot].attachment)
        if flows.cold[slot].nextLeg != 0 { removeLegs(of: slot) }
        flows.remove(slot)
    }
}
