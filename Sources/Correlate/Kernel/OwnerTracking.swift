package import Model

// What the kernel said of sockets, joined to the requests that came from them.

extension Correlator {
    /// Joins an owner to its request, if that has begun, and keeps it for one that is about to.
    mutating func learn(_ owner: SocketOwner, of tuple: FlowTuple, at time: Timestamp) {
        guard settings.keepsRecords else { return }
        owners.keep(tuple, owner, at: time)
        guard tuple.source.address.isUnspecified else {
            join(owner, tuple, at: time)
            return
        }
        // The kernel had not chosen the address yet: it is one of this host's.
        for address in hostAddresses.keys where address.version == tuple.destination.address.version {
            var full = tuple
            full.source.address = address
            join(owner, full, at: time)
        }
    }

    private mutating func join(_ owner: SocketOwner, _ tuple: FlowTuple, at time: Timestamp) {
        let key = FlowKey(
            source: tuple.source.address, tuple.source.port, destination: tuple.destination.address,
            tuple.destination.port, protocolNumber: tuple.transport.rawValue)
        guard let found = flows.find(key, hash: key.hash(hash)), flows.hot[found].client == tuple.source else { return }
        let slot = request(of: found)
        // Another exchange on the same ports has another owner, whatever it is.
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard time <= first + OwnerTable.slack, time >= first - OwnerTable.patience else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        guard attachment.owner?.process == nil else { return }
        attachment.owner = owner
        noteChange(slot)
    }

    /// Questions that wait for their taker; a flood has more, and gets no answers.
    private static let questionCapacity = 4096

    /// The kernel is to be asked about a request that has begun.
    mutating func noteBegun(_ slot: Int, on interface: InterfaceID) {
        guard notesQuestions else { return }
        guard questions.count < Self.questionCapacity else {
            totals.questionsDropped &+= 1
            return
        }
        questions.append((slot, flows.cold[slot].generation, interface.index))
    }

    /// Requests that have begun since the last call, with what facts have told of them meanwhile.
    package mutating func takeQuestions() -> [HostQuestion] {
        defer { questions.removeAll(keepingCapacity: true) }
        return questions.compactMap { slot, generation, interface in
            let (flow, detail) = (flows.hot[slot], flows.cold[slot])
            guard detail.generation == generation, let transport = TransportProtocol(rawValue: flow.protocolNumber)
            else { return nil }
            let owner = attachments[detail.attachment]?.owner
            var question = HostQuestion(
                tuple: FlowTuple(transport, flow.client, flow.server), direction: detail.direction,
                first: Timestamp(nanoseconds: detail.first), needsOwner: owner == nil)
            question.user = (owner?.process?.user ?? owner?.user)?.identifier
            question.interface = interfaceNames[interface]
            return question
        }
    }

    /// The owner that was told before the first packet.
    mutating func joinOwner(_ slot: Int) {
        guard !owners.isEmpty, let transport = TransportProtocol(rawValue: flows.hot[slot].protocolNumber) else {
            return
        }
        let flow = flows.hot[slot]
        let tuple = FlowTuple(transport, flow.client, flow.server)
        guard let owner = owners.owner(of: tuple, at: Timestamp(nanoseconds: flows.cold[slot].first)) else { return }
        attachments.demand(&flows.cold[slot]).owner = owner
    }
}
