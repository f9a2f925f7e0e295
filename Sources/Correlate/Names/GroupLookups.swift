import Decode
import Model

// Multicast DNS (RFC 6762), LLMNR (RFC 4795) and the NetBIOS name service (RFC 1002): a question goes to everybody, and
// whoever has the name answers from an address of its own. So an answer is found by what was asked, not by its tuple.

extension Correlator {
    /// Questions of one multicast DNS message that are followed (RFC 6762 §5.3), and answers that are looked at for them.
    private static let questionLimit = 16
    private static let answerLimit = 64
    /// Clients that wait for the answer to one question at once. They are found one after the other, so more would make
    /// every message about that name slow.
    static let askerLimit = 256

    /// A datagram of one of the three.
    @inline(never)
    mutating func observeGroupDatagram(
        _ kind: LookupKind, _ packet: Packet, _ key: FlowKey, _ hash: UInt32, _ frame: RawSpan
    ) {
        var isCounted = false
        do throws(DecodeError) {
            let message = try DNSView(packet.payload(in: frame), at: packet.payloadOffset)
            let isToOne = !isToGroup(packet)
            var asked: Int?
            if message.isResponse, isToOne { asked = try answered(kind, message, packet) }
            let own = find(key, hash, at: packet.time)
            let slot =
                own ?? asked.map { Int(lookups[$0].flow) }
                ?? begin(key, hash, packet, frame, phase: .datagrams, sourceIsClient: !(message.isResponse && isToOne))
            // An answer that comes from elsewhere belongs to the exchange that asked.
            let direction = own == nil && asked != nil ? 1 : flows.hot[slot].direction(of: key)
            guard admit(slot, direction, packet) else { return }
            countDatagram(slot, direction, packet)
            isCounted = true
            let origin = DNSOrigin(packet, slot: slot, direction: direction)
            if message.isResponse {
                try readGroupAnswer(kind, message, packet, origin)
            } else {
                try readGroupQuestions(kind, message, origin)
            }
            if settings.keepsRecords {
                attachments.demand(&flows.cold[slot]).application.kind = ApplicationFacts.Kind(kind)
            }
            decoder.countMessage(kind == .nbns ? .netbios : .dns)
        } catch {
            decoder.countFailure(error.in(kind), isCut: packet.payloadCaptured < packet.payloadLength)
            // A message that breaks off behind its header is part of the request already.
            if isCounted { return }
            let slot =
                find(key, hash, at: packet.time)
                ?? begin(key, hash, packet, frame, phase: .datagrams, sourceIsClient: true)
            let direction = flows.hot[slot].direction(of: key)
            if admit(slot, direction, packet) { countDatagram(slot, direction, packet) }
        }
    }

    /// Whether more than one station may be meant. A subnet's own broadcast address shows by its MAC alone.
    private func isToGroup(_ packet: Packet) -> Bool {
        packet.destination.isMulticast || packet.destination.isLimitedBroadcast
            || packet.destinationMAC?.isGroup == true
    }

    /// Whose questions an answer is for: those of one client, or of all that asked by this IP version, which are told apart
    /// on one link (RFC 6762 §20).
    private enum Recipient {
        case client(Endpoint)
        case all(IPAddress.Version)

        func includes(_ client: Endpoint) -> Bool {
            switch self {
            case .client(let own): own == client
            case .all(let version): version == client.address.version
            }
        }
    }

    private func recipient(_ packet: Packet) -> Recipient {
        isToGroup(packet)
            ? .all(packet.source.version) : .client(Endpoint(packet.destination, packet.destinationPort))
    }

    /// Questions of a group answer are found by name and, but for multicast DNS, whose answers have none, by id.
    private static func hash(_ kind: LookupKind, _ nameHash: UInt64, _ id: UInt16) -> UInt32 {
        PendingLookups.hash(nameHash, flow: 0, id: kind == .mdns ? 0 : id, type: 0)
    }

    private mutating func readGroupQuestions(
        _ kind: LookupKind, _ message: borrowing DNSView, _ origin: DNSOrigin
    ) throws(DecodeError) {
        // NetBIOS registers, refreshes and releases names by messages of other kinds. A probe of multicast DNS asks whether
        // a name is free, with its own claim beside the question (RFC 6762 §8.1): nobody wants an answer.
        guard message.opcode == 0, !(kind == .mdns && message.authorityCount > 0) else { return }
        var questions = message.questions
        for _ in 0..<(kind == .mdns ? Self.questionLimit : 1) {
            guard let question = try questions.next() else { return }
            let nameHash = question.name.hash(seed: settings.seed)
            let hash = Self.hash(kind, nameHash, message.id)
            let pending = lookups.find(hash) { asked in
                asked.kind == kind && asked.nameHash == nameHash && asked.type == question.type
                    && Int(asked.flow) == origin.slot && asked.generation == flows.cold[origin.slot].generation
                    && (kind == .mdns || asked.id == message.id)
            }
            if let pending {
                lookups.noteRetry(pending, at: origin.time.nanoseconds)
            } else if lookups.count(hash, limit: Self.askerLimit) < Self.askerLimit {
                ask(kind, message, question, nameHash, hash, origin)
            } else {
                lookups.noteEviction()
            }
        }
    }

