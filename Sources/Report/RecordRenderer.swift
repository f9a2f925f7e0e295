// Report's door: other modules call RecordRenderer, RequestFilter and CommunityID, and nothing else.

package import API
import Diagnose
package import Model

/// Turns what was observed into records of the contract, the same for the socket and for files.
package struct RecordRenderer: Sendable {
    package init() {}

    /// Appends one JSON object and a newline: a line of `waybill read --format ndjson` or of a stream.
    package func writeLine(_ record: Model.Record, to writer: inout JSONWriter) {
        write(record, to: &writer)
        writer.endLine()
    }

    /// Appends one JSON object.
    package func write(_ record: Model.Record, to writer: inout JSONWriter) {
        switch record {
        case .request(let lifecycle): request(lifecycle).write(to: &writer)
        case .lookup(let lookup): self.lookup(lookup).write(to: &writer)
        case .neighbour(let resolution): neighbour(resolution).write(to: &writer)
        case .lease(let lease): self.lease(lease).write(to: &writer)
        case .icmpError(let report): icmpError(report).write(to: &writer)
        }
    }

    package func record(_ record: Model.Record) -> API.Record {
        switch record {
        case .request(let lifecycle): .request(request(lifecycle))
        case .lookup(let lookup): .lookup(self.lookup(lookup))
        case .neighbour(let resolution): .neighbour(neighbour(resolution))
        case .lease(let lease): .lease(self.lease(lease))
        case .icmpError(let report): .icmpError(icmpError(report))
        }
    }

    package func request(_ lifecycle: Lifecycle) -> API.Request {
        let waterfall = lifecycle.waterfall
        var request = API.Request(
            id: lifecycle.id.description, transport: API.Transport(lifecycle.transport),
            direction: API.Direction(lifecycle.direction), client: side(lifecycle.client, .client, lifecycle),
            server: side(lifecycle.server, .server, lifecycle), first: Time(lifecycle.first),
            last: Time(lifecycle.last), duration: Milliseconds(lifecycle.last - lifecycle.first),
            outcome: API.Outcome(waterfall.outcome), complete: lifecycle.ending != nil,
            coverage: API.Coverage(lifecycle.coverage))
        request.communityID = CommunityID.of(lifecycle)
        request.interface = lifecycle.interface
        request.vlanIDs = lifecycle.vlan.identifiers
        request.tunnels = lifecycle.tunnels.map { API.Tunnel($0) }
        request.connState = lifecycle.connectionState.rawValue
        request.history = lifecycle.history
        if let tcp = lifecycle.tcp {
            request.portReused = tcp.isPortReused ? true : nil
            request.state = API.TCPState(tcp.state)
            request.handshakeRTT = tcp.handshakeRoundTrip.map { Milliseconds($0) }
            request.serverRTT = tcp.serverRoundTrip.map { Milliseconds($0) }
            request.clientRTT = tcp.clientRoundTrip.map { Milliseconds($0) }
            request.closedFirst = tcp.closedFirst?.name
        }
        switch lifecycle.transport {
        case .icmp, .icmpv6: request.identifier = lifecycle.client.endpoint.port
        case .tcp, .udp: break
        }
        request.application = lifecycle.application.kind?.name
        request.quic = lifecycle.application.quic.map { QUICConnection($0) }
        request.http = lifecycle.application.http.map { API.HTTP($0) }
        request.stages = waterfall.stages.map { API.Stage($0) }
        request.failure = waterfall.failure.map { Failure(stage: StageName($0.stage), reason: $0.reason) }
        request.nextHop = nextHop(lifecycle)
        request.answeredFrom = lifecycle.elsewhere.map { API.ElsewhereAnswer($0) }
        request.listener = lifecycle.owner?.listener.map { API.ServingListener($0) }
        request.answerTTL = lifecycle.server.ttl
        request.suggestedHops = lifecycle.server.suggestedHops
        request.tls = lifecycle.application.tls.map { API.TLS($0) }
        request.lookups = lifecycle.lookups.map { NameLookup($0) }
        if !lifecycle.attempts.isEmpty { request.attempts = lifecycle.attempts.map { API.ConnectAttempt($0) } }
        request.encryptedLookup = lifecycle.encryptedLookup.map {
            API.EncryptedLookup(kind: $0.kind.name, confidence: "likely", because: $0.because)
        }
        request.attemptOf = lifecycle.attemptOf?.description
        request.translation = lifecycle.translation.map { API.Translation($0) }
        if !lifecycle.legs.isEmpty { request.legs = legs(lifecycle.legs) }
        request.icmpErrors = lifecycle.icmpErrors.map { icmpError($0) }
        request.icmpErrorCount = max(lifecycle.icmpErrorCount, lifecycle.icmpErrors.count)
        request.endedBecause = lifecycle.ending?.name
        request.verdict = API.Verdict(Diagnosis.verdict(on: lifecycle, waterfall))
        return request
    }

    package func neighbour(_ resolution: NeighbourResolution) -> API.Neighbour {
        var neighbour = API.Neighbour(
            transport: resolution.family == .v4 ? "arp" : "ndp", kind: resolution.kind.name,
            interface: resolution.interface, vlanIDs: resolution.vlan.identifiers,
            target: resolution.target.description, asker: resolution.asker?.description,
            askerMAC: resolution.askerMAC?.description, requests: resolution.requests, replies: resolution.replies,
            macs: resolution.macs.map(\.description), first: Time(resolution.first),
            answered: resolution.answered.map { Time($0) }, last: Time(resolution.last),
            duration: resolution.timeTaken.map { Milliseconds($0) }, complete: resolution.isComplete)
        neighbour.tunnels = resolution.tunnels.map { API.Tunnel($0) }
        return neighbour
    }

    package func icmpError(_ report: ICMPErrorReport) -> API.ICMPError {
        API.ICMPError(
            time: Time(report.time), from: report.from.description, to: report.to.description, type: report.type,
            code: report.code, name: report.name, mtu: report.mtu,
            quoted: report.quoted.map { API.ICMPError.Quotation($0) }, request: report.request?.description)
    }

    package func summary(_ summary: Model.Summary) -> API.Summary {
        var result = API.Summary()
        result.frames = summary.frames
        result.bytes = summary.bytes
        result.first = summary.first.map { Time($0) }
        result.last = summary.last.map { Time($0) }
        result.cutFrames = summary.cutFrames
        result.otherFrames = summary.otherFrames
        result.laterFragments = summary.laterFragments
        result.fragments = FragmentTotals(summary.fragments)
        result.unsupportedFrames = summary.unsupportedFrames
        result.requests = summary.requests
        result.lookups = summary.lookups
        result.neighbours = summary.neighbours
        result.leases = summary.leases
        result.icmpErrors = summary.icmpErrors
        result.layers = summary.layers.map { layer in
            LayerTotals(
                layer: layer.layer.description, decoded: layer.decoded, cut: layer.cut, malformed: layer.malformed,
                reasons: layer.reasons.map { LayerTotals.Reason(reason: $0.reason, count: $0.count) })
        }
        result.tables = summary.tables.map { table in
            TableTotals(
                name: table.name, count: table.count, peak: table.peak, capacity: table.capacity,
                evictions: table.evictions)
        }
        return result
    }
}

