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

        if let alert = endingAlert { return failed(alert.name, at: alert.time) }
        if let alert = tls.encryptedAlert, tls.finished == nil { return failed("encrypted_alert", at: alert.time) }
        if tls.isPartlyUnseen, tls.finished == nil {
            return Stage(.secure, .unseen, start: start, reason: "a part of it was not captured", facts: facts)
        }
        if let party = onlyPartySeen {
            return Stage(
                .secure, .unseen, start: start, reason: "nothing that the \(party.other.name) sent was seen",
                facts: facts)
        }
        if tls.serverHello == nil && tls.finished == nil {
            if isOver { return failed("no_server_hello", at: endOfConnection) }
            return Stage(
                .secure, .pending, start: start, reason: waiting(for: "awaiting_server_hello"), facts: facts)
        }
        if tls.finished == nil && isOver { return failed("closed_in_handshake", at: endOfConnection) }
        // The server of TLS 1.3 may send as soon as it has sent its ServerHello.
        guard let finished = tls.finished ?? (tls.version == TLSNames.version13 ? tls.serverHello : nil) else {
            return Stage(.secure, .pending, start: start, reason: waiting(for: "awaiting_finished"), facts: facts)
        }
        // Where the ClientHello was not seen, nobody knows how long it took.
        return Stage(
            .secure, .ok, start: start, duration: tls.clientHello.map { finished - $0 }, facts: facts)
    }

    /// The alert that ended the handshake. One that answers the other side's end ended nothing: OpenSSL says decode_error when
    /// it finds the stream cut short.
    package var endingAlert: TLSAlertReport? {
        guard let alert = application.tls?.endingAlert else { return nil }
        let other = alert.from == .client ? server.tcp : client.tcp
        if let end = [other?.fin, other?.rst].compactMap({ $0 }).min(), end < alert.time { return nil }
        return alert
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
        facts.reserveCapacity(12)
        func text(_ name: String, _ value: String?) {
            if let value { facts.append(StageFact(name, .text(value))) }
        }
        func flag(_ name: String, _ value: Bool) {
            if value { facts.append(StageFact(name, .flag(true))) }
        }
        text("server_name", tls.serverName)
        text("version", tls.version.map { TLSNames.version($0) })
        if tls.serverHello != nil { text("cipher_suite", tls.cipherSuite.map { TLSNames.cipherSuite($0) }) }
        if !tls.offer.applicationProtocols.isEmpty {
            facts.append(StageFact("alpn", .list(tls.offer.applicationProtocols)))
        }
        text("application_protocol", tls.applicationProtocol)
        flag("resumed", tls.isResumed == true)
        flag("early_data", tls.offer.hasEarlyData)
        text("ech", tls.offer.hasEncryptedClientHello ? "offered" : nil)
        if let certificate = tls.certificates?.certificates.first, let time = tls.certificateTime {
            text("certificate_subject", certificate.subject)
            text("certificate_expires", certificate.notAfter?.text)
            flag("certificate_expired", certificate.isExpired(at: time) == true)
            flag("certificate_not_yet_valid", certificate.isNotYetValid(at: time) == true)
            flag("certificate_for_another_name", tls.serverName.map { certificate.isFor($0) == false } ?? false)
            flag("certificate_self_signed", certificate.isSelfSigned == true)
        }
        text("ja4", tls.offer.ja4)
        if let alert = tls.tellingAlert {
            text("alert", alert.name)
            text("alert_from", alert.from.name)
        } else if let alert = tls.encryptedAlert {
            text("alert_from", alert.from.name)
        }
        return facts
    }
}
