import Model

extension Finding {
    static let nameNXDomain = Finding(
        id: "name.nxdomain", stage: .name, severity: .error, title: "The name does not exist",
        cause: "A typing error, a search domain that was added, or a record that was never made (RFC 8020).",
        evidence: "An answer with the RCODE NXDOMAIN.",
        fix: "Check the spelling; `dig +trace NAME` shows which server says so.")
}

extension Diagnosis {
    /// The server knows that the name does not exist (RFC 8020).
    static func nameNXDomain(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "nxdomain"), let asked = FailedLookup(subject) else { return nil }
        if let found = subject.lifecycle.searchedOn.map(Words.printable) {
            return subject.verdict(
                .nameNXDomain,
                "The name \(asked.name) does not exist: the search list made it, and went on to \(found), which does.",
                severity: .notice, evidence: asked.evidence, confidence: .likely,
                next: ["grep -E 'search|ndots' /etc/resolv.conf"])
        }
        return subject.verdict(
            .nameNXDomain, "The name \(asked.name) does not exist, says the DNS server \(asked.server).",
            evidence: asked.evidence,
            next: [
                asked.dig, "dig +trace \(asked.argument)  # which server says so?",
                "grep -E 'search|ndots' /etc/resolv.conf  # was a search domain added to it?",
            ])
    }
}
