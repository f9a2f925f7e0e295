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
        return subject.verdict("healthy", nil, "\(subject.server) answered.", severity: .none, evidence: evidence)
    }
}
