extension Lifecycle {
    /// What NAT made of the tuple. One interface alone does not show it.
    var translationStage: Stage {
        if let translation { return stage(translation) }
        if let refusedInserts, isLostToFullTable {
            return Stage(
                .translation, .failed, start: first, reason: "table_full",
                facts: [
                    StageFact("packets_refused", .integer(Int64(clamping: refusedInserts.count)), from: .kernel),
                    StageFact("tracked", .integer(Int64(refusedInserts.tracked)), from: .kernel),
                    StageFact("track_limit", .integer(Int64(refusedInserts.limit)), from: .kernel),
                ])
        }
        if isLostToCollision {
            return Stage(
                .translation, .failed, start: first, reason: "port_collision",
                facts: [StageFact("insert_failed", .integer(Int64(clamping: failedInserts)), from: .kernel)])
        }
        if let untranslated { return Stage(.translation, .notApplicable, reason: untranslated.reason) }
        if coverage.translationsMissed {
            return Stage(.translation, .unseen, reason: "the kernel's news of translations were lost meanwhile")
        }
        return Stage(.translation, .unseen, reason: "translations are not observed")
    }

    /// It came in, conntrack has no entry of it, nothing came back, and packets were dropped meanwhile because their tuple was
    /// taken, as many as it sent at least. Which ones were is not told, so this is likely and no more.
    private var isLostToCollision: Bool {
        direction == .forwarded && untranslated == .untracked && failedInserts >= max(1, client.segments)
            && server.segments == 0
            && isSilent && !legs.contains { $0.how != nil }
    }

    /// It came in, conntrack has no entry of it, nothing came back, and packets were dropped meanwhile because the table was
    /// full, as many as it sent at least: a rule of the packet filter that drops it leaves no entry either.
    private var isLostToFullTable: Bool {
        guard let refused = refusedInserts?.count, refused >= max(1, client.segments) else { return false }
        return (direction == .forwarded || direction == .inbound) && untranslated == .untracked
            && server.segments == 0 && isSilent && !legs.contains { $0.how != nil }
    }

    /// An answer was waited for in vain.
    private var isSilent: Bool {
        switch transport {
        case .tcp: connectStage.status == .failed && connectStage.reason == "no_answer"
        case .udp, .icmp, .icmpv6: exchangeStage.status == .failed
        }
    }

    private func stage(_ translation: Translation) -> Stage {
        let source: StageFact.Source = translation.how == .conntrack ? .kernel : .inferred
        let (before, after) = (translation.original, translation.translated)
        var facts: [StageFact] = []
        if translation.rewritesSource {
            facts.append(StageFact("source_nat", .text("\(before.source) → \(after.source)"), from: source))
        }
        if translation.rewritesDestination {
            facts.append(
                StageFact("destination_nat", .text("\(before.destination) → \(after.destination)"), from: source))
        }
        facts.append(StageFact("known_by", .text(translation.how.name), from: source))
        if let rule = translation.rule {
            facts.append(StageFact("rule", .text(rule.text), from: .kernel))
        }
        // News that were read together have one time, which says nothing of how long it was between them.
        if let ended = translation.ended, let began = translation.began, ended > began {
            facts.append(StageFact("lasted_ms", .span(ended - began), from: source))
        }
        let passage = passage
        let hasStrangeSource = foreignSource != nil && server.segments == 0 && isSilent
        let isMappingGone = unclaimed?.missing == .mapping
        if let unclaimed, isMappingGone { facts += self.facts(unclaimed) }
        if let foreignSource { facts.append(StageFact("source_belongs_to", .text(foreignSource), from: .kernel)) }
        // A mapping may be older than the request; and its news are read a little after the packet that made it.
        return Stage(
            .translation, isMappingGone || hasStrangeSource ? .failed : .ok,
            start: passage?.start ?? max(translation.began ?? first, first), duration: passage?.duration,
            reason: isMappingGone ? "mapping_gone" : hasStrangeSource ? "source_of_another_interface" : nil,
            facts: facts)
    }

    /// From the last place before the rewrite to the first one after it.
    private var passage: (start: Timestamp, duration: TimeSpan)? {
        guard let translation,
            let after = legs.first(where: { $0.tuple == translation.translated })?.firstRequest,
            let before = legs.last(where: { leg in
                leg.tuple == translation.original && leg.firstRequest.map { $0 <= after } == true
            })?.firstRequest
        else { return nil }
        return (before, after - before)
    }
}
