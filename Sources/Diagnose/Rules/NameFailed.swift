import Model

extension Finding {
    static let nameFailed = Finding(
        id: "name.RCODE", stage: .name, severity: .error, title: "The DNS server answered with another error",
        cause: "What the code says: NOTIMP, FORMERR, … (IANA, DNS RCODEs).",
        evidence: "An answer with that RCODE.",
        fix: "Ask again by `dig`, and another server.")
}

extension Diagnosis {
    /// Any other response code.
    static func nameFailed(_ subject: Case) -> Verdict? {
        guard subject.failed(.name), let asked = FailedLookup(subject) else { return nil }
        let rcode = DNSNames.rcode(asked.lookup.rcode ?? 2)
        return subject.verdict(
            .nameFailed.called("name.\(rcode.lowercased())"),
            "The DNS server \(asked.server) answered the question for \(asked.name) with the error \(rcode).",
            evidence: asked.evidence, next: [asked.dig])
    }
}
