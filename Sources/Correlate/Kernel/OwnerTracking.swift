package import Model

// What the kernel said of sockets, joined to the requests that came from them.

extension Correlator {
    /// Joins an owner to its request, if that has begun, and else keeps it for one that is about to.
    mutating func learn(_ owner: SocketOwner, of tuple: FlowTuple, at time: Timestamp) {
        guard settings.keepsRecords else { return }
        let word = OwnerWord(owner: owner, time: time)
        var isJoined = false
        if !tuple.source.address.isUnspecified {
            isJoined = join(word, tuple)
        } else if !owner.isElsewhere {
            // The kernel had not chosen the address yet: it is one of this host's, if the socket is.
            for address in hostAddresses.keys where address.version == tuple.destination.address.version {
                var full = tuple
                full.source.address = address
                if join(word, full) { isJoined = true }
            }
        }
        // What was asked about a request is about no later one.
        if !isJoined, owner.how == .traced { owners.keep(tuple, owner, at: time) }
    }

    /// - Returns: whether it was about the request that has the tuple now; another one on the same ports has another
    ///   owner, whatever it is.
    private mutating func join(_ word: OwnerWord, _ tuple: FlowTuple) -> Bool {
        let key = FlowKey(tuple)
        guard let found = flows.find(key, hash: key.hash(hash)), flows.hot[found].client == tuple.source,
            word.owner.mayOwn(flows.cold[found].direction)
        else { return false }
        let slot = request(of: found)
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard word.time <= first + OwnerTable.slack, word.time >= first - OwnerTable.patience else { return false }
        let attachment = attachments.demand(&flows.cold[slot])
        // It was about a request that is over.
        if let since = attachment.ownersSince, word.time <= since { return true }
        let known = attachment.ownerWord
        let agreed = known?.agreed(with: word, of: first) ?? word
        if agreed != known {
            attachment.ownerWord = agreed
            noteChange(slot)
        }
        // Another process that connected a moment later did so for the next request.
        return agreed.owner.isContested || agreed.owner.process == nil
            || agreed.owner.process?.pid == word.owner.process?.pid || word.owner.process == nil
    }

    /// Questions that wait for their taker; a flood has more, and gets no answers.
    private static let questionCapacity = 4096

    /// The kernel is to be asked about a request that has begun.
    mutating func noteBegun(_ slot: Int, on interface: InterfaceID, isAgain: Bool = false) {
        guard notesQuestions else { return }
        guard questions.count < Self.questionCapacity else {
            totals.questionsDropped &+= 1
            return
        }
        questions.append(
            PendingQuestion(
                slot: slot, generation: flows.cold[slot].generation, interface: interface.index, isAgain: isAgain))
    }

    /// Requests that have begun since the last call, with what facts have told of them meanwhile.
    package mutating func takeQuestions() -> [HostQuestion] {
        defer { questions.removeAll(keepingCapacity: true) }
        return questions.compactMap { pending in
            let slot = pending.slot
            let (flow, detail) = (flows.hot[slot], flows.cold[slot])
            guard detail.generation == pending.generation,
                let transport = TransportProtocol(rawValue: flow.protocolNumber)
            else { return nil }
            let owner = attachments[detail.attachment]?.ownerWord?.owner
            var question = HostQuestion(
                tuple: FlowTuple(transport, flow.client, flow.server), direction: detail.direction,
                first: Timestamp(nanoseconds: detail.first), needsOwner: owner == nil && !pending.isAgain)
            question.user = (owner?.process?.user ?? owner?.user)?.identifier
            question.interface = interfaceNames[pending.interface]
            question.forwarding = forwarding(slot)
            return question
        }
    }

    /// The request in `slot` gives way to another one on the same ports: what was told until it began is not about that.
    mutating func forgetOwners(_ slot: Int, until first: Timestamp) {
        guard !owners.isEmpty, let tuple = tuple(slot) else { return }
        owners.forget(tuple, until: first)
    }

    /// As ``forgetOwners(_:until:)``, for what is told from now on of the one that came after.
    mutating func passOverOwners(_ slot: Int, until first: Timestamp) {
        guard settings.keepsRecords, notesQuestions else { return }
        attachments.demand(&flows.cold[slot]).ownersSince = first
    }

    /// The owner that was told before the first packet.
    mutating func joinOwner(_ slot: Int) {
        guard !owners.isEmpty, let tuple = tuple(slot) else { return }
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard let word = owners.take(tuple, flows.cold[slot].direction, at: first) else { return }
        attachments.demand(&flows.cold[slot]).ownerWord = word
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
