package import Model

// From the two fixed records and the attachment of a request to the record that leaves the house.

extension Correlator {
    /// The request's name; the same whenever and however often it is asked for.
    func identifier(_ slot: Int) -> RequestID {
        let flow = flows.hot[slot]
        let (client, server) = endpoints(flow)
        return RequestID(
            client: client, server: server, transport: transport(flow),
            first: Timestamp(nanoseconds: flows.cold[slot].first))
    }

    func transport(_ flow: Flow) -> TransportProtocol {
        // Only the four transports ever get a slot.
        TransportProtocol(rawValue: flow.protocolNumber) ?? .udp
    }

    private func endpoints(_ flow: Flow) -> (client: Endpoint, server: Endpoint) {
        var (client, server) = (flow.client, flow.server)
        if transport(flow) == .icmp || transport(flow) == .icmpv6 {
            // The identifier stands at both ends of an echo's key; in the record it is the client's.
            client.port = max(client.port, server.port)
            server.port = 0
        }
        return (client, server)
    }

    /// All that is known of the request in `slot` by now.
    func lifecycle(_ slot: Int) -> Lifecycle {
        var lifecycle = bareLifecycle(slot)
        if flows.cold[slot].race != 0 { describeRace(slot, in: &lifecycle) }
        return lifecycle
    }

    /// The same, without the attempts that belong to it.
    func bareLifecycle(_ slot: Int) -> Lifecycle {
        let flow = flows.hot[slot]
        let detail = flows.cold[slot]
        let (client, server) = endpoints(flow)
        let isTCP = flow.protocolNumber == TransportProtocol.tcp.rawValue
        var lifecycle = Lifecycle(
            id: identifier(slot), transport: transport(flow), direction: detail.direction,
            client: side(0, client, flow, detail, isTCP: isTCP), server: side(1, server, flow, detail, isTCP: isTCP),
            first: Timestamp(nanoseconds: detail.first), last: Timestamp(nanoseconds: flow.last))
        let interface = flow.interface[0] != .max ? flow.interface[0] : flow.interface[1]
        lifecycle.interface = interfaceNames[interface]
        lifecycle.vlan = detail.vlan
        lifecycle.nextHopMAC = mac(detail.nextHop)
        if isTCP { lifecycle.tcp = facts(flow, detail) }
        lifecycle.connectionState = code(lifecycle, flow, detail)
        // Without room to count, letters would be missing.
        if isTCP ? detail.deviation != .max : lifecycle.transport == .udp { lifecycle.history = detail.history.text }
        lifecycle.coverage.cutFrames = UInt64(detail.cutFrames)
        lifecycle.coverage.joinedMidstream = isTCP && detail.synCount[0] == 0 && detail.synCount[1] == 0
        lifecycle.coverage.untrackedHoles = detail.untrackedHoles
        lifecycle.coverage.reassembled = UInt64(detail.reassembled)
        lifecycle.coverage.copiesElsewhere = UInt64(detail.copiesElsewhere)
        lifecycle.coverage.analysisSkipped = detail.deviation == .max
        lifecycle.coverage.translationsMissed =
            !missedTranslations.isEmpty && missedTranslations(from: lifecycle.first, to: lifecycle.last)
        if let attachment = attachments[detail.attachment] {
            lifecycle.owner = attachment.ownerWord?.owner
            lifecycle.translation = attachment.translation
            lifecycle.untranslated = attachment.untranslated
            lifecycle.legs = legs(attachment.legs, flow, detail)
            lifecycle.foreignSource = foreignSource(of: lifecycle)
            if lifecycle.untranslated == .untracked, !failedInserts.isEmpty {
                lifecycle.failedInserts = failedInserts(from: lifecycle.first, to: lifecycle.last)
            }
            if lifecycle.untranslated == .untracked, !refusedInserts.isEmpty {
                lifecycle.refusedInserts = refusedInserts(from: lifecycle.first, to: lifecycle.last)
            }
            lifecycle.route = attachment.route
            lifecycle.scarcity = attachment.scarcity
            lifecycle.names = attachment.names
            if let best = lifecycle.names.firstIndex(where: { $0.isTrusted && $0.lookup != nil }),
                let lookup = lifecycle.names[best].lookup,
                let asking = attachment.known.first(where: { $0.digest === lookup })?.asking
            {
                lifecycle.names[best].pair = asking.pair(of: lookup.type)
            }
            lifecycle.lookups = attachment.lookups
            lifecycle.searchedOn = attachment.searchedOn
            lifecycle.elsewhere = attachment.elsewhere
            lifecycle.neighbour = attachment.neighbour
            if let join = attachment.neighbour, join.otherMAC == nil, let asker = lifecycle.client.mac {
                lifecycle.neighbour?.otherMAC = neighbours.otherMAC(join, from: asker)
            }
            lifecycle.tunnels = attachment.tunnels
            lifecycle.application = attachment.application
            lifecycle.icmpErrors = attachment.icmpErrors
            lifecycle.icmpErrorCount = attachment.icmpErrorCount
            lifecycle.unclaimed = unclaimedAnswer(lifecycle, slot)
        }
        if let stream = streams[detail.stream] { stream.tell(&lifecycle.application) }
        if lifecycle.application.quic?.joinedMidstream == true { lifecycle.coverage.joinedMidstream = true }
        if lifecycle.lookups.isEmpty, !lifecycle.names.contains(where: { $0.isTrusted && $0.lookup != nil }) {
            lifecycle.likelyResolver = attachments[detail.attachment]?.likelyResolver
        }
        if detail.newestLookup != 0 {
            if lifecycle.application.kind == nil { lifecycle.application.kind = .dns }
            let open = lookups.slots(newest: detail.newestLookup, limit: Attachment.lookupCapacity)
            lifecycle.lookups += open.reversed().map { LookupDigest(unanswered($0, .pending)) }
        }
        if lifecycle.transport == .icmp || lifecycle.transport == .icmpv6 { lifecycle.application.kind = .echo }
        return lifecycle
    }