    /// The question of the client that `packet` is sent to and that its first answer, or its own question, is for.
    private func answered(_ kind: LookupKind, _ message: borrowing DNSView, _ packet: Packet) throws(DecodeError)
        -> Int?
    {
        let client = recipient(packet)
        if let question = message.question {
            return pending(kind, question.name.hash(seed: settings.seed), question.type, message.id, client)
        }
        var answers = message.answers
        guard let record = try answers.next() else { return nil }
        return pending(kind, try record.name.hash(seed: settings.seed), record.type, message.id, client)
    }

    /// A question of the recipient that an answer of this name and type is for.
    private func pending(
        _ kind: LookupKind, _ nameHash: UInt64, _ type: UInt16, _ id: UInt16, _ recipient: Recipient
    ) -> Int? {
        lookups.find(Self.hash(kind, nameHash, id)) { asked in
            asked.kind == kind && asked.nameHash == nameHash && (kind == .mdns || asked.id == id)
                // A NetBIOS denial has a record of no type (RFC 1002 §4.2.14).
                && (asked.type == type || asked.type == 255 || kind == .nbns)
                && flows.cold[Int(asked.flow)].generation == asked.generation
                && recipient.includes(flows.hot[Int(asked.flow)].client)
        }
    }

    private mutating func readGroupAnswer(
        _ kind: LookupKind, _ message: borrowing DNSView, _ packet: Packet, _ origin: DNSOrigin
    ) throws(DecodeError) {
        // What comes with an error says nothing in multicast DNS (RFC 6762 §18.11).
        guard message.opcode == 0, !(kind == .mdns && message.headerRCODE != 0) else { return }
        let client = recipient(packet)
        if kind != .mdns, let question = message.question {
            let nameHash = question.name.hash(seed: settings.seed)
            if let asked = pending(kind, nameHash, question.type, message.id, client) {
                answer(asked, kind, message, packet, origin)
            }
            var answers = message.answers
            while try answers.next() != nil {}
            return
        }
        var answers = message.answers
        var index = 0
        while let record = try answers.next() {
            index += 1
            guard index <= Self.answerLimit else { continue }
            let nameHash = try record.name.hash(seed: settings.seed)
            // Several clients may have asked; one answer is for all of them. Each question is answered once.
            for _ in 0..<Self.questionLimit {
                guard let asked = pending(kind, nameHash, record.type, message.id, client) else { break }
                answer(asked, kind, message, packet, origin)
            }
        }
    }

    private mutating func answer(
        _ pending: Int, _ kind: LookupKind, _ message: borrowing DNSView, _ packet: Packet, _ origin: DNSOrigin
    ) {
        totals.lookups &+= 1
        let question = lookups[pending]
        if settings.keepsRecords {
            let slot = Int(question.flow)
            var lookup = unanswered(pending, .answered)
            lookup.server = Endpoint(packet.source, packet.sourcePort)
            note(message, in: &lookup, at: origin.time)
            if kind == .nbns {
                lookup.answers = message.decodedNetBIOSAnswers(limit: Lookup.answerCapacity)
            } else {
                // A multicast answer may hold those to other questions as well.
                let name = lookup.name.lowercased()
                let answers = message.decodedAnswers(limit: Lookup.answerCapacity)
                lookup.answers = answers.records.filter { $0.name.lowercased() == name }
                lookup.answersLeftOut = answers.leftOut
            }
            let isAnswered = !lookup.answers.isEmpty || lookup.answersLeftOut > 0
            lookup.status = lookup.rcode != 0 ? .failed : isAnswered ? .answered : .noData
            let own = DNSOrigin(packet, slot: slot, direction: 1)
            finish(lookup, question.nameHash, own)
        }
        remove(pending)
    }
}

extension DecodeError {
    /// NetBIOS messages are read as DNS messages, and counted as what they are.
    fileprivate func `in`(_ kind: LookupKind) -> DecodeError {
        guard kind == .nbns else { return self }
        switch self {
        case .truncated(_, let offset, let needs, let has):
            return .truncated(.netbios, at: offset, needs: needs, has: has)
        case .invalid(_, let offset, let field, let value):
            return .invalid(.netbios, at: offset, field: field, value: value)
        }
    }
}
