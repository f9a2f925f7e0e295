package import Model

/// A lifecycle as the correlator would give it, with a name: what the tests of stages, verdicts and records share.
package struct LifecycleSample: Sendable {
    package var name: String
    package var lifecycle: Lifecycle

    init(_ name: String, _ lifecycle: Lifecycle) {
        self.name = name
        self.lifecycle = lifecycle
    }

    /// The sample of that name.
    package static func named(_ name: String) -> Lifecycle? { all.first { $0.name == name }?.lifecycle }

    package static let all: [LifecycleSample] =
        tcp + tls + quic + datagrams + lookups + links + ends + handshakes + answers + transfers + paths
}

/// 2026-11-21T10:42:07.123456789Z
package let sampleStart = Timestamp(seconds: 1_795_257_727, nanoseconds: 123_456_789)

/// Milliseconds after ``sampleStart``.
package func after(_ milliseconds: Double) -> Timestamp {
    sampleStart + TimeSpan(nanoseconds: Int64(milliseconds * 1_000_000))
}

package let clientEndpoint = Endpoint(IPAddress(v4: 0xC000_020A), 49152)
package let serverEndpoint = Endpoint(IPAddress(v4: 0xC633_6450), 80)
package let resolver = Endpoint(IPAddress(v4: 0xC000_0235), 53)
package let router = IPAddress(v4: 0xC000_0201)

func request(
    _ transport: TransportProtocol, until end: Double, client: Endpoint = clientEndpoint,
    server: Endpoint = serverEndpoint, ending: Ending? = .closed, _ change: (inout Lifecycle) -> Void = { _ in }
) -> Lifecycle {
    var lifecycle = Lifecycle(
        id: RequestID(client: client, server: server, transport: transport, first: sampleStart), transport: transport,
        direction: .outbound, client: Side(endpoint: client), server: Side(endpoint: server), first: sampleStart,
        last: after(end))
    lifecycle.ending = ending
    lifecycle.interface = "eth0"
    lifecycle.client.segments = 1
    change(&lifecycle)
    return lifecycle
}

/// A TCP connection; its handshake was completed after 10 ms unless `state` says that it was not.
func connection(
    _ state: TCPState, until end: Double = 50, ending: Ending? = .closed, _ change: (inout Lifecycle) -> Void = { _ in }
) -> Lifecycle {
    request(.tcp, until: end, ending: ending) { lifecycle in
        lifecycle.tcp = TCPFacts(state: state)
        lifecycle.client.tcp = TCPSide()
        lifecycle.server.tcp = TCPSide()
        if state != .midstream {
            lifecycle.client.tcp?.synCount = 1
            lifecycle.client.tcp?.firstSyn = sampleStart
            lifecycle.client.tcp?.lastSyn = sampleStart
            lifecycle.client.tcp?.options = options(mss: 1460)
        }
        switch state {
        case .noAnswer, .refused, .aborted, .midstream: break
        case .halfOpen, .established, .halfClosed, .closed, .resetByClient, .resetByServer:
            lifecycle.server.segments = 1
            lifecycle.server.ttl = 57
            lifecycle.server.tcp?.synCount = 1
            lifecycle.server.tcp?.firstSyn = after(9)
            lifecycle.server.tcp?.lastSyn = after(9)
            lifecycle.server.tcp?.options = options(mss: 1400)
            lifecycle.tcp?.serverRoundTrip = .milliseconds(9)
            guard state != .halfOpen else { break }
            lifecycle.tcp?.established = after(10)
            lifecycle.tcp?.clientRoundTrip = .milliseconds(1)
            lifecycle.client.segments = 2
        }
        change(&lifecycle)
    }
}

private func options(mss: UInt16) -> TCPOptions {
    var options = TCPOptions()
    options.maximumSegmentSize = mss
    options.windowScale = 7
    options.selectiveAcknowledgment = true
    options.timestamps = true
    return options
}

extension Lifecycle {
    /// The client sent `sent` bytes, the server answered with `received`; a time of `nil` for a side that was silent.
    mutating func exchange(_ sent: UInt64, at asked: Double?, _ received: UInt64, at answered: Double?) {
        if let asked {
            client.payloadBytes = sent
            client.segments += 1
            client.firstPayload = after(asked)
            client.lastPayload = after(asked)
            client.tcp?.sequenceBytes = sent
        }
        if let answered {
            server.payloadBytes = received
            server.segments += 1
            server.firstPayload = after(answered)
            server.lastPayload = after(answered + 1)
            server.tcp?.sequenceBytes = received
        }
    }

    mutating func fins(client asked: Double?, server answered: Double?) {
        client.tcp?.fin = asked.map(after)
        server.tcp?.fin = answered.map(after)
        if let asked { tcp?.closedFirst = asked <= answered ?? .infinity ? .client : .server }
    }

    mutating func error(
        type: UInt8, code: UInt8, from: IPAddress = router, at time: Double, protocolNumber: UInt8 = 6
    ) {
        var report = ICMPErrorReport(
            time: after(time), from: from, to: client.endpoint.address, type: type, code: code)
        report.quoted = ICMPErrorReport.Quotation(
            source: client.endpoint, destination: server.endpoint, protocolNumber: protocolNumber)
        report.request = id
        icmpErrors.append(report)
        icmpErrorCount += 1
    }
}

func digest(
    _ name: String, type: UInt16 = 1, _ status: LookupStatus, rcode: UInt16? = nil, asked: Double = -5,
    answered: Double? = -2, chain: [String] = [], addresses: [IPAddress] = [], ttl: UInt32? = nil
) -> LookupDigest {
    var lookup = Lookup(
        client: clientEndpoint, server: resolver, transport: .udp, transactionID: 7, name: name, type: type,
        queried: after(asked), status: status)
    lookup.answered = answered.map(after)
    lookup.rcode = rcode
    return LookupDigest(lookup, chain: chain, addresses: addresses, ttl: ttl)
}

extension LookupDigest {
    /// The same lookup of another name.
    package func asking(for name: String) -> LookupDigest {
        var lookup = Lookup(
            client: Endpoint(client, 0), server: server, transport: .udp, transactionID: 0, name: name, type: type,
            queried: queried, status: status)
        lookup.answered = answered
        lookup.retries = retries
        lookup.rcode = rcode
        return LookupDigest(lookup, chain: chain, addresses: addresses, ttl: ttl)
    }
}
