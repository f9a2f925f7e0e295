/// How a resolver on this host came by the answer that it gave: systemd-resolved on 127.0.0.53, dnsmasq, a cache.
package struct StubAnswer: Sendable, Equatable {
    /// The same question as the stub sent it on meanwhile, in order, at most ``capacity``.
    package var upstream: [UpstreamLookup]

    /// Servers and repetitions that are remembered.
    package static let capacity = 8

    package init(upstream: [UpstreamLookup]) { self.upstream = upstream }

    /// It asked nobody: it had the answer in its cache, or by itself.
    package var isOwn: Bool { upstream.isEmpty }
}

/// The leg of a lookup from the stub to the server.
package struct UpstreamLookup: Sendable, Equatable {
    package var server: Endpoint
    package var queried: Timestamp
    package var answered: Timestamp?
    package var status: LookupStatus
    package var rcode: UInt16?

    package init(
        server: Endpoint, queried: Timestamp, answered: Timestamp?, status: LookupStatus, rcode: UInt16?
    ) {
        self.server = server
        self.queried = queried
        self.answered = answered
        self.status = status
        self.rcode = rcode
    }

    package var roundTrip: TimeSpan? { answered.map { $0 - queried } }
}
