import Decode
import Model

/// Where one DNS message was found: everything of its datagram, or of its place in a stream, that it takes to follow it.
struct DNSOrigin {
    /// The request that carries it, and who of the two sent it: 0 the client, 1 the server.
    let slot: Int
    let direction: Int
    let transport: TransportProtocol
    /// When its last octet arrived.
    let time: Timestamp
    /// Where its first octet stands in the frame (or in what was put together of several), for errors.
    let offset: Int
    /// Less of it was captured than was on the wire.
    let isCut: Bool
    /// The station that the frame was sent to.
    let destinationMAC: MACAddress?
}

extension Correlator {
    /// One DNS message (RFC 1035 §4.1), without the length that it has before it in a stream.
    @inline(never)
    mutating func observeDNS(_ bytes: RawSpan, _ origin: DNSOrigin) {
        do throws(DecodeError) {
            try readDNS(DNSView(bytes, at: origin.offset), origin)
            decoder.countMessage(.dns)
        } catch {
            // What a snap length or the next fragment has is not missing on the wire.
            decoder.countFailure(error, isCut: origin.isCut)
        }
    }

    private mutating func readDNS(_ message: borrowing DNSView, _ origin: DNSOrigin) throws(DecodeError) {
        // NOTIFY, UPDATE and the like ask for nothing.
        guard message.opcode == 0, let question = message.question else { return }
        let slot = origin.slot
        let nameHash = question.name.hash(seed: settings.seed)
        let hash = PendingLookups.hash(nameHash, flow: slot, id: message.id, type: question.type)
        let pending = lookups.find(
            hash, nameHash: nameHash, flow: slot, generation: flows.cold[slot].generation, id: message.id,
            type: question.type)
        if message.isResponse {
            try answer(pending, hash, message, question, origin)
        } else if let pending {
            lookups.noteRetry(pending, at: origin.time.nanoseconds)
        } else {
            ask(question, nameHash, hash, id: message.id, origin)
        }
    }

    private mutating func ask(
        _ question: borrowing DNSQuestion, _ nameHash: UInt64, _ hash: UInt32, id: UInt16, _ origin: DNSOrigin
    ) {
        if lookups.isFull, let oldest = lookups.oldest(where: { _ in true }) {
            lookups.noteEviction()
            abandon(oldest)
        }
        let slot = origin.slot
        let time = origin.time.nanoseconds
        let pending = lookups.insert(
            PendingLookups.Question(
                nameHash: nameHash, queried: time, lastQueried: time,
                flow: UInt32(truncatingIfNeeded: slot), generation: flows.cold[slot].generation, hash: hash,
                previous: flows.cold[slot].newestLookup, id: id, type: question.type,
                isOfServer: origin.direction == 1),
            name: question.name)
        flows.cold[slot].newestLookup = UInt32(truncatingIfNeeded: pending)
        flows.cold[slot].openLookups &+= 1
    }

    private mutating func answer(
        _ pending: Int?, _ hash: UInt32, _ message: borrowing DNSView, _ question: borrowing DNSQuestion,
        _ origin: DNSOrigin
    ) throws(DecodeError) {
        let slot = origin.slot
        var queried: Timestamp?
        var retries: UInt32 = 0
        if let pending {
            queried = Timestamp(nanoseconds: lookups[pending].queried)
            retries = lookups[pending].retries
            remove(pending)
        } else if flows.cold[slot].hasAnswered(hash) {
            // An answer once more: a network that duplicates, or the answer to a retry.
            return
        }
        flows.cold[slot].noteAnswered(hash)
        totals.lookups &+= 1
        if settings.keepsRecords { record(message, question, origin, queried: queried, retries: retries) }
        try walk(message)
    }

