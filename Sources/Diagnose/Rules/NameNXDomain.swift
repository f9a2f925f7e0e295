import Model

extension Diagnosis {
    /// The server knows that the name does not exist (RFC 8020).
    static func nameNXDomain(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "nxdomain"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            "name.nxdomain", .name, "The name \(asked.name) does not exist, says the DNS server \(asked.server).",
            evidence: asked.evidence,
            next: [
                "check the spelling, and whether a search domain was added to it",
                asked.dig, "dig +trace \(asked.argument)",
            ])
    }
}
