import Model

extension Finding {
    static let translationSource = Finding(
        id: "translation.wrong_source", stage: .translation, severity: .error,
        title: "NAT gave it a source of another interface",
        cause:
            "A rule translates the source to an address that does not belong to the interface by which it leaves, so answers go elsewhere.",
        evidence: "The translation, the interface by which the packet left, and no answer.",
        fix: "Let the rule masquerade, or give an address of that interface.")

    static let translationCollision = Finding(
        id: "translation.port_collision", stage: .translation, severity: .error, title: "NAT found no free port",
        cause: "Every tuple that the rule could give was taken, and the kernel dropped the packet.",
        evidence: "A request that came in and did not leave, while insert_failed rose by as many packets at least.",
        fix: "Give the rule more addresses or ports; `conntrack -S`.")
}

extension Finding {
    static let translationTableFull = Finding(
        id: "translation.table_full", stage: .translation, severity: .error, title: "Conntrack's table is full",
        cause: "The kernel follows as many connections as it may, and drops the packets of new ones.",
        evidence:
            "A request that came in and was not seen to leave, of which conntrack has no entry, while it dropped at least as many packets (drop) with its table at its limit.",
        fix: "Raise net.netfilter.nf_conntrack_max; look for what holds so many entries: `conntrack -L`.")
}

extension Diagnosis {
    /// The kernel dropped packets for want of room in conntrack's table, while this request tried and got no entry.
    static func translationTableFull(_ subject: Case) -> Verdict? {
        guard subject.failed(.translation, "table_full"), let refused = subject.lifecycle.refusedInserts else {
            return nil
        }
        return subject.verdict(
            .translationTableFull,
            "The request to \(subject.server) was probably dropped on this host: connection tracking had no room for it.",
            evidence: [
                "it was not seen to leave or to be answered, and connection tracking has no entry of it",
                "within \(Words.span(refused.until - refused.since)), while it tried, the kernel dropped "
                    + "\(Words.count(refused.count, "packet")) of any connection for want of an entry, with "
                    + "\(refused.tracked) of at most \(refused.limit) in its table",
            ], confidence: .likely,
            next: [
                "sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max",
                "sysctl -w net.netfilter.nf_conntrack_max=\(refused.limit.multipliedReportingOverflow(by: 2).partialValue)",
                "conntrack -L | awk '{print $1, $4}' | sort | uniq -c | sort -n  # what fills it",
            ])
    }
}

extension Diagnosis {
    /// NAT gave it a source that lives on another interface than it left by, and no answer found back.
    static func translationSource(_ subject: Case) -> Verdict? {
        guard subject.failed(.translation, "source_of_another_interface"),
            let translation = subject.lifecycle.translation, let home = subject.lifecycle.foreignSource
        else { return nil }
        let source = translation.translated.source
        let rule = translation.rule.map { ["by the rule: \($0.text)"] } ?? []
        return subject.verdict(
            .translationSource,
            "NAT made \(source.address) the source of the request to \(subject.server), an address of \(home), by which it "
                + "did not leave: the answer probably goes another way, or nowhere.",
            evidence: subject.passageEvidence + rule, confidence: .likely,
            next: [
                "nft -a list ruleset  # let this rule masquerade, or give an address of the interface it leaves by",
                "ip route get \(subject.serverAddress) from \(source.address)",
            ])
    }

    /// The kernel dropped packets because their tuple was taken, while this request tried and got no entry.
    static func translationCollision(_ subject: Case) -> Verdict? {
        guard subject.failed(.translation, "port_collision") else { return nil }
        let dropped = Words.count(subject.lifecycle.failedInserts, "packet")
        return subject.verdict(
            .translationCollision,
            "The request to \(subject.server) was probably dropped on this host: NAT found no free source port for it.",
            evidence: [
                "it came in, was not seen to leave, and connection tracking has no entry of it",
                "meanwhile the kernel dropped \(dropped) whose tuple was taken (insert_failed)",
            ], confidence: .likely,
            next: [
                "conntrack -S  # does insert_failed go on rising?",
                "waybill nat --address \(subject.serverAddress)  # which ports are taken towards it",
                "nft list ruleset  # does a rule leave too few source ports?",
            ])
    }
}
