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
        if let perhaps = perhapsTickets(subject, evidence) { return perhaps }
        return subject.verdict(.healthy, "\(subject.server) answered.", evidence: evidence)
    }

    /// Two tickets of most servers take less than that (RFC 8446 §4.6.1).
    private static let ticketBytes: UInt64 = 1024
    /// The client left as if it had waited.
    private static let wait = TimeSpan.seconds(1)
    /// What the server sends later than that is no ticket.
    private static let ticketDelay = TimeSpan.milliseconds(50)

    /// TLS 1.3 hides session tickets, which servers send by themselves: a client that gave up looks like one that was answered
    /// in few words.
    private static func perhapsTickets(_ subject: Case, _ evidence: [String]) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard let tls = lifecycle.application.tls, tls.version == TLSNames.version13, let finished = tls.finished,
            let sent = lifecycle.bytesAfterHandshake(of: .server), sent <= ticketBytes,
            let end = subject.firstEnd, end.party == .client, end.time - finished >= wait
        else { return nil }
        let roundTrip = lifecycle.tcp?.handshakeRoundTrip ?? .zero
        // A farewell that answers the client's hides when the rest came.
        if lifecycle.tcp?.lateBytes == 0, let last = lifecycle.server.lastPayload,
            last - finished > TimeSpan(nanoseconds: roundTrip.nanoseconds &+ ticketDelay.nanoseconds)
        {
            return nil
        }
        return subject.verdict(
            .healthy,
            "\(subject.server) set up the encryption and sent \(Words.count(sent, "byte")) more: a short answer, or only the session "
                + "tickets that TLS 1.3 hides.",
            evidence: [
                "the client ended the connection \(Words.span(end.time - finished)) after the handshake; if it ran into a time "
                    + "limit, it had no answer"
            ] + evidence, confidence: .possible)
    }
}
