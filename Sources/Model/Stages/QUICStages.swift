// The stages of a QUIC connection (RFC 9000). Over one datagram flow it has both a handshake of the transport and one
// of TLS, and they overlap: `connect` is over when the server has answered, `secure` when the client's handshake is.

extension Lifecycle {
    private static let beforeCapture = "it began before the capture"
    private static let notConnected = "the connection was not established"

    /// From the client's first Initial packet to the server's first packet, be it an Initial, a Retry or a Version
    /// Negotiation.
    func connectStage(_ quic: QUICFacts) -> Stage {
        if isMidstream { return Stage(.connect, .unseen, reason: Self.beforeCapture) }
        let start = quic.clientInitial ?? first
        let facts = connectFacts(quic)
        if let answered = quic.serverAnswer ?? server.firstPayload {
            return Stage(.connect, .ok, start: start, duration: answered - start, facts: facts)
        }
        if quic.finished != nil {
            return Stage(
                .connect, .unseen, start: start, reason: "the server's packets were not captured", facts: facts)
        }
        if let error = fatalError {
            return Stage(
                .connect, .failed, start: start, duration: error.time - start, reason: "unreachable",
                facts: [StageFact("error", .text(error.name)), StageFact("from", .text(error.from.description))]
                    + facts)
        }
        // A client sends again when its first packet was not answered in time.
        if isOver || ending != nil && client.segments > 2 {
            return Stage(.connect, .failed, start: start, reason: "no_answer", facts: facts)
        }
        return Stage(.connect, .pending, start: start, reason: waiting(for: "awaiting_server_initial"), facts: facts)
    }

    /// From the ClientHello to the client's first 1-RTT packet (see ``QUICFacts/finished``).
    func secureStage(_ quic: QUICFacts) -> Stage {
        if isMidstream { return Stage(.secure, .unseen, reason: Self.beforeCapture) }
        guard quic.serverAnswer != nil || quic.finished != nil else {
            return Stage(.secure, .notApplicable, reason: Self.notConnected)
        }
        let start = application.tls?.clientHello ?? quic.clientInitial ?? first
        let facts = secureFacts(quic)
        if let finished = quic.finished {
            return Stage(.secure, .ok, start: start, duration: finished - start, facts: facts)
        }
        if let close = quic.close {
            return Stage(
                .secure, .failed, start: start, duration: close.time - start,
                reason: close.errorCode == 0 && !close.isApplication ? "closed_in_handshake" : close.name, facts: facts)
        }
        let hasServerHello = application.tls?.serverHello != nil
        if isOver {
            if !hasServerHello && quic.unreadInitials > 0 {
                return Stage(
                    .secure, .unseen, start: start, reason: "its first packets could not be read", facts: facts)
            }
            return Stage(
                .secure, .failed, start: start, reason: hasServerHello ? "closed_in_handshake" : "no_server_hello",
                facts: facts)
        }
        return Stage(
            .secure, .pending, start: start,
            reason: waiting(for: hasServerHello ? "awaiting_finished" : "awaiting_server_hello"), facts: facts)
    }

    /// What is exchanged is encrypted: packets both ways after the handshake are taken for request and answer.
    func exchangeStage(_ quic: QUICFacts) -> Stage {
        let facts = exchangeFacts(quic)
        if isMidstream { return Stage(.exchange, .unseen, reason: Self.beforeCapture, facts: facts) }
        guard let finished = quic.finished else {
            if secureStage(quic).status == .pending {
                return Stage(.exchange, .pending, reason: waiting(for: "awaiting_handshake"), facts: facts)
            }
            return Stage(.exchange, .notApplicable, reason: Self.notConnected, facts: facts)
        }
        if let sent = client.lastPayload, let received = server.lastPayload, sent >= finished, received > finished {
            return Stage(
                .exchange, .ok, start: finished, facts: [StageFact("encrypted", .flag(true), from: .inferred)] + facts)
        }
        if ending != nil {
            return Stage(
                .exchange, .unseen, start: finished, reason: "it is encrypted, and no packets were seen both ways",
                facts: facts)
        }
        return Stage(.exchange, .pending, start: finished, reason: "awaiting_response", facts: facts)
    }

    /// A connection that was established is closed inside its encryption, or falls silent.
    func closeStage(_ quic: QUICFacts) -> Stage {
        let facts = [
            StageFact("client_bytes", .integer(Int64(clamping: client.payloadBytes))),
            StageFact("server_bytes", .integer(Int64(clamping: server.payloadBytes))),
            StageFact("client_segments", .integer(Int64(clamping: client.segments))),
            StageFact("server_segments", .integer(Int64(clamping: server.segments))),
        ]
        guard quic.finished != nil || isMidstream else {
            return Stage(.close, .notApplicable, reason: Self.notConnected)
        }
        switch ending {
        case nil: return Stage(.close, .pending, reason: "open", facts: facts)
        case .captureEnded: return Stage(.close, .unseen, reason: "the capture ended first", facts: facts)
        case .evicted: return Stage(.close, .unseen, reason: "it was dropped from a full table first", facts: facts)
        case .idle, .closed, .portReused:
            return Stage(.close, .unseen, reason: "it fell silent; QUIC closes inside its encryption", facts: facts)
        }
    }

    private func connectFacts(_ quic: QUICFacts) -> [StageFact] {
        var facts: [StageFact] = []
        if let roundTrip = quic.roundTrip { facts.append(StageFact("server_rtt_ms", .span(roundTrip))) }
        facts.append(StageFact("quic_version", .text(quic.version.description)))
        if quic.firstVersion != quic.version {
            facts.append(StageFact("first_version", .text(quic.firstVersion.description)))
        }
        if !quic.versionsOffered.isEmpty {
            facts.append(StageFact("versions_offered", .list(quic.versionsOffered.map(\.description))))
        }
        if quic.retry != nil { facts.append(StageFact("retry", .flag(true))) }
        return facts
    }

    /// What TLS tells, and how the handshake was closed: in the order that readers of JSON restore.
    private func secureFacts(_ quic: QUICFacts) -> [StageFact] {
        guard let close = quic.close else { return tlsFacts }
        var facts = [StageFact("error", .text(close.name))] + tlsFacts
        if let phrase = close.reasonPhrase { facts.append(StageFact("reason_phrase", .text(phrase))) }
        return facts + [StageFact("by", .text(close.from.name))]
    }

    private func exchangeFacts(_ quic: QUICFacts) -> [StageFact] {
        var facts: [StageFact] = []
        // Which of the offers the server took is encrypted; a client that offers nothing else gets this one.
        let offers = application.tls?.offer.applicationProtocols ?? []
        let isHTTP3 = !offers.isEmpty && offers.allSatisfy { $0 == "h3" || $0.hasPrefix("h3-") }
        facts.append(
            isHTTP3 ? StageFact("protocol", .text("http3"), from: .inferred) : StageFact("protocol", .text("quic")))
        if !quic.addressChanges.isEmpty {
            facts.append(StageFact("moved_to", .list(quic.addressChanges.map(\.to.description))))
        }
        facts.append(StageFact("client_bytes", .integer(Int64(clamping: client.payloadBytes))))
        facts.append(StageFact("server_bytes", .integer(Int64(clamping: server.payloadBytes))))
        return facts
    }
}