    private mutating func record(
        _ message: borrowing DNSView, _ question: borrowing DNSQuestion, _ origin: DNSOrigin, queried: Timestamp?,
        retries: UInt32
    ) {
        let flow = flows.hot[origin.slot]
        // Who was sent the answer asked the question, whichever of the two the request takes for its client.
        let (client, server) = origin.direction == 1 ? (flow.client, flow.server) : (flow.server, flow.client)
        var lookup = Lookup(
            client: client, server: server, transport: origin.transport, transactionID: message.id,
            name: question.name.text, type: question.type, queried: queried, status: .answered)
        lookup.retries = retries
        lookup.answered = origin.time
        lookup.rcode = message.responseCode()
        lookup.truncated = message.isTruncated
        let answers = message.decodedAnswers(limit: Lookup.answerCapacity)
        lookup.answers = answers.records
        lookup.answersLeftOut = answers.leftOut
        let hasAnswer = answers.records.contains { $0.type == question.type || question.type == 255 }
        // What a truncated message leaves out may be all of it.
        lookup.status = lookup.rcode != 0 ? .failed : hasAnswer || message.isTruncated ? .answered : .noData
        remember(learn(lookup, origin.destinationMAC), of: origin.slot)
        finished.append(.lookup(lookup))
    }

    /// Reads an answer section once for its damage, which is counted whether or not the record is kept.
    private func walk(_ message: borrowing DNSView) throws(DecodeError) {
        var answers = message.answers
        while let record = try answers.next() { _ = record.address }
    }

    /// Joins the addresses of an answer to the name that was asked for; `mac` is where the answer was sent to.
    ///
    /// - Returns: the lookup as the requests that it names will remember it.
    private mutating func learn(_ lookup: Lookup, _ mac: MACAddress?) -> LookupDigest {
        var chain: [String] = []
        var addresses: [IPAddress] = []
        var ttls: [UInt32] = []
        for record in lookup.answers {
            switch record.data {
            case .address(let address):
                addresses.append(address)
                ttls.append(record.ttl)
            case .name(let target) where record.type == 5: chain.append(target)
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
            names.learn(address, for: owner, digest)
            if let station, address.version != lookup.client.address.version {
                names.learn(address, for: station, digest)
            }
        }
        return first
    }

    /// Adds a lookup to the exchange that carried it.
    private mutating func remember(_ lookup: LookupDigest, of slot: Int) {
        let attachment = attachments.demand(&flows.cold[slot])
        attachment.application.kind = .dns
        attachment.note(lookup)
        noteChange(slot)
    }

    /// Gives up every question, oldest first, for which `isOver` holds.
    mutating func expireLookups(where isOver: (PendingLookups.Question) -> Bool) {
        while let slot = lookups.oldest(where: isOver) { abandon(slot) }
    }

    /// Gives up the questions of a request that ends.
    mutating func abandonLookups(of slot: Int) {
        for pending in lookups.slots(newest: flows.cold[slot].newestLookup).reversed() { abandon(pending) }
    }

    /// A question without an answer, as a record.
    func unanswered(_ pending: Int, _ status: LookupStatus) -> Lookup {
        let question = lookups[pending]
        let flow = flows.hot[Int(question.flow)]
        // An exchange that was joined at an answer has the name server for its client.
        let (client, server) = question.isOfServer ? (flow.server, flow.client) : (flow.client, flow.server)
        var lookup = Lookup(
            client: client, server: server, transport: transport(flow), transactionID: question.id,
            name: lookups.name(pending), type: question.type, queried: Timestamp(nanoseconds: question.queried),
            status: status)
        lookup.retries = question.retries
        return lookup
    }

    /// A question that got no answer becomes a record of its own.
    private mutating func abandon(_ pending: Int) {
        totals.lookups &+= 1
        let question = lookups[pending]
        let slot = Int(question.flow)
        if settings.keepsRecords, flows.cold[slot].generation == question.generation {
            let lookup = unanswered(pending, .noAnswer)
            remember(LookupDigest(lookup), of: slot)
            finished.append(.lookup(lookup))
        }
        remove(pending)
    }

    /// Takes a question out, and from the chain of its exchange.
    private mutating func remove(_ pending: Int) {
        let question = lookups[pending]
        let slot = Int(question.flow)
        if flows.cold[slot].generation == question.generation {
            flows.cold[slot].openLookups &-= 1
            if Int(flows.cold[slot].newestLookup) == pending { flows.cold[slot].newestLookup = question.previous }
        }
        lookups.remove(pending)
    }
}
