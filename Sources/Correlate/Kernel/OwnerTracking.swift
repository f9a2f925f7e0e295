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
        // The kernel had not chosen the address yet: it is one of this host's, if the socket is.
        guard !owner.isElsewhere else { return }
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
        guard let found = flows.find(key, hash: key.hash(hash)), flows.hot[found].client == tuple.source,
            owner.mayOwn(flows.cold[found].direction)
        else { return }
        let slot = request(of: found)
        // Another exchange on the same ports has another owner, whatever it is.
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard time <= first + OwnerTable.slack, time >= first - OwnerTable.patience else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        let agreed = attachment.owner?.agreed(with: owner) ?? owner
        guard agreed != attachment.owner else { return }
        attachment.owner = agreed
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
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard let owner = owners.owner(of: tuple, flows.cold[slot].direction, at: first) else { return }
        attachments.demand(&flows.cold[slot]).owner = owner
    }
}

extension SocketOwner {
    /// Its process sees other links and addresses than this host's own.
    var isElsewhere: Bool {
        switch process?.networkNamespace {
        case .other: true
        case .own, .unknown, nil: false
        }
    }

    /// Whether a request that goes this way may come from the socket: what leaves from this host's own addresses does not
    /// come from a namespace that happens to have the same ones.
    func mayOwn(_ direction: Direction) -> Bool { !(direction.isFromHere && isElsewhere) }

    /// This one, unless `other` is of another network namespace, where the same addresses and ports mean another socket.
    func agreed(with other: SocketOwner) -> SocketOwner {
        guard !isContested, !other.isContested else { return isContested ? self : other }
        guard let process, let theirs = other.process, process.pid != theirs.pid,
            process.networkNamespace != theirs.networkNamespace
        else { return self.process == nil && other.process != nil ? other : self }
        var nobody = SocketOwner(
            nil, how,
            reason: "\(process.name) (\(process.pid)) and \(theirs.name) (\(theirs.pid)) in different network "
                + "namespaces have such a socket")
        nobody.isContested = true
        return nobody
    }
}

extension Direction {
    /// From one of this host's own addresses.
    var isFromHere: Bool {
        switch self {
        case .outbound, .local: true
        case .inbound, .forwarded: false
        }
    }
}
