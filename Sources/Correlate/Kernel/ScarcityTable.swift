import Model

/// The peers towards which most local ports are taken, as last told: each list replaces the one before.
struct ScarcityTable {
    private var ways: [PortScarcity] = []
    private var time = Timestamp.distantPast

    /// Lists are told every few seconds while ports are scarce; an older one says nothing of now.
    private static let patience = TimeSpan.seconds(30)
    /// Longer lists are cut.
    private static let capacity = 64

    var isEmpty: Bool { ways.isEmpty }

    mutating func learn(_ ways: [PortScarcity], at time: Timestamp) {
        self.ways = Array(ways.prefix(Self.capacity))
        self.time = time
    }

    /// - Parameter source: `nil` for whichever it is.
    func towards(_ peer: Endpoint, from source: IPAddress? = nil, at now: Timestamp) -> PortScarcity? {
        guard now - time < Self.patience else { return nil }
        return ways.first { $0.pressure.peer == peer && (source == nil || $0.pressure.source == source) }
    }
}

extension Correlator {
    /// How few ports were left when the request in `slot` began.
    mutating func joinScarcity(_ slot: Int) {
        guard let tuple = tuple(slot), tuple.transport == .tcp, flows.cold[slot].direction.isFromHere,
            let scarcity = scarcities.towards(
                tuple.destination, from: tuple.source.address, at: Timestamp(nanoseconds: flows.cold[slot].first)),
            scarcity.range.contains(tuple.source.port)
        else { return }
        attachments.demand(&flows.cold[slot]).scarcity = scarcity
    }
}
