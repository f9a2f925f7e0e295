import Model

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
                "healthy", .exchange,
                "\(subject.server) answered, with the HTTP error \(status): the network did its part.",
                severity: .notice, evidence: evidence, next: ["look into the service, not the network"])
        }
        evidence = subject.certificateEvidence + evidence
        // A client that took a certificate which is its own authority was told to trust it.
        if subject.isCertificateOutOfPlace {
            return subject.verdict(
                "healthy", .secure,
                "\(subject.server) answered; its certificate is one that clients reject unless told to trust it.",
                severity: .notice, evidence: evidence, next: [subject.handshakeAgain])
        }
        guard exchange.status == .ok else {
            return subject.verdict(
                "healthy", nil, "\(subject.server) accepted the connection, and it was closed in order.",
                severity: .none,
                evidence: (exchange.reason.map { ["exchange: \($0)"] } ?? []) + evidence)
        }
        return subject.verdict("healthy", nil, "\(subject.server) answered.", severity: .none, evidence: evidence)
    }
}
