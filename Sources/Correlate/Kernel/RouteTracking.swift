import Model

// Which way the kernel sends a request, joined to it by its tuple and its beginning: it was asked about just that request.

extension Correlator {
    mutating func learn(_ report: RouteReport, of tuple: FlowTuple, began: Timestamp) {
        guard settings.keepsRecords else { return }
        let key = FlowKey(
            source: tuple.source.address, tuple.source.port, destination: tuple.destination.address,
            tuple.destination.port, protocolNumber: tuple.transport.rawValue)
        guard let slot = flows.find(key, hash: key.hash(hash)), flows.hot[slot].client == tuple.source,
            flows.cold[slot].first == began.nanoseconds
        else { return }
        // That its next hop fell silent later says nothing of a request that was answered.
        if report.neighbour?.state == .failed, flows.hot[slot].segments[1] > 0 { return }
        attachments.demand(&flows.cold[slot]).route = report
        noteChange(slot)
    }
}
