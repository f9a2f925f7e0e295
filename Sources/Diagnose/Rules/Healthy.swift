import Model

extension Finding {
    static let healthy = Finding(
        id: "healthy", stage: nil, severity: .none, title: "It worked",
        cause: "The peer answered, or the connection was opened and closed in order.",
        evidence: "An answer, or an orderly end.",
        fix: "Nothing to do.")
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
        evidence = subject.certificateEvidence + evidence
        guard exchange.status == .ok else {
            let isReset = lifecycle.tcp?.state == .resetByClient && lifecycle.client.tcp?.fin == nil
            return subject.verdict(
                .healthy,
                isReset
                    ? "\(subject.server) accepted the connection, and the client ended it at once."
                    : "\(subject.server) accepted the connection, and it was closed in order.",
                evidence: (exchange.reason.map { ["exchange: \($0)"] } ?? []) + evidence)
        }
        return subject.verdict(.healthy, "\(subject.server) answered.", evidence: evidence)
    }
}
