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
        let lifecycle = subject.lifecycle
        let party = lifecycle.tcp?.closedFirst
        let ended = party.map { ["ended first by the \($0.name)"] } ?? []
        guard subject.failed(.secure, "closed_in_handshake") else { return noServerHello(subject, ended) }
        return subject.verdict(
            .secureClosedInHandshake,
            party.map {
                "The \($0.name) ended the connection to \(subject.server) in the middle of the TLS handshake, without a word."
            }
                ?? "\(subject.server) accepted the connection, but the encryption was never set up.",
            evidence: ["the connection ended after the ServerHello"] + ended + subject.certificateEvidence,
            confidence: .likely,
            next: [
                subject.handshakeAgain,
                party == .client
                    ? subject.clientJournal("did it reject the certificate, or run into a time limit?")
                    : subject.serverJournal("why did the service end it?"),
            ])
    }

    private static func noServerHello(_ subject: Case, _ ended: [String]) -> Verdict {
        let lifecycle = subject.lifecycle
        let received = lifecycle.server.payloadBytes
        // All that the server sent was read, and was neither a hello nor an alert.
        if lifecycle.transport == .tcp, received > 0, lifecycle.application.tls?.alerts.isEmpty == true {
            return subject.verdict(
                .secureNoServerHello,
                "\(subject.server) answered the ClientHello with something else than TLS: this port probably speaks another "
                    + "protocol.",
                evidence: ["ClientHello sent, and \(Words.count(received, "byte")) came that are no ServerHello"]
                    + ended,
                confidence: .likely,
                next: [
                    "curl -v http://\(lifecycle.server.endpoint)/  # does it answer in clear? perhaps TLS has another port",
                    subject.handshakeAgain,
                ])
        }
        return subject.verdict(
            .secureNoServerHello,
            ended.isEmpty
                ? "\(subject.server) accepted the connection, but the encryption was never set up."
                : "\(subject.server) accepted the connection, and it was ended before the ClientHello was answered.",
            evidence: ["ClientHello sent, no ServerHello"] + ended, confidence: .likely,
            next: [subject.handshakeAgain] + (lifecycle.application.quic == nil ? [subject.otherName] : []))
    }
}
