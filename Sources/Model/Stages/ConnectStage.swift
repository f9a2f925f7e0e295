extension Lifecycle {
    /// The TCP handshake, and the attempts to other addresses of the same name that came before it (RFC 8305).
    var connectStage: Stage {
        var stage = ownConnectStage
        guard let began = attempts.first?.started, let start = stage.start, attempts.count > 1 else { return stage }
        stage.start = min(began, start)
        if let duration = stage.duration, began < start {
            stage.duration = TimeSpan(nanoseconds: duration.nanoseconds &+ (start - began).nanoseconds)
        }
        var facts = [StageFact("attempts", .list(attempts.map(\.description)), from: .inferred)]
        if began < start { facts.append(StageFact("attempts_ms", .span(start - began), from: .inferred)) }
        stage.facts = facts + stage.facts
        return stage
    }

    /// The TCP handshake (RFC 9293 §3.5): from the first SYN to the ACK that completes it.
    package var ownConnectStage: Stage {
        if let quic = application.quic { return connectStage(quic) }
        guard transport == .tcp, let tcp else {
            return Stage(.connect, .notApplicable, reason: "\(transport.name) has no handshake")
        }
        if isUnsolicited {
            return Stage(.connect, .unseen, reason: "an answer to a port that nobody has; no SYN was seen")
        }
        if isMidstream { return Stage(.connect, .unseen, reason: "it began before the capture") }
        let start = client.tcp?.firstSyn ?? first
        func failed(_ reason: String, at time: Timestamp?, _ more: [StageFact] = []) -> Stage {
            Stage(
                .connect, .failed, start: start, duration: time.map { $0 - start }, reason: reason,
                facts: more + handshakeFacts(tcp))
        }
        func pending(_ what: String) -> Stage {
            Stage(.connect, .pending, start: start, reason: waiting(for: what), facts: handshakeFacts(tcp))
        }

        if isNeverAccepted { return failed("not_accepted", at: nil) }
        if onlyPartySeen == .server {
            return Stage(.connect, .unseen, reason: "nothing that the client sent was seen", facts: handshakeFacts(tcp))
        }
        // Answers to somebody who takes this address for his own, or whose SYN passed elsewhere.
        if tcp.state == .aborted || tcp.state == .resetByClient, !isConnected, client.tcp?.synCount == 0 {
            return Stage(.connect, .unseen, reason: "no SYN of the client was seen", facts: handshakeFacts(tcp))
        }
        switch tcp.state {
        case .refused:
            return failed("refused", at: server.tcp?.rst ?? last)
        case .noAnswer, .aborted:
            if let error = fatalError {
                return failed(
                    "unreachable", at: error.time,
                    [StageFact("error", .text(error.name)), StageFact("from", .text(error.from.description))])
            }
            if tcp.state == .aborted { return failed("aborted", at: client.tcp?.rst ?? client.tcp?.fin) }
            // A SYN that had to be sent again was not answered in time, whatever came after the capture's end.
            if isOver || ending != nil && (client.tcp?.synCount ?? 0) > 1 { return failed("no_answer", at: nil) }
            return pending("awaiting_syn_ack")
        case .halfOpen:
            let isRepeated = ending != nil && (server.tcp?.synCount ?? 0) > 1
            return isOver || isRepeated ? failed("half_open", at: nil) : pending("awaiting_ack")
        case .resetByClient, .resetByServer:
            if !isConnected { return failed("reset", at: server.tcp?.rst ?? client.tcp?.rst) }
        case .established, .halfClosed, .closed, .midstream: break
        }
        return Stage(
            .connect, .ok, start: start, duration: tcp.established.map { $0 - start }, facts: handshakeFacts(tcp))
    }

    private func handshakeFacts(_ tcp: TCPFacts) -> [StageFact] {
        var facts: [StageFact] = []
        facts.reserveCapacity(13)
        func span(_ name: String, _ value: TimeSpan?) {
            if let value { facts.append(StageFact(name, .span(value))) }
        }
        func count(_ name: String, _ value: (some BinaryInteger)?) {
            if let value { facts.append(StageFact(name, .integer(Int64(clamping: value)))) }
        }
        span("handshake_rtt_ms", tcp.handshakeRoundTrip)
        span("server_rtt_ms", tcp.serverRoundTrip)
        span("client_rtt_ms", tcp.clientRoundTrip)
        count("syn_count", client.tcp?.synCount)
        count("syn_ack_count", server.tcp?.synCount)
        let (asked, granted) = (client.tcp?.options, server.tcp?.options)
        count("client_mss", asked?.maximumSegmentSize)
        count("server_mss", granted?.maximumSegmentSize)
        count("client_window_scale", asked?.windowScale)
        count("server_window_scale", granted?.windowScale)
        // An option is in use when both sides carry it.
        guard let asked, let granted else { return facts }
        facts.append(StageFact("sack", .flag(asked.selectiveAcknowledgment && granted.selectiveAcknowledgment)))
        facts.append(StageFact("timestamps", .flag(asked.timestamps && granted.timestamps)))
        if asked.fastOpen && granted.fastOpen { facts.append(StageFact("fast_open", .flag(true))) }
        if asked.multipath && granted.multipath { facts.append(StageFact("multipath", .flag(true))) }
        return facts
    }
}