    /// All places where it was seen, that where it is counted among them, in the order of its first packet to the server;
    /// none when that is the only one.
    private func legs(_ sightings: [LegSighting], _ flow: Flow, _ detail: FlowDetail) -> [Leg] {
        guard !sightings.isEmpty, let transport = TransportProtocol(rawValue: flow.protocolNumber) else { return [] }
        var all = sightings
        let own = FlowTuple(transport, flow.client, flow.server)
        for direction in 0..<2 where flow.interface[direction] != .max {
            let interface = flow.interface[direction]
            let here = all.indices.filter { all[$0].how == nil && all[$0].interface == interface }
            // On one interface it may have been seen by itself and in a tunnel; by itself is how it is counted, if it was.
            let index = here.first { all[$0].tunnels.isEmpty } ?? here.first
            if index == nil { all.append(LegSighting(tuple: own, interface: interface, tunnels: [])) }
            all[index ?? all.count - 1].first[direction] = Self.firstSeen(direction, flow, detail)
        }
        return all.sorted { $0.isNearer(than: $1) }.map { sighting in
            var leg = Leg(
                interface: interfaceNames[sighting.interface], tuple: sighting.tuple, tunnels: sighting.tunnels)
            leg.firstRequest = time(sighting.first[0])
            leg.firstAnswer = time(sighting.first[1])
            leg.how = sighting.how
            return leg
        }
    }

    func mac(_ stored: UInt64) -> MACAddress? { stored == 0 ? nil : MACAddress(bits: stored - 1) }

    private func time(_ stored: Int64) -> Timestamp? { stored == 0 ? nil : Timestamp(nanoseconds: stored) }

    private func side(
        _ direction: Int, _ endpoint: Endpoint, _ flow: Flow, _ detail: FlowDetail, isTCP: Bool
    ) -> Side {
        var side = Side(endpoint: endpoint)
        side.mac = mac(detail.mac[direction])
        side.segments = UInt64(detail.segmentWraps[direction]) << 32 | UInt64(flow.segments[direction])
        side.payloadBytes = flow.payload[direction]
        side.ttl = side.segments > 0 ? detail.ttl[direction] : nil
        side.firstPayload = time(detail.firstPayload[direction])
        side.lastPayload = flow.payload[direction] > 0 ? Timestamp(nanoseconds: flow.lastPayload[direction]) : nil
        guard isTCP else { return side }
        var tcp = TCPSide()
        let payload = flow.payload[direction]
        tcp.sequenceBytes = payload - min(payload, detail.repeatedBytes[direction])
        tcp.retransmittedSegments = detail.retransmitted[direction]
        tcp.outOfOrderSegments = detail.outOfOrder[direction]
        tcp.zeroWindows = detail.zeroWindows[direction]
        tcp.synCount = detail.synCount[direction]
        tcp.firstSyn = time(detail.firstSyn[direction])
        tcp.lastSyn = time(detail.lastSyn[direction])
        tcp.fin = time(detail.fin[direction])
        tcp.rst = time(detail.rst[direction])
        if detail.synCount[direction] > 0 { tcp.options = detail.options[direction].unpacked }
        if detail.rst[direction] != 0 { tcp.resetTTL = detail.resetTTL[direction] }
        tcp.missingBytes = holes.missingBytes(detail.holes[direction])
        tcp.unacknowledged = unacknowledged(direction, flow, detail)
        if detail.deviation != 0, detail.deviation != .max {
            let deviation = deviations[detail.deviation].sides[direction]
            tcp.closedWindowTime = TimeSpan(nanoseconds: deviation.closedWindow.span(until: flow.last))
            tcp.isWindowClosed = deviation.closedWindow.isNow
            tcp.longestRepetition = deviation.longestRepetition
        }
        tcp.analysis = analysis(direction, detail)
        side.tcp = tcp
        return side
    }