extension RecordRenderer {
    private func side(_ side: Side, _ party: Party, _ lifecycle: Lifecycle) -> RequestSide {
        let hasPorts = lifecycle.transport == .tcp || lifecycle.transport == .udp
        var result = RequestSide(
            address: side.endpoint.address.description, port: hasPorts ? side.endpoint.port : nil,
            segments: side.segments, payloadBytes: side.payloadBytes)
        if party == .server {
            result.names = lifecycle.names.map { join in
                Name(name: join.name, how: join.how.name, lookup: join.lookup.map { NameLookup($0, join.pair) })
            }
        }
        result.mac = side.mac?.description
        result.ttl = side.ttl
        result.firstPayload = side.firstPayload.map { Time($0) }
        result.lastPayload = side.lastPayload.map { Time($0) }
        guard let tcp = side.tcp else { return result }
        result.sequenceBytes = tcp.sequenceBytes
        result.retransmittedSegments = tcp.retransmittedSegments
        result.outOfOrderSegments = tcp.outOfOrderSegments
        result.zeroWindows = tcp.zeroWindows
        result.missingBytes = tcp.missingBytes
        result.unacknowledged = tcp.unacknowledged.flatMap { $0 > 0 ? $0 : nil }
        result.closedWindow = tcp.closedWindowTime > .zero ? Milliseconds(tcp.closedWindowTime) : nil
        result.windowClosed = tcp.isWindowClosed ? true : nil
        result.counts = SegmentCounts(tcp.analysis)
        // A connection joined mid-stream may have had SYNs: none seen is not none sent.
        if tcp.synCount > 0 || lifecycle.tcp?.state != .midstream && !lifecycle.coverage.joinedMidstream {
            let (first, last) = (tcp.firstSyn.map { Time($0) }, tcp.lastSyn.map { Time($0) })
            result.handshake =
                party == .client
                ? .syn(count: tcp.synCount, first: first, last: last)
                : .synAck(count: tcp.synCount, first: first, last: last)
        }
        result.fin = tcp.fin != nil
        result.finTime = tcp.fin.map { Time($0) }
        result.rst = tcp.rst != nil
        result.rstTime = tcp.rst.map { Time($0) }
        result.resetTTL = tcp.resetTTL
        guard let options = tcp.options else { return result }
        result.mss = Observed(options.maximumSegmentSize)
        result.windowScale = Observed(options.windowScale)
        result.sackPermitted = options.selectiveAcknowledgment
        result.timestamps = options.timestamps
        result.fastOpen = options.fastOpen
        result.multipath = options.multipath
        return result
    }

    /// The address is the one that was resolved to the MAC the frames went to; a different MAC says nothing of it.
    private func nextHop(_ lifecycle: Lifecycle) -> NextHop? {
        let neighbour = lifecycle.neighbour
        guard let used = lifecycle.nextHopMAC else {
            return neighbour.map { NextHop(address: $0.address.description, mac: $0.mac?.description) }
        }
        let isResolved = neighbour?.mac == used || neighbour?.otherMAC == used
        return NextHop(address: isResolved ? neighbour?.address.description : nil, mac: used.description)
    }
}
