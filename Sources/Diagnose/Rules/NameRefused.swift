import Model

extension Finding {
    static let nameRefused = Finding(
        id: "name.refused", stage: .name, severity: .error, title: "The DNS server refuses to answer",
        cause: "The server does not serve this client, or not this name (RFC 1035 §4.1.1).",
        evidence: "An answer with the RCODE REFUSED.",
        fix: "Ask the server that is meant for this network: see /etc/resolv.conf.")
}

extension Diagnosis {
    /// The server will not answer this client, or not about this name (RFC 1035 §4.1.1).
    static func nameRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "refused"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            .nameRefused,
            "The DNS server \(asked.server) refuses to answer this host's question for \(asked.name).",
            evidence: asked.evidence, next: [asked.dig, "cat /etc/resolv.conf  # is this the server to ask?"])
    }
}