    /// What the other side has not acknowledged. Its RST may carry no acknowledgment.
    private func unacknowledged(_ direction: Int, _ flow: Flow, _ detail: FlowDetail) -> UInt32? {
        guard flow.marks.isSuperset(of: [.clientAnalysed, .serverAnalysed]), detail.rst[1 - direction] == 0 else {
            return nil
        }
        return Self.ahead(flow.next[direction], of: flow.acknowledged[1 - direction])
    }

    /// How far a sequence number is ahead of another one, 0 when it is behind (RFC 9293 §3.4).
    private static func ahead(_ number: UInt32, of other: UInt32) -> UInt32 {
        UInt32(max(0, Int32(bitPattern: number &- other)))
    }

    private func analysis(_ direction: Int, _ detail: FlowDetail) -> TCPAnalysis {
        guard detail.deviation != .max else { return TCPAnalysis() }
        var analysis = detail.deviation == 0 ? TCPAnalysis() : deviations[detail.deviation].sides[direction].counts
        analysis.windowUpdates = detail.windowUpdates[direction]
        return analysis
    }

    /// Zeek's words for the request; Zeek gives echoes none but "other".
    private func code(_ lifecycle: Lifecycle, _ flow: Flow, _ detail: FlowDetail) -> ConnectionState {
        switch lifecycle.transport {
        case .tcp:
            detail.endpoints.code(detail.history.text, hadPayload: flow.payload[0] > 0 || flow.payload[1] > 0)
        case .udp: lifecycle.server.segments > 0 ? .finished : .attempted
        case .icmp, .icmpv6: .other
        }
    }

    private func facts(_ flow: Flow, _ detail: FlowDetail) -> TCPFacts {
        var facts = TCPFacts(state: TCPTracker.state(flow, detail))
        facts.established = time(detail.established)
        if detail.serverRoundTrip >= 0 { facts.serverRoundTrip = TimeSpan(nanoseconds: detail.serverRoundTrip) }
        if detail.clientRoundTrip >= 0 { facts.clientRoundTrip = TimeSpan(nanoseconds: detail.clientRoundTrip) }
        facts.clientHasNoSocket = detail.turns.contains(.bareReset)
        facts.isPortReused = detail.turns.contains(.portReused)
        if detail.fin[0] != 0 || detail.rst[0] != 0, flow.marks.contains(Flow.sequenceKnown(1)) {
            // The server's FIN takes a number too.
            let late = Self.ahead(flow.next[1], of: detail.endAcknowledgment)
            facts.lateBytes = late - (detail.fin[1] != 0 ? min(late, 1) : 0)
        }
        if detail.turns.contains(.clientFirst) { facts.closedFirst = .client }
        if detail.turns.contains(.serverFirst) { facts.closedFirst = .server }
        return facts
    }
}

// What is still open, for readers who do not want to wait for the end.

extension Correlator {
    /// Open requests that began before `limit` (all when it is `nil`), the newest first, at most `count`, of those
    /// for which `isWanted` holds; with a `user`, of those that are certainly its own. It looks at no more than `effort`
    /// requests, so that capture can go on.
    package func open(
        before limit: (first: Timestamp, id: RequestID)?, count: Int, ofUser user: UInt32? = nil, effort: Int = 100_000,
        where isWanted: (Lifecycle) -> Bool
    ) -> [Lifecycle] {
        var candidates: [(first: Int64, slot: Int)] = []
        for slot in 1..<max(1, flows.highWater) where flows.hot[slot].isUsed && !flows.hot[slot].isLeg {
            let first = flows.cold[slot].first
            if let limit, first > limit.first.nanoseconds { continue }
            if let user, certainUser(slot) != user { continue }
            candidates.append((first, slot))
        }
        candidates.sort {
            $0.first != $1.first ? $0.first > $1.first : identifier($0.slot).bits > identifier($1.slot).bits
        }
        var found: [Lifecycle] = []
        for (_, slot) in candidates.prefix(effort) where found.count < count {
            let lifecycle = lifecycle(slot)
            if let limit, (lifecycle.first, lifecycle.id.bits) >= (limit.first, limit.id.bits) { continue }
            if lifecycle.attemptOf == nil, isWanted(lifecycle) { found.append(lifecycle) }
        }
        return found
    }

    /// Address resolutions under way, the newest first.
    package var openNeighbours: [NeighbourResolution] { neighbours.open }

    /// Questions that wait for their answer, the newest first, at most `count`.
    package func openLookups(_ count: Int) -> [Lookup] {
        lookups.newest(count).map { unanswered($0, .pending) }
    }

    /// Open requests whose identifier `isWanted`, at most `count`; with a `user`, of those that are certainly its own.
    package func open(
        count: Int, ofUser user: UInt32? = nil, whereID isWanted: (RequestID) -> Bool
    ) -> [Lifecycle] {
        var found: [Lifecycle] = []
        for slot in 1..<max(1, flows.highWater) where flows.hot[slot].isUsed && found.count < count {
            if let user, certainUser(slot) != user { continue }
            if !flows.hot[slot].isLeg, isWanted(identifier(slot)) { found.append(lifecycle(slot)) }
        }
        return found
    }
}
