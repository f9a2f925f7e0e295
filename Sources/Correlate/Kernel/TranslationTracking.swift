import Decode
import Model

// What the kernel said of NAT, joined to the requests that it rewrote.

extension Correlator {
    /// Joins a translation to the request that it is of, and the other side of it to the request as its leg.
    mutating func learn(_ translation: Translation) {
        translations.keep(translation)
        let before = find(translation.original)
        let after = translation.results.compactMap { find($0) }
        if translation.ended != nil {
            for slot in after + [before].compactMap(\.self) { noteEnd(of: translation, request(of: slot)) }
            return
        }
        if let before, mayConcern(request(of: before), translation) {
            let request = request(of: before)
            note(translation, of: request)
            for slot in after where slot != request { join(slot, to: request, translation) }
        } else if let first = after.first, !flows.hot[first].isLeg, mayConcern(first, translation) {
            note(translation, of: first)
        }
    }

    /// A request of `tuple` is not translated.
    mutating func learn(_ untranslated: Untranslated, of tuple: FlowTuple) {
        guard settings.keepsRecords, let slot = find(tuple), !flows.hot[slot].isLeg else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        guard attachment.translation?.how != .conntrack else { return }
        attachment.untranslated = untranslated
        noteForwarding(slot)
        noteChange(slot)
    }

    /// Translations came and went unseen: what is open may have one that nobody knows of.
    mutating func noteTranslationsMissed(at time: Timestamp) {
        translations.removeAll()
        if missedTranslations.count == Self.missedCapacity { missedTranslations.removeFirst() }
        missedTranslations.append(time)
    }

    /// Packets were dropped because their tuple was taken; which ones, the kernel does not say.
    mutating func noteFailedInserts(_ count: UInt64, since: Timestamp, at time: Timestamp) {
        if failedInserts.count == Self.countsCapacity { failedInserts.removeFirst() }
        failedInserts.append((count, since, time))
    }

    /// Packets were dropped for want of room; which ones, the kernel does not say.
    mutating func noteRefusedInserts(_ refusal: RefusedInserts) {
        if refusedInserts.count == Self.countsCapacity { refusedInserts.removeFirst() }
        refusedInserts.append(refusal)
    }

    /// All that were dropped for want of room while the request was trying, and a little before and after: counters are
    /// read now and then.
    func refusedInserts(from first: Timestamp, to last: Timestamp) -> RefusedInserts? {
        var sum: RefusedInserts?
        for each in refusedInserts where each.until >= first && each.since <= last {
            guard let known = sum else {
                sum = each
                continue
            }
            sum = each
            sum?.count = known.count &+ each.count
            sum?.since = min(known.since, each.since)
        }
        return sum
    }

    /// How many were dropped while the request was trying.
    func failedInserts(from first: Timestamp, to last: Timestamp) -> UInt64 {
        failedInserts.reduce(0) { $1.until >= first && $1.since <= last ? $0 &+ $1.count : $0 }
    }

    /// Where the address is that a source was given, when no packet left by that interface: a rule gave it, since a
    /// masquerade takes one of the interface that it leaves by. An address of a loopback interface is meant to be elsewhere.
    func foreignSource(of lifecycle: Lifecycle) -> String? {
        guard let translation = lifecycle.translation, translation.how == .conntrack, translation.rewritesSource,
            translation.rule?.action == "snat",
            let places = addressInterfaces[translation.translated.source.address], let place = places.first,
            !places.contains("lo")
        else { return nil }
        let left = lifecycle.legs.filter { $0.tuple == translation.translated }.compactMap(\.interface)
        return left.isEmpty || left.contains(where: places.contains) ? nil : place
    }

    /// Losses remembered; requests that were open at an older one no longer say so.
    private static let missedCapacity = 64
    /// Looks at the counters that are remembered, one a second: the SYNs of a connection that nobody answers go on for two
    /// minutes (tcp_syn_retries of 6).
    private static let countsCapacity = 256

    /// Whether translations were lost while the request was open.
    func missedTranslations(from first: Timestamp, to last: Timestamp) -> Bool {
        missedTranslations.contains { $0 >= first - TranslationTable.slack && $0 <= last + TranslationTable.slack }
    }

