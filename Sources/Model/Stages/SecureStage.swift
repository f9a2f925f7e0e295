extension Lifecycle {
    /// The TLS handshake, as far as it can be read: from the ClientHello to the last flight in the clear.
    var secureStage: Stage {
        if let quic = application.quic { return secureStage(quic) }
        guard let tls = application.tls else { return withoutTLSStage }
        let start = tls.clientHello ?? tls.serverHello ?? first
        let facts = handshakeFacts(tls)
        func failed(_ reason: String, at time: Timestamp?) -> Stage {
            Stage(.secure, .failed, start: start, duration: time.map { $0 - start }, reason: reason, facts: facts)
        }

        if let alert = tls.endingAlert { return failed(alert.name, at: alert.time) }
        if let alert = tls.encryptedAlert, tls.finished == nil { return failed("encrypted_alert", at: alert.time) }
        if tls.isPartlyUnseen, tls.finished == nil {
            return Stage(.secure, .unseen, start: start, reason: "a part of it was not captured", facts: facts)
        }
        if tls.serverHello == nil && tls.finished == nil {
            if isOver { return failed("no_server_hello", at: endOfConnection) }
            return Stage(
                .secure, .pending, start: start, reason: waiting(for: "awaiting_server_hello"), facts: facts)
        }
        // Later flights of TLS 1.3 are encrypted, so its handshake counts as done with the ServerHello.
        guard let finished = tls.finished ?? (tls.version == TLSNames.version13 ? tls.serverHello : nil) else {
            if isOver { return failed("closed_in_handshake", at: endOfConnection) }
            return Stage(.secure, .pending, start: start, reason: waiting(for: "awaiting_finished"), facts: facts)
        }
        return Stage(.secure, .ok, start: start, duration: finished - start, facts: facts)
    }

    private var withoutTLSStage: Stage {
        if isMidstream && application.kind == nil {
            return Stage(.secure, .unseen, reason: "it began before the capture")
        }
        if !isConnected { return Stage(.secure, .notApplicable, reason: "the connection was not established") }
        return Stage(.secure, .notApplicable, reason: "no TLS handshake in it")
    }

    private var endOfConnection: Timestamp? {
        [client.tcp?.fin, client.tcp?.rst, server.tcp?.fin, server.tcp?.rst].compactMap { $0 }.min()
    }

    /// What is known of the TLS handshake, over TCP or within QUIC.
    var tlsFacts: [StageFact] { application.tls.map(handshakeFacts) ?? [] }

    private func handshakeFacts(_ tls: TLSFacts) -> [StageFact] {
        var facts: [StageFact] = []
        if let name = tls.serverName { facts.append(StageFact("server_name", .text(name))) }
        if let version = tls.version { facts.append(StageFact("version", .text(TLSNames.version(version)))) }
        if !tls.offer.applicationProtocols.isEmpty {
            facts.append(StageFact("alpn", .list(tls.offer.applicationProtocols)))
        }
        if let alert = tls.tellingAlert {
            facts.append(StageFact("alert", .text(alert.name)))
            facts.append(StageFact("alert_from", .text(alert.from.name)))
        }
        return facts
    }
}
