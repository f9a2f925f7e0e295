import Model

extension Diagnosis {
    /// The connection ended in the middle of the handshake, without a word.
    static func secureCutShort(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure) else { return nil }
        let answered = subject.failed(.secure, "closed_in_handshake")
        let party = subject.lifecycle.tcp?.closedFirst
        let ended = party.map { ["ended first by the \($0.name)"] } ?? []
        return subject.verdict(
            answered ? "secure.closed_in_handshake" : "secure.no_server_hello", .secure,
            "\(subject.server) accepted the connection, but the encryption was never set up.",
            evidence: [
                answered ? "the connection ended after the ServerHello" : "ClientHello sent, no ServerHello"
            ] + ended + (answered ? subject.handshakeEvidence : []),
            confidence: .likely,
            next: [
                subject.handshakeAgain,
                answered && party == .client
                    ? "look at the client: did it reject the certificate, or run into a time limit?"
                    : "check that this port speaks \(subject.lifecycle.application.quic == nil ? "TLS" : "QUIC"), and that "
                        + "nothing on the way filters by name",
            ])
    }
}
