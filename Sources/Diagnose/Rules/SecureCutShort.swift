import Model

extension Finding {
    static let secureNoServerHello = Finding(
        id: "secure.no_server_hello", stage: .secure, severity: .error, title: "No answer to the ClientHello",
        cause: "The port does not speak TLS, the server is stuck, or something on the way filters by name.",
        evidence: "A ClientHello, and the end of the connection without a ServerHello.",
        fix: "`openssl s_client` to the same port, with and without the name.")

    static let secureClosedInHandshake = Finding(
        id: "secure.closed_in_handshake", stage: .secure, severity: .error, title: "The encryption was never set up",
        cause:
            "The connection ended in the middle of the handshake without a word: often a client that does not like the certificate.",
        evidence: "A ServerHello, and the end of the connection before the handshake was complete.",
        fix: "Look at the side that ended it first.")
}

extension Diagnosis {
    /// The connection ended in the middle of the handshake, without a word.
    static func secureCutShort(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure) else { return nil }
        let answered = subject.failed(.secure, "closed_in_handshake")
        let party = subject.lifecycle.tcp?.closedFirst
        let ended = party.map { ["ended first by the \($0.name)"] } ?? []
        return subject.verdict(
            answered ? .secureClosedInHandshake : .secureNoServerHello,
            "\(subject.server) accepted the connection, but the encryption was never set up.",
            evidence: [
                answered ? "the connection ended after the ServerHello" : "ClientHello sent, no ServerHello"
            ] + ended + (answered ? subject.certificateEvidence : []),
            confidence: .likely,
            next: [
                subject.handshakeAgain
            ]
                + (answered && party == .client
                    ? [subject.clientJournal("did it reject the certificate, or run into a time limit?")]
                    : subject.lifecycle.application.quic == nil
                        ? [subject.otherName] : []))
    }
}
