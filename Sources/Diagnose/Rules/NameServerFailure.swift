import Model

extension Diagnosis {
    /// The server could not find out (RFC 1035 §4.1.1): its upstream failed, or validation did (RFC 4035 §5.5).
    static func nameServerFailure(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "servfail"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            "name.servfail", .name,
            "The DNS server \(asked.server) could not resolve \(asked.name): it, or a server behind it, failed.",
            evidence: asked.evidence,
            next: [asked.dig, "\(asked.dig) +cd  # an answer now means that DNSSEC validation fails"])
    }
}
