import Model

extension Diagnosis {
    /// Any other response code.
    static func nameFailed(_ subject: Case) -> Verdict? {
        guard subject.failed(.name), let asked = FailedLookup(subject) else { return nil }
        let rcode = DNSNames.rcode(asked.lookup.rcode ?? 2)
        return subject.verdict(
            "name.\(rcode.lowercased())", .name,
            "The DNS server \(asked.server) answered the question for \(asked.name) with the error \(rcode).",
            evidence: asked.evidence, next: [asked.dig])
    }
}
