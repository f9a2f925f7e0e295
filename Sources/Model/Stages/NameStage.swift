extension Lifecycle {
    /// The lookup that gave the server's address, or the lookups that this request itself carried.
    var nameStage: Stage {
        if !lookups.isEmpty { return ownLookupsStage }
        if let join = names.first(where: { $0.lookup != nil && $0.isTrusted }), let lookup = join.lookup {
            return joinedStage(join, lookup)
        }
        if let join = names.first(where: \.isTrusted) {
            return Stage(
                .name, .unseen, reason: noLookup,
                facts: [StageFact("name", .text(join.name)), StageFact("how", .text(join.how.name))])
        }
        if isOnLoopback { return Stage(.name, .notApplicable, reason: "a loopback address needs no lookup") }
        if isToGroup { return Stage(.name, .notApplicable, reason: "a group address needs no lookup") }
        if application.asksForNames {
            return Stage(.name, .unseen, reason: "the questions of this DNS exchange were not readable")
        }
        return Stage(.name, .unseen, reason: noLookup)
    }

    private var noLookup: String {
        if let likelyResolver { return "no lookup seen: likely asked by \(likelyResolver)" }
        return "no lookup seen: cached or asked before the capture"
    }

    /// That this request was made for this name is inferred from the address that the answer gave.
    private func joinedStage(_ join: NameJoin, _ lookup: LookupDigest) -> Stage {
        var facts = [
            StageFact("name", .text(join.name), from: .inferred), StageFact("how", .text(join.how.name)),
            StageFact("type", .text(lookup.typeName)),
        ]
        if !lookup.chain.isEmpty { facts.append(StageFact("chain", .list(lookup.chain))) }
        facts.append(StageFact("server", .text(lookup.server.description)))
        let pair = join.pair ?? lookup.pair
        facts += Self.detours(lookup, pair)
        if let answered = lookup.answered, answered <= first {
            facts.append(StageFact("age_ms", .span(first - answered)))
        }
        if let ttl = lookup.ttl { facts.append(StageFact("ttl", .integer(Int64(ttl)))) }
        if lookup.retries > 0 { facts.append(StageFact("retries", .integer(Int64(lookup.retries)))) }
        // A program that asked for both IP versions and went on after the slower answer has waited for it.
        var end = lookup.answered
        if let other = pair?.answered, other <= first, let own = end, other > own { end = other }
        let start = lookup.began
        let duration = start.flatMap { start in lookup.queried == nil ? nil : end.map { $0 - start } }
        return Stage(.name, .ok, start: start, duration: duration, facts: facts)
    }

    /// What it took besides the one question that was answered: other names, other servers, the other IP version.
    private static func detours(_ lookup: LookupDigest, _ pair: LookupPair?) -> [StageFact] {
        var facts: [StageFact] = []
        if lookup.kind != .dns { facts.append(StageFact("lookup_kind", .text(lookup.kind.name))) }
        if !lookup.searched.isEmpty {
            facts.append(
                StageFact(
                    "searched", .list(lookup.searched.map { "\($0.name) \(outcome($0.status, $0.rcode))" }),
                    from: .inferred))
        }
        if !lookup.askedBefore.isEmpty {
            facts.append(
                StageFact(
                    "asked_before",
                    .list(
                        lookup.askedBefore.map { asked in
                            // Another server was asked because this one had not answered.
                            let isSilent = asked.status == .pending || asked.status == .noAnswer
                            return "\(asked.server) \(isSilent ? "silent" : outcome(asked.status, asked.rcode))"
                        })))
        }
        if let stub = lookup.stub { facts += legs(stub) }
        if let pair {
            facts.append(
                StageFact("pair", .text("\(DNSNames.type(pair.type)) \(outcome(pair.status, pair.rcode))")))
            if let roundTrip = pair.roundTrip { facts.append(StageFact("pair_ms", .span(roundTrip))) }
        }
        if !lookup.extendedErrors.isEmpty {
            facts.append(StageFact("extended_errors", .list(lookup.extendedErrors.map(\.description))))
        }
        return facts
    }

    /// What the stub did to answer: that its question is the program's own is inferred from name and time.
    private static func legs(_ stub: StubAnswer) -> [StageFact] {
        guard let last = stub.upstream.last else {
            return [StageFact("from_cache", .flag(true), from: .inferred)]
        }
        var facts = [
            StageFact(
                "upstream",
                .list(
                    stub.upstream.map { leg in
                        leg.status == .answered
                            ? leg.server.description : "\(leg.server) \(outcome(leg.status, leg.rcode))"
                    }), from: .inferred)
        ]
        if let roundTrip = last.roundTrip { facts.append(StageFact("upstream_ms", .span(roundTrip), from: .inferred)) }
        return facts
    }

    /// `answered`, `nxdomain`, `no_answer`: as the reason of a failed stage has it.
    private static func outcome(_ status: LookupStatus, _ rcode: UInt16?) -> String {
        guard status == .failed, let rcode else { return status.name }
        return DNSNames.rcode(rcode).lowercased()
    }

    /// Several questions often share one socket (A and AAAA): one answer makes the stage ok, and it fails only when
    /// all of them have failed.
    private var ownLookupsStage: Stage {
        let answered = lookups.first { $0.status == .answered }
        let isPending = lookups.contains { $0.status == .pending }
        let failure = lookups.compactMap(Self.failure(of:)).min { $0.rank < $1.rank }
        // What is shown is the lookup that decided: the answer, or else the one that tells most of the failure.
        guard let shown = answered ?? failure?.lookup ?? lookups.first else { return Stage(.name, .unseen) }
        let start = shown.began
        var facts = [StageFact("name", .text(shown.name)), StageFact("types", .list(types(of: shown.name)))]
        if let rcode = shown.rcode { facts.append(StageFact("rcode", .text(DNSNames.rcode(rcode)))) }
        if !shown.chain.isEmpty { facts.append(StageFact("chain", .list(shown.chain))) }
        if !shown.addresses.isEmpty {
            facts.append(StageFact("addresses", .list(shown.addresses.map(\.description))))
        }
        facts.append(StageFact("server", .text(shown.server.description)))
        facts += Self.detours(shown, nil)
        if let ttl = shown.ttl { facts.append(StageFact("ttl", .integer(Int64(ttl)))) }
        if shown.retries > 0 { facts.append(StageFact("retries", .integer(Int64(shown.retries)))) }
        let duration = start.flatMap { start in shown.queried == nil ? nil : shown.answered.map { $0 - start } }
        if answered != nil { return Stage(.name, .ok, start: start, duration: duration, facts: facts) }
        if isPending {
            return Stage(.name, .pending, start: start, reason: waiting(for: "awaiting_answer"), facts: facts)
        }
        if isToGroup, failure?.reason == "no_answer" {
            return Stage(
                .name, .unseen, start: start, reason: "only who has the name answers a question to a group",
                facts: facts)
        }
        return Stage(
            .name, .failed, start: start, duration: duration, reason: failure?.reason ?? "no_answer",
            facts: facts)
    }

    private func types(of name: String) -> [String] {
        var types: [String] = []
        for lookup in lookups where lookup.name == name {
            let type = lookup.typeName
            if !types.contains(type) { types.append(type) }
        }
        return types
    }

    private typealias LookupFailure = (lookup: LookupDigest, reason: String, rank: Int)

    /// The reason of a lookup that failed. A lower rank tells more: a server that denies the name knows more of it
    /// than one that did not answer.
    private static func failure(of lookup: LookupDigest) -> LookupFailure? {
        switch lookup.status {
        case .pending, .answered: return nil
        case .noAnswer: return (lookup, "no_answer", 5)
        case .noData: return (lookup, "no_data", 4)
        case .failed:
            let rcode = lookup.rcode ?? 2
            let rank: Int =
                switch rcode {
                case 3: 0
                case 2: 1
                case 5: 2
                default: 3
                }
            return (lookup, DNSNames.rcode(rcode).lowercased(), rank)
        }
    }
}
