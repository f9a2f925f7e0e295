import Decode
import Model

// From a message to the record of a lookup, and what requests remember of it. Only where records are kept.

extension Correlator {
    /// A question that was asked for the first time: what its record will say besides name and time.
    mutating func noteAsked(
        _ pending: Int, _ kind: LookupKind, _ message: borrowing DNSView, _ question: borrowing DNSQuestion,
        _ nameHash: UInt64, _ origin: DNSOrigin
    ) {
        if kind == .nbns, let name = question.name.netBIOSText { lookups.setName(name, of: pending) }
        if let edns = try? message.edns() { lookups.setEDNS(edns, of: pending) }
        guard kind == .dns else { return }
        let (client, server) = parties(origin.slot, answerFrom: 1 - origin.direction)
        if isLocal(server.address) {
            stubs.areThere = true
        } else if stubs.areThere, isOfThisHost(client.address) {
            let station = mac(flows.cold[origin.slot].mac[origin.direction]).flatMap(stations.owner)
            stubs.ask(nameHash, question.type, [client.address] + [station].compactMap(\.self), server, at: origin.time)
        }
        guard question.type == 1 || question.type == 28 else { return }
        askings.ask(askingKey(client, nameHash), question.type, server, at: origin.time)
    }

    private func askingKey(_ client: Endpoint, _ nameHash: UInt64) -> AskingKey {
        AskingKey(client: SeededHash.mix(nameHash, hash(nameOwner(client.address)) | 1), port: client.port)
    }

    /// Who asked and who was asked, when the answer is sent in `direction`: whoever is sent it asked, whichever of the two
    /// the request takes for its client.
    func parties(_ slot: Int, answerFrom direction: Int) -> (client: Endpoint, server: Endpoint) {
        let flow = flows.hot[slot]
        return direction == 1 ? (flow.client, flow.server) : (flow.server, flow.client)
    }

    mutating func record(
        _ message: borrowing DNSView, _ question: borrowing DNSQuestion, _ nameHash: UInt64, _ pending: Int?,
        _ origin: DNSOrigin, isTold: Bool
    ) {
        let (client, server) = parties(origin.slot, answerFrom: origin.direction)
        var lookup = Lookup(
            client: client, server: server, transport: origin.transport, transactionID: message.id,
            name: question.name.text, type: question.type, queried: nil, status: .answered)
        if let pending { describe(&lookup, pending) }
        note(message, in: &lookup, at: origin.time)
        let answers = message.decodedAnswers(limit: Lookup.answerCapacity, asked: lookup.name)
        lookup.answers = answers.records
        lookup.answersLeftOut = answers.leftOut
        let hasAnswer = answers.records.contains { $0.type == question.type || question.type == 255 }
        // What a truncated message leaves out may be all of it, and so may what a short capture cuts off.
        let isAnswered = hasAnswer || message.isTruncated || answers.leftOut > 0
        lookup.status = lookup.rcode != 0 ? .failed : isAnswered ? .answered : .noData
        finish(lookup, nameHash, origin, isTold: isTold)
    }

    /// What the question said, and when.
    func describe(_ lookup: inout Lookup, _ pending: Int) {
        let question = lookups[pending]
        lookup.queried = Timestamp(nanoseconds: question.queried)
        lookup.retries = question.retries
        lookup.kind = question.kind
        lookup.questionFlags = question.flags
        lookup.questionEDNS = lookups.edns(of: pending)
    }

    /// What the answer's header and EDNS say.
    func note(_ message: borrowing DNSView, in lookup: inout Lookup, at time: Timestamp) {
        let edns = try? message.edns()
        lookup.answered = time
        lookup.rcode = message.responseCode(edns)
        lookup.truncated = message.isTruncated
        lookup.answerFlags = message.headerFlags
        lookup.answerEDNS = edns
        lookup.sections = Lookup.Sections(
            answer: UInt16(clamping: message.answerCount), authority: UInt16(clamping: message.authorityCount),
            additional: UInt16(clamping: message.additionalCount))
    }

    /// Joins a lookup that is over with those that belong to it, and hands it out, unless there is a record of it already.
    mutating func finish(_ lookup: Lookup, _ nameHash: UInt64, _ origin: DNSOrigin, isTold: Bool = false) {
        var lookup = lookup
        let asking = complete(&lookup, nameHash, origin.slot)
        remember(learn(lookup, asking, origin.destinationMAC), of: origin.slot)
        if !isTold { finished.append(.lookup(lookup)) }
    }

    /// The names, servers and the other IP version that were asked for the same purpose.
    @discardableResult
    mutating func complete(_ lookup: inout Lookup, _ nameHash: UInt64, _ slot: Int) -> Asking? {
        lookup.user = certainUser(slot)
        guard lookup.kind == .dns else { return nil }
        joinLegs(&lookup, nameHash)
        guard lookup.type == 1 || lookup.type == 28 else { return nil }
        let steps = searches.steps(before: lookup, hash)
        lookup.searched = steps.map(\.name)
        searches.note(lookup, after: steps, slot, flows.cold[slot].generation, hash)
        if lookup.status == .answered { noteSearched(steps, found: lookup.name, by: slot) }
        guard let asking = askings[askingKey(lookup.client, nameHash)] else { return nil }
        asking.note(lookup)
        lookup.pair = asking.pair(of: lookup.type)
        if let queried = lookup.queried {
            lookup.askedBefore = asking.servers(before: lookup.server, queried: queried, type: lookup.type)
        }
        return asking
    }

