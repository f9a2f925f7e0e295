import Model

extension Diagnosis {
    /// The server will not answer this client, or not about this name (RFC 1035 §4.1.1).
    static func nameRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "refused"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            "name.refused", .name,
            "The DNS server \(asked.server) refuses to answer this host's question for \(asked.name).",
            evidence: asked.evidence, next: [asked.dig, "cat /etc/resolv.conf  # is this the server to ask?"])
    }
}
