import Model

// Requests that never left: no frame begins them, so each is a record at once.

extension Correlator {
    mutating func learn(_ request: UnsentRequest) {
        let tuple = request.tuple
        if tuple.source.port != 0, !tuple.source.address.isUnspecified {
            let key = FlowKey(
                source: tuple.source.address, tuple.source.port, destination: tuple.destination.address,
                tuple.destination.port, protocolNumber: tuple.transport.rawValue)
            // Packets were seen: it is a request like any other, and its stages tell the rest.
            if flows.find(key, hash: key.hash(hash)) != nil { return }
        }
        totals.requests &+= 1
        guard settings.keepsRecords else { return }
        var lifecycle = Lifecycle(
            id: RequestID(
                client: tuple.source, server: tuple.destination, transport: tuple.transport, first: request.time),
            transport: tuple.transport, direction: isLocal(tuple.destination.address) ? .local : .outbound,
            client: Side(endpoint: tuple.source), server: Side(endpoint: tuple.destination), first: request.time,
            last: request.ended ?? request.time)
        lifecycle.unsent = request.cause
        lifecycle.owner = request.owner
        lifecycle.route = request.route
        if case .neighbour(let neighbour) = request.cause {
            lifecycle.interface = neighbour.interface
            lifecycle.lacksCarrier = carrierless.contains(neighbour.interface)
            lifecycle.neighbour = neighbours.unanswered(neighbour.address, since: request.time - OwnerTable.slack)
        }
        if case .port = request.cause { lifecycle.scarcity = scarcities.towards(tuple.destination, at: request.time) }
        lifecycle.ending = .closed
        lifecycle.names = names(of: tuple.destination.address, at: request.time)
        finished.append(.request(lifecycle))
    }
}
