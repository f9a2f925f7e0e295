extension Lifecycle {
    /// The request proper and its answer: from the first request byte to the first response byte.
    var exchangeStage: Stage {
        if let quic = application.quic { return exchangeStage(quic) }
        return switch transport {
        case .tcp: tcpExchangeStage
        case .udp: datagramExchangeStage
        case .icmp, .icmpv6: echoStage
        }
    }

    /// A reset so soon after the last byte of the answer cut it off; a later one ended an idle connection.
    private static let interruption = TimeSpan.seconds(1)

    private var tcpExchangeStage: Stage {
        guard isConnected else {
            return Stage(.exchange, .notApplicable, reason: "the connection was not established")
        }
        let facts = exchangeFacts
        if let party = onlyPartySeen {
            return Stage(
                .exchange, .unseen, reason: "nothing that the \(party.other.name) sent was seen", facts: facts)
        }
        if application.tls != nil { return encryptedExchangeStage(facts) }
        // What was read began with a request: then the first bytes of either side are of no matter.
        let isReadMidstream = isMidstream && application.http.map { $0.unread == nil } ?? false
        if isMidstream && !isReadMidstream && !isAnswerCutOff {
            return Stage(.exchange, .unseen, reason: "it began before the capture", facts: facts)
        }
        let asked = application.http?.requested ?? client.firstPayload
        let answered = application.http?.responded ?? (isReadMidstream ? nil : server.firstPayload)
        let start = [asked, answered].compactMap { $0 }.min()
        let isServerDone = server.tcp?.fin != nil || server.tcp?.rst != nil

        if let asked, answered == nil {
            if tcp?.state == .resetByServer {
                return Stage(
                    .exchange, .failed, start: asked, duration: server.tcp?.rst.map { $0 - asked }, reason: "reset",
                    facts: facts)
            }
            if isOver || isServerDone {
                if let reason = reasonForSilence {
                    return Stage(.exchange, .unseen, start: asked, reason: reason, facts: facts)
                }
                return Stage(
                    .exchange, .failed, start: asked, duration: server.tcp?.fin.map { $0 - asked },
                    reason: "no_response", facts: facts)
            }
            return Stage(
                .exchange, .pending, start: asked, reason: waiting(for: "awaiting_response"), facts: facts)
        }
        guard let start, let answered else {
            if isOver { return Stage(.exchange, .notApplicable, reason: "nothing was sent", facts: facts) }
            return Stage(.exchange, .pending, reason: waiting(for: "awaiting_request"), facts: facts)
        }
        // Protocols where the server speaks first have no time to the first answer.
        let duration = asked.flatMap { $0 <= answered ? answered - $0 : nil }
        if isAnswerCutOff {
            return Stage(.exchange, .failed, start: start, duration: duration, reason: "reset", facts: facts)
        }
        return laterFailure(facts) ?? Stage(.exchange, .ok, start: start, duration: duration, facts: facts)
    }

    /// Why a server that sent nothing need not have failed: nobody waited for an answer.
    private var reasonForSilence: String? {
        if OneWayPorts.contains(server.endpoint.port, transport) {
            return "this service is usually one-way: no answer is expected"
        }
        guard application.kind == nil, tcp?.state == .closed, tcp?.closedFirst == .client,
            let last = client.lastPayload, let end = client.tcp?.fin, end - last < Self.patience,
            client.tcp?.unacknowledged ?? 0 == 0
        else { return nil }
        return "the client sent all it had and closed at once: it awaited no answer"
    }

    /// Nobody gives up sooner.
    private static let patience = TimeSpan.milliseconds(200)

    /// A response of HTTP that broke off, or one that never came though others on the connection did. The stage begins
    /// with the request that it belongs to.
    private func laterFailure(_ facts: [StageFact]) -> Stage? {
        guard let http = application.http else { return nil }
        func failed(_ exchange: HTTPExchange, _ reason: String) -> Stage {
            let taken = exchange.requested.flatMap { asked in exchange.responded.map { $0 - asked } }
            return Stage(
                .exchange, .failed, start: exchange.requested ?? exchange.responded, duration: taken, reason: reason,
                facts: facts)
        }
        if let exchange = http.interrupted {
            switch exchange.interruption {
            case .resetByServer: return failed(exchange, "reset")
            case .closedByClient, .resetByClient: return failed(exchange, "aborted_by_client")
            case .closedByServer, nil: return failed(exchange, "response_incomplete")
            }
        }
        let isServerDone = server.tcp?.fin != nil || server.tcp?.rst != nil
        if http.unread == nil, http.upgrade == nil, let last = http.exchanges.last, last.requestEnded != nil,
            last.responded == nil, isOver || isServerDone
        {
            return failed(last, "no_response")
        }
        return nil
    }

    /// What is exchanged inside TLS is counted, not read: bytes both ways after the handshake are taken for request
    /// and answer.
    private func encryptedExchangeStage(_ facts: [StageFact]) -> Stage {
        let secure = secureStage
        guard secure.status == .ok, let start = secure.start,
            let finished = secure.duration.map({ start + $0 }) ?? application.tls?.finished
        else {
            if secure.status == .pending {
                return Stage(.exchange, .pending, reason: waiting(for: "awaiting_handshake"), facts: facts)
            }
            return Stage(.exchange, .notApplicable, reason: "the TLS handshake was not completed", facts: facts)
        }
        if isAnswerCutOff {
            return Stage(.exchange, .failed, start: finished, reason: "reset", facts: facts)
        }
        if isOver, let silent = unansweredStage(after: finished, facts) { return silent }
        if let sent = client.lastPayload, let received = server.lastPayload, sent > finished, received > finished {
            return Stage(
                .exchange, .ok, start: finished,
                facts: [StageFact("encrypted", .flag(true), from: .inferred)] + facts)
        }
        if isOver || ending != nil {
            return Stage(
                .exchange, .unseen, reason: "it is encrypted, and no bytes were seen both ways", facts: facts)
        }
        return Stage(.exchange, .pending, start: finished, reason: "awaiting_response", facts: facts)
    }

    /// The server sent no more after the handshake than a farewell. What is asked early may be answered before that. In HTTP/2
    /// both sides speak without a request, and a server that speaks it does (RFC 9113 §3.4); where TLS 1.3 hides the protocol,
    /// its silence tells the same of all.
    private func unansweredStage(after finished: Timestamp, _ facts: [StageFact]) -> Stage? {
        guard let tls = application.tls, tls.version != nil, tls.applicationProtocol != "h2", !tls.offer.hasEarlyData,
            let sent = sentAfterHandshake, !sent.server
        else { return nil }
        guard sent.client else { return Stage(.exchange, .notApplicable, reason: "nothing was sent", facts: facts) }
        if let reason = reasonForSilence {
            return Stage(.exchange, .unseen, start: finished, reason: reason, facts: facts)
        }
        return Stage(
            .exchange, .failed, start: finished, duration: server.tcp?.fin.map { $0 - finished }, reason: "no_response",
            facts: facts)
    }

    /// The server reset the connection without an orderly end (FIN of either side) while it owed an answer, or
    /// within a second of sending a part of it.
    private var isAnswerCutOff: Bool {
        guard tcp?.state == .resetByServer, let reset = server.tcp?.rst, server.tcp?.fin == nil,
            client.tcp?.fin == nil, !isAnsweredInFull
        else { return false }
        guard let answered = server.lastPayload else { return client.lastPayload != nil }
        if let asked = client.lastPayload, asked > answered { return true }
        return reset - answered < Self.interruption
    }

    /// Without a connection an answer or an error is what settles the exchange; `nil` while neither came.
    private func settledStage(start: Timestamp, facts: [StageFact]) -> Stage? {
        if server.segments > 0 {
            return Stage(
                .exchange, .ok, start: start, duration: server.firstPayload.map { $0 - start }, facts: facts)
        }
        if let error = fatalError {
            return Stage(
                .exchange, .failed, start: start, duration: error.time - start, reason: "unreachable",
                facts: [StageFact("error", .text(error.name)), StageFact("from", .text(error.from.description))]
                    + facts)
        }
        return nil
    }

    private var datagramExchangeStage: Stage {
        let facts = exchangeFacts
        let start = client.firstPayload ?? first
        if let unclaimed, unclaimed.missing == .socket {
            return Stage(
                .exchange, .failed, start: start, duration: unclaimed.time - start, reason: "answer_unclaimed",
                facts: self.facts(unclaimed) + facts)
        }
        if let settled = settledStage(start: start, facts: facts) { return settled }
        // An answer to everybody comes in an exchange of its own.
        if isToGroup, let answered = lookups.compactMap(\.answered).min() {
            return Stage(.exchange, .ok, start: start, duration: answered - start, facts: facts)
        }
        if !isToGroup && !lookups.isEmpty && lookups.allSatisfy({ $0.status == .noAnswer }) {
            return Stage(.exchange, .failed, start: start, reason: "no_response", facts: facts)
        }
        if isToGroup {
            return Stage(.exchange, .unseen, start: start, reason: "a group need not answer", facts: facts)
        }
        if OneWayPorts.contains(server.endpoint.port, .udp) {
            return Stage(
                .exchange, .unseen, start: start, reason: "this service is usually one-way: no answer is expected",
                facts: facts)
        }
        return unansweredStage(reason: "no_response", start: start, facts: facts)
    }

    private var echoStage: Stage {
        let facts = [
            StageFact("echo_requests", .integer(Int64(clamping: client.segments))),
            StageFact("echo_replies", .integer(Int64(clamping: server.segments))),
        ]
        let start = client.firstPayload ?? first
        if let settled = settledStage(start: start, facts: facts) { return settled }
        if isToGroup {
            return Stage(.exchange, .unseen, start: start, reason: "a group need not answer", facts: facts)
        }
        return unansweredStage(reason: "unanswered", start: start, facts: facts)
    }

    /// Nothing came back. When only the capture's end or an eviction stopped the wait, that is a failure no sooner
    /// than a second try shows that the first was lost.
    private func unansweredStage(reason: String, start: Timestamp, facts: [StageFact]) -> Stage {
        if isOver || ending != nil && client.segments > 1 {
            return Stage(.exchange, .failed, start: start, reason: reason, facts: facts)
        }
        return Stage(.exchange, .pending, start: start, reason: waiting(for: "awaiting_response"), facts: facts)
    }

    private var exchangeFacts: [StageFact] {
        var facts: [StageFact] = []
        facts.reserveCapacity(8)
        if let kind = application.kind { facts.append(StageFact("protocol", .text(kind.name))) }
        if let http = application.http {
            if let method = http.method { facts.append(StageFact("method", .text(method))) }
            if let host = http.host { facts.append(StageFact("host", .text(host))) }
            if let path = http.path { facts.append(StageFact("path", .text(path))) }
            if let status = http.status { facts.append(StageFact("http_status", .integer(Int64(status)))) }
            if http.exchangeCount > 1 { facts.append(StageFact("exchanges", .integer(Int64(http.exchangeCount)))) }
            if http.exchangeCount > 1 && http.failedCount > 0 {
                facts.append(StageFact("failed_exchanges", .integer(Int64(http.failedCount))))
            }
            if let upgrade = http.upgrade { facts.append(StageFact("upgrade", .text(upgrade))) }
            if let target = http.tunnelTarget { facts.append(StageFact("tunnel_to", .text(target))) }
            if let unread = http.unread { facts.append(StageFact("unread", .text(unread.name))) }
        }
        facts.append(StageFact("client_bytes", .integer(Int64(clamping: client.payloadBytes))))
        facts.append(StageFact("server_bytes", .integer(Int64(clamping: server.payloadBytes))))
        return facts
    }
}

/// Services that only ever send (IANA service names): silence is no failure there.
enum OneWayPorts {
    /// discard, DHCP and DHCPv6 answers, SNMP trap, syslog, NetFlow, IPFIX, VXLAN, Geneve, sFlow, statsd, collectd.
    /// The tunnels are answered too, but between other ports (RFC 7348 §5, RFC 8926 §3.3).
    private static let udp: Set<UInt16> = [
        9, 68, 162, 514, 546, 2055, 4739, 4789, 6081, 6343, 8125, 9995, 9996, 25826,
    ]
    /// discard, syslog (RFC 6587 §3, RFC 5425), IPFIX (RFC 7011 §10).
    private static let tcp: Set<UInt16> = [9, 514, 601, 4739, 4740, 6514]

    static func contains(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
        switch transport {
        case .tcp: tcp.contains(port)
        case .udp: udp.contains(port)
        case .icmp, .icmpv6: false
        }
    }
}
