import Model

extension Finding {
    static let healthy = Finding(
        id: "healthy", stage: nil, severity: .none, title: "It worked",
        cause: "The peer answered, or the connection was opened and closed in order.",
        evidence: "An answer, or an orderly end.",
        fix: "Nothing to do.")

    static let exchangeHTTPError = Finding(
        id: "exchange.http_error", stage: .exchange, severity: .notice, title: "The server answered with an HTTP error",
        cause:
            "The service itself, or a proxy before it, says with a status of 400 or more that it will not or cannot do what was asked (RFC 9110 §15.5, §15.6).",
        evidence: "The status of a response read in clear.",
        fix: "Look into the service's log: the network did its part.")

    static let secureUntrusted = Finding(
        id: "secure.untrusted_certificate", stage: .secure, severity: .notice,
        title: "The certificate is out of place, and the client went on",
        cause:
            "The server's certificate is expired, not yet valid or for another name; the client was told to trust it, or does not look.",
        evidence: "The certificate, which TLS 1.2 and earlier show, and a connection that went on.",
        fix: "Renew the certificate, or ask for the server by a name that is in it.")
}

extension Diagnosis {
    /// It worked.
    static func healthy(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .ok else { return nil }
        let lifecycle = subject.lifecycle
        let exchange = subject.stage(.exchange)
        var evidence: [String] = []
        if let taken = exchange.duration { evidence.append("first answer after \(Words.span(taken))") }
        if let roundTrip = lifecycle.tcp?.handshakeRoundTrip {
            evidence.append("handshake round trip \(Words.span(roundTrip))")
        }
        if let quic = lifecycle.application.quic {
            if let roundTrip = quic.roundTrip { evidence.append("handshake round trip \(Words.span(roundTrip))") }
            if quic.retry != nil { evidence.append("the server had the client prove its address first (Retry)") }
            if quic.versionNegotiation != nil {
                evidence.append("QUIC \(quic.version), after the server did not take \(quic.firstVersion)")
            }
            if let change = quic.addressChanges.last {
                evidence.append("the \(change.party.name) moved from \(change.from) to \(change.to)")
            }
        }
        let again =
            UInt64(lifecycle.client.tcp?.retransmittedSegments ?? 0)
            + UInt64(lifecycle.server.tcp?.retransmittedSegments ?? 0)
        if again > 0 { evidence.append("\(Words.count(again, "segment")) sent more than once") }
        if let status = lifecycle.application.http?.status, status >= 400 {
            return subject.verdict(
                .exchangeHTTPError,
                "\(subject.server) answered, with the HTTP error \(status): the network did its part.",
                evidence: evidence, next: ["look into the service, not the network"])
        }
        evidence = subject.certificateEvidence + evidence
        // A client that took a certificate which is its own authority was told to trust it.
        if subject.isCertificateOutOfPlace {
            return subject.verdict(
                .secureUntrusted,
                "\(subject.server) answered; its certificate is one that clients reject unless told to trust it.",
                evidence: evidence, next: [subject.handshakeAgain])
        }
        guard exchange.status == .ok else {
            return subject.verdict(
                .healthy, "\(subject.server) accepted the connection, and it was closed in order.",
                evidence: (exchange.reason.map { ["exchange: \($0)"] } ?? []) + evidence)
        }
        return subject.verdict(.healthy, "\(subject.server) answered.", evidence: evidence)
    }
}