    /// What a search list tried in vain was no failure: it went on to a name that has an answer.
    private mutating func noteSearched(_ steps: [SearchTable.Step], found name: String, by slot: Int) {
        for step in steps where step.slot != slot && flows.cold[step.slot].generation == step.generation {
            attachments.demand(&flows.cold[step.slot]).searchedOn = name
            noteChange(step.slot)
        }
    }

    /// One lookup has two legs where a resolver on this host is asked: to that, and on to a server elsewhere.
    private mutating func joinLegs(_ lookup: inout Lookup, _ nameHash: UInt64) {
        guard stubs.areThere else { return }
        guard isLocal(lookup.server.address) else {
            if isOfThisHost(lookup.client.address) { stubs.note(lookup, nameHash) }
            return
        }
        guard lookup.queried != nil else { return }
        // Without an answer the stub may be asking still.
        let upstream = stubs.legs(of: lookup, nameHash, until: lookup.answered ?? now)
        // It asked nobody, so it knew: if its questions can be seen here at all, and are not encrypted.
        let canBeSeen = !stubs.isEmpty && encryptedResolvers.isEmpty
        guard !upstream.isEmpty || (lookup.answered != nil && canBeSeen) else { return }
        lookup.stub = StubAnswer(upstream: upstream)
    }

    /// Where nobody is known to be this host, as in a file, anybody may be it.
    private func isOfThisHost(_ address: IPAddress) -> Bool {
        hostAddresses.isEmpty && settings.localNetworks.isEmpty || isLocal(address)
    }

    /// Octets of aliases that are remembered with an address; the record of the lookup has all of them. What one answer
    /// can say in pointers takes 64 KiB when it is written out.
    private static let chainLimit = 2048

    /// Joins the addresses of an answer to the name that was asked for; `mac` is where the answer was sent to.
    ///
    /// - Returns: the lookup as the requests that it names will remember it.
    private mutating func learn(_ lookup: Lookup, _ asking: Asking?, _ mac: MACAddress?) -> LookupDigest {
        var chain: [String] = []
        var chainLength = 0
        var addresses: [IPAddress] = []
        var ttls: [UInt32] = []
        for record in lookup.answers {
            switch record.data {
            case .address(let address):
                addresses.append(address)
                ttls.append(record.ttl)
            case .name(let target) where record.type == 5:
                chainLength += target.utf8.count
                if chainLength <= Self.chainLimit { chain.append(target) }
            case .name, .text: break
            }
        }
        let first = LookupDigest(lookup, chain: chain, addresses: addresses, ttl: ttls.first)
        let owner = nameOwner(lookup.client.address)
        // A host asks by one IP version and connects by the other: its hardware address is the same.
        let station = owner == lookup.client.address ? mac.flatMap(stations.owner) : nil
        for (address, ttl) in zip(addresses, ttls) {
            // The addresses of one answer nearly always have one TTL, and then share one digest.
            let digest =
                ttl == first.ttl ? first : LookupDigest(lookup, chain: chain, addresses: addresses, ttl: ttl)
            let known = KnownName(digest: digest, asking: asking)
            names.learn(address, for: owner, known)
            if owner.isLoopback { for host in stubs.hosts { names.learn(address, for: host, known) } }
            if let station, address.version != lookup.client.address.version {
                names.learn(address, for: station, known)
            }
        }
        return first
    }

    /// Adds a lookup to the exchange that carried it.
    mutating func remember(_ lookup: LookupDigest, of slot: Int) {
        let attachment = attachments.demand(&flows.cold[slot])
        attachment.application.kind = ApplicationFacts.Kind(lookup.kind)
        attachment.note(lookup)
        noteChange(slot)
    }

    /// A question without an answer, as a record.
    func unanswered(_ pending: Int, _ status: LookupStatus) -> Lookup {
        let question = lookups[pending]
        let slot = Int(question.flow)
        // An exchange that was joined at an answer has the name server for its client.
        let (client, server) = parties(slot, answerFrom: question.isOfServer ? 0 : 1)
        var lookup = Lookup(
            client: client, server: server, transport: transport(flows.hot[slot]), transactionID: question.id,
            name: lookups.name(pending), type: question.type, queried: nil, status: status)
        describe(&lookup, pending)
        lookup.user = certainUser(slot)
        return lookup
    }

    /// Whose exchange it is, if that is beyond doubt by now.
    func certainUser(_ slot: Int) -> UInt32? {
        attachments[flows.cold[request(of: slot)].attachment]?.ownerWord?.owner.certainUser
    }
}
