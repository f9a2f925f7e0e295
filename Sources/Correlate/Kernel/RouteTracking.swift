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
        var report = report
        if flows.cold[slot].direction == .forwarded, let choice = report.choice, !wasSeen(slot, leavingBy: choice) {
            report = RouteReport(.unknown("the kernel's tables lead elsewhere than its packets were seen to go"))
        }
        // That its next hop fell silent later says nothing of a request that was answered.
        if report.neighbour?.state == .failed, flows.hot[slot].segments[1] > 0 { return }
        attachments.demand(&flows.cold[slot]).route = report
        noteChange(slot)
    }

    /// How the packets of a forwarded request come in and where they go; `nil` while it is not known what NAT makes of
    /// them, and where the interface that takes them in is a VLAN's, which the frame does not name.
    func forwarding(_ slot: Int) -> HostQuestion.Forwarding? {
        let detail = flows.cold[slot]
        guard detail.direction == .forwarded, detail.vlan.isEmpty, detail.nextHop != 0,
            let attachment = attachments[detail.attachment]
        else { return nil }
        let destination: IPAddress
        if let translation = attachment.translation, translation.how == .conntrack {
            destination = translation.translated.destination.address
        } else if attachment.untranslated != nil {
            destination = flows.hot[slot].server.address
        } else {
            return nil
        }
        return HostQuestion.Forwarding(station: MACAddress(bits: detail.nextHop - 1), destination: destination)
    }

    /// Whether one of the places where the request was seen is the interface that a route leaves by, or none is known but
    /// that where it came in.
    private func wasSeen(_ slot: Int, leavingBy choice: RouteChoice) -> Bool {
        let legs = attachments[flows.cold[slot].attachment]?.legs ?? []
        let places = Set(legs.map(\.interface)).subtracting([flows.hot[slot].interface[0]])
        return places.isEmpty || places.contains { interfaceNames[$0] == choice.interface }
    }

    /// What NAT makes of a forwarded request is known now: so can be asked which way it goes.
    mutating func noteForwarding(_ slot: Int) {
        let interface = flows.hot[slot].interface[0]
        guard interface != .max, attachments[flows.cold[slot].attachment]?.route == nil, forwarding(slot) != nil else {
            return
        }
        noteBegun(slot, on: InterfaceID(interface), isAgain: true)
    }
}
