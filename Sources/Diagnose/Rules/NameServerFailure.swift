import Model

extension Finding {
    static let nameServerFailure = Finding(
        id: "name.servfail", stage: .name, severity: .error, title: "The DNS server failed",
        cause:
            "The server, or one that it asks, does not work, or validation by DNSSEC failed (RFC 1035 §4.1.1, RFC 4035 §5.5).",
        evidence: "An answer with the RCODE SERVFAIL.",
        fix: "`dig +cd NAME`: an answer now means that validation fails.")
}

extension Diagnosis {
    /// The server could not find out (RFC 1035 §4.1.1): its upstream failed, or validation did (RFC 4035 §5.5).
    static func nameServerFailure(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "servfail"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            .nameServerFailure,
            "The DNS server \(asked.server) could not resolve \(asked.name): it, or a server behind it, failed.",
            evidence: asked.evidence,
            next: [asked.dig, "\(asked.dig) +cd  # an answer now means that DNSSEC validation fails"])
    }
}
