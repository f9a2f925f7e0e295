import Model

extension Diagnosis {
    /// The connection ended in the middle of the handshake, without a word.
    static func secureCutShort(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure) else { return nil }
        let answered = subject.failed(.secure, "closed_in_handshake")
        let endpoint = subject.lifecycle.server.endpoint
        let ended = subject.lifecycle.tcp?.closedFirst.map { ["ended first by the \($0.name)"] } ?? []
        return subject.verdict(
            answered ? "secure.closed_in_handshake" : "secure.no_server_hello", .secure,
            "\(subject.server) accepted the connection, but the encryption was never set up.",
            evidence: [
                answered ? "the connection ended after the ServerHello" : "ClientHello sent, no ServerHello"
            ] + ended,
            confidence: .likely,
            next: [
                "openssl s_client -connect \(endpoint)",
                "check that this port speaks TLS, and that nothing on the way filters by name",
            ])
    }
}
