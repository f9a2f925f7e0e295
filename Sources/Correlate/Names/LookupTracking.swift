import Decode
import Model

// Questions and answers as they are met: what is pending, what it becomes, and where damage is counted. What a record
// says of them stands in LookupRecords, the protocols that ask everybody at once in GroupLookups.

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
            try answer(pending, hash, message, question, nameHash, origin)
        } else if let pending {
            lookups.noteRetry(pending, at: origin.time.nanoseconds)
        } else {
            ask(.dns, message, question, nameHash, hash, origin)
        }
    }

    mutating func ask(
        _ kind: LookupKind, _ message: borrowing DNSView, _ question: borrowing DNSQuestion, _ nameHash: UInt64,
        _ hash: UInt32, _ origin: DNSOrigin
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
                previous: flows.cold[slot].newestLookup, id: message.id, type: question.type,
                flags: message.headerFlags, kind: kind, isOfServer: origin.direction == 1),
            name: question.name)
        flows.cold[slot].newestLookup = UInt32(truncatingIfNeeded: pending)
        if settings.keepsRecords { noteAsked(pending, kind, message, question, nameHash, origin) }
    }

    private mutating func answer(
        _ pending: Int?, _ hash: UInt32, _ message: borrowing DNSView, _ question: borrowing DNSQuestion,
        _ nameHash: UInt64, _ origin: DNSOrigin
    ) throws(DecodeError) {
        let slot = origin.slot
        if pending == nil, flows.cold[slot].hasAnswered(hash) {
            // An answer once more: a network that duplicates, or the answer to a retry.
            return
        }
        let isTold = wasToldByLeg(question, of: slot)
        if settings.keepsRecords { record(message, question, nameHash, pending, origin, isTold: isTold) }
        let asked = pending.map { lookups[$0].queried } ?? origin.time.nanoseconds
        if let pending { remove(pending) }
        flows.cold[slot].noteAnswered(hash)
        if !isTold { totals.lookups &+= 1 }
        try walk(message, nameHash, asked: asked, origin)
    }

    /// Behind NAT the same answer was met before the kernel told that both are one request; once for each that was told.
    private mutating func wasToldByLeg(_ question: borrowing DNSQuestion, of slot: Int) -> Bool {
        guard let attachment = attachments[flows.cold[slot].attachment], !attachment.toldByLeg.isEmpty else {
            return false
        }
        let (name, type) = (question.name.text, question.type)
        guard let place = attachment.toldByLeg.firstIndex(where: { $0.name == name && $0.type == type }) else {
            return false
        }
        attachment.toldByLeg.remove(at: place)
        return true
    }

    /// Reads an answer section once for its damage, which is counted whether or not the record is kept, and for the
    /// addresses that it gives.
    mutating func walk(
        _ message: borrowing DNSView, _ nameHash: UInt64, asked: Int64, _ origin: DNSOrigin
    ) throws(DecodeError) {
        guard message.answerCount > 0 else { return }
        let (client, _) = parties(origin.slot, answerFrom: origin.direction)
        let owner = nameOwner(client.address)
        // A host that is known by all of its addresses needs no other mark.
        let station = owner == client.address ? origin.destinationMAC.map { $0.bits + 1 } ?? 0 : 0
        var answers = message.answers
        while let record = try answers.next() {
            guard let address = record.address else { continue }
            given.note(address, for: owner, nameHash: nameHash, asked: asked, station: station)
        }
    }

    /// Gives up every question, oldest first, for which `isOver` holds.
    mutating func expireLookups(where isOver: (PendingLookups.Question) -> Bool) {
        while let slot = lookups.oldest(where: isOver) { abandon(slot) }
    }

    /// Gives up the questions of a request that ends.
    mutating func abandonLookups(of slot: Int) {
        for pending in lookups.slots(newest: flows.cold[slot].newestLookup).reversed() { abandon(pending) }
    }

    /// A question that got no answer becomes a record of its own.
    private mutating func abandon(_ pending: Int) {
        totals.lookups &+= 1
        let question = lookups[pending]
        let slot = Int(question.flow)
        if settings.keepsRecords, flows.cold[slot].generation == question.generation {
            var lookup = unanswered(pending, .noAnswer)
            complete(&lookup, question.nameHash, slot)
            remember(LookupDigest(lookup), of: slot)
            finished.append(.lookup(lookup))
        }
        remove(pending)
    }

    /// Takes a question out, and from the chain of its exchange.
    mutating func remove(_ pending: Int) {
        let question = lookups[pending]
        let slot = Int(question.flow)
        if flows.cold[slot].generation == question.generation {
            if Int(flows.cold[slot].newestLookup) == pending { flows.cold[slot].newestLookup = question.previous }
        }
        lookups.remove(pending)
    }
}