    func find(_ tuple: FlowTuple) -> Int? {
        let key = FlowKey(tuple)
        return flows.find(key, hash: key.hash(hash))
    }

    /// A request that was over before the mapping was made had the same ports by chance.
    private func mayConcern(_ slot: Int, _ translation: Translation) -> Bool {
        guard let began = translation.began else { return true }
        switch flows.hot[slot].phase {
        case .closed, .unanswered, .empty:
            return Timestamp(nanoseconds: flows.hot[slot].last) >= began - TranslationTable.slack
        case .answered, .established, .halfClosed, .datagrams: return true
        }
    }

    private mutating func note(_ translation: Translation, of slot: Int) {
        guard settings.keepsRecords else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        if attachment.translation != translation {
            attachment.translation = translation
            attachment.untranslated = nil
            noteChange(slot)
        }
        for index in attachment.legs.indices
        where attachment.legs[index].how != nil && translation.results.contains(attachment.legs[index].tuple) {
            attachment.legs[index].how = .conntrack
        }
        noteForwarded(slot, translation)
        noteForwarding(slot)
        joinOwner(slot, of: translation)
    }

    private mutating func noteEnd(of translation: Translation, _ slot: Int) {
        guard let attachment = attachments[flows.cold[slot].attachment], let known = attachment.translation,
            known.original == translation.original, known.reply == translation.reply
        else { return }
        attachment.translation?.ended = translation.ended
        noteChange(slot)
    }

    /// What was sent to one of the host's own addresses and goes on to another host is forwarded; what was sent on to
    /// one of its own is not.
    private mutating func noteForwarded(_ slot: Int, _ translation: Translation) {
        guard translation.rewritesDestination, !isLocal(translation.original.source.address) else { return }
        switch (flows.cold[slot].direction, isLocal(translation.translated.destination.address)) {
        case (.inbound, false): flows.cold[slot].direction = .forwarded
        case (.forwarded, true): flows.cold[slot].direction = .inbound
        case (.inbound, true), (.forwarded, false), (.outbound, _), (.local, _): break
        }
    }

    /// The socket has the tuple from before the rewrite, wherever the first packet was seen.
    private mutating func joinOwner(_ slot: Int, of translation: Translation) {
        guard !owners.isEmpty, attachments[flows.cold[slot].attachment]?.ownerWord?.owner.process == nil else { return }
        let original = translation.original
        // Behind the rewrite a container's request looks like this host's own.
        let direction = isLocal(original.source.address) ? flows.cold[slot].direction : .forwarded
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        guard let word = owners.take(original, direction, at: first) else { return }
        attachments.demand(&flows.cold[slot]).ownerWord = word
    }

    /// The translation that was told before the first packet of the request in `slot`.
    mutating func joinTranslation(_ slot: Int) {
        guard !translations.isEmpty, let tuple = tuple(slot) else { return }
        let first = Timestamp(nanoseconds: flows.cold[slot].first)
        if let translation = translations.translation(ofOriginal: tuple, at: first)
            ?? translations.translation(ofResult: tuple, at: first)
        {
            note(translation, of: slot)
        }
    }

    /// From client to server.
    func tuple(_ slot: Int) -> FlowTuple? {
        let flow = flows.hot[slot]
        return TransportProtocol(rawValue: flow.protocolNumber).map { FlowTuple($0, flow.client, flow.server) }
    }

    /// A request of its own until now turns out to be the other side of `request`'s translation.
    private mutating func join(_ slot: Int, to request: Int, _ translation: Translation) {
        if flows.hot[slot].isLeg {
            guard self.request(of: slot) != request else { return }
            // It was taken for another request's, which had the same ports before.
            detach(slot)
        }
        let began = translation.began ?? Timestamp(nanoseconds: flows.cold[request].first)
        // What was there before the mapping is something else.
        guard Timestamp(nanoseconds: flows.cold[slot].first) >= began - TranslationTable.slack else { return }
        adopt(slot, by: request, .conntrack)
    }
}

extension FlowKey {
    init(_ tuple: FlowTuple) {
        self.init(
            source: tuple.source.address, tuple.source.port, destination: tuple.destination.address,
            tuple.destination.port, protocolNumber: tuple.transport.rawValue)
    }
}
