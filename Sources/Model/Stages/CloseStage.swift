extension Lifecycle {
    /// How the connection ended (RFC 9293 §3.6): by FIN both ways, by RST, or by silence.
    var closeStage: Stage {
        if let quic = application.quic { return closeStage(quic) }
        guard transport == .tcp, let tcp else {
            return Stage(.close, .notApplicable, reason: "\(transport.name) has no close")
        }
        guard isConnected else {
            return Stage(.close, .notApplicable, reason: "the connection was not established")
        }
        let fins = [client.tcp?.fin, server.tcp?.fin].compactMap { $0 }
        let resets = [client.tcp?.rst, server.tcp?.rst].compactMap { $0 }
        let begin = (fins + resets).min()
        func stage(_ status: StageStatus, _ reason: String?, until end: Timestamp? = nil) -> Stage {
            Stage(
                .close, status, start: begin, duration: begin.flatMap { begin in end.map { $0 - begin } },
                reason: reason, facts: closeFacts(tcp))
        }

        switch tcp.state {
        case .closed:
            return stage(.ok, nil, until: fins.max())
        case .resetByClient, .resetByServer:
            let isHarmless =
                tcp.state == .resetByClient ? !isCutByClient : !fins.isEmpty || isAnsweredInFull
            if isHarmless { return stage(.ok, nil, until: resets.min()) }
            return stage(.failed, tcp.state.name, until: resets.min())
        case .established, .halfClosed, .midstream, .noAnswer, .refused, .aborted, .halfOpen:
            return openStage(tcp, begin)
        }
    }

    private func openStage(_ tcp: TCPFacts, _ begin: Timestamp?) -> Stage {
        let facts = closeFacts(tcp)
        func unseen(_ reason: String) -> Stage { Stage(.close, .unseen, start: begin, reason: reason, facts: facts) }
        switch ending {
        case nil:
            return Stage(
                .close, .pending, start: begin, reason: begin == nil ? "open" : "awaiting_fin", facts: facts)
        case .captureEnded: return unseen("the capture ended first")
        case .evicted: return unseen("it was dropped from a full table first")
        case .idle: return unseen("nothing was sent for so long that it was no longer followed")
        case .portReused: return unseen("its ports were used for a new connection first")
        case .closed: return unseen("only one side's end was seen")
        }
    }

    private func closeFacts(_ tcp: TCPFacts) -> [StageFact] {
        var facts: [StageFact] = []
        facts.reserveCapacity(14)
        let (asking, serving) = (client.tcp, server.tcp)
        if let party = tcp.closedFirst { facts.append(StageFact("by", .text(party.name))) }
        var how: [String] = []
        let ends: [(name: String, time: Timestamp?)] = [
            ("client_fin", asking?.fin), ("server_fin", serving?.fin), ("client_rst", asking?.rst),
            ("server_rst", serving?.rst),
        ]
        for end in ends.filter({ $0.time != nil }).sorted(by: { ($0.time ?? first) < ($1.time ?? first) }) {
            how.append(end.name)
        }
        if !how.isEmpty { facts.append(StageFact("order", .list(how))) }
        facts.append(StageFact("client_bytes", .integer(Int64(clamping: client.payloadBytes))))
        facts.append(StageFact("server_bytes", .integer(Int64(clamping: server.payloadBytes))))
        facts.append(StageFact("client_segments", .integer(Int64(clamping: client.segments))))
        facts.append(StageFact("server_segments", .integer(Int64(clamping: server.segments))))
        let (asked, served) = (asking ?? TCPSide(), serving ?? TCPSide())
        facts.append(
            StageFact(
                "retransmitted_segments",
                .integer(Int64(asked.retransmittedSegments) + Int64(served.retransmittedSegments))))
        func count(_ name: String, _ value: (TCPSide) -> UInt32) {
            let sum = Int64(value(asked)) + Int64(value(served))
            if sum > 0 { facts.append(StageFact(name, .integer(sum))) }
        }
        count("duplicate_acks") { $0.analysis.duplicateAcks }
        count("lost_segments") { $0.analysis.lostSegments }
        count("window_full") { $0.analysis.windowFull }
        count("zero_windows") { $0.zeroWindows }
        count("keep_alives") { $0.analysis.keepAlives }
        let (missing, overflow) = asked.missingBytes.addingReportingOverflow(served.missingBytes)
        if missing > 0 || overflow {
            facts.append(StageFact("missing_bytes", .integer(Int64(clamping: overflow ? .max : missing))))
        }
        return facts
    }
}
