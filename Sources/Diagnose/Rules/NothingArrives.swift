import Model

extension Finding {
    static let exchangeUnacknowledged = Finding(
        id: "exchange.unacknowledged", stage: .exchange, severity: .error,
        title: "Nothing arrives once the connection is open",
        cause:
            "The way broke right after the handshake, something on it drops what the connection carries (for its content or its size), or the server's accept queue is full and it never took the connection.",
        evidence:
            "A handshake, and then segments of the client that are sent again and again and never acknowledged. While it goes on it is a warning.",
        fix: "`ping -M do -s 1400 ADDRESS` tries the size; on the server `nstat -az TcpExtListenOverflows`.")
}

extension Diagnosis {
    /// The handshake was fine, and not one byte after it gets there.
    static func exchangeUnacknowledged(_ subject: Case) -> Verdict? {
        guard subject.isAwaiting(.exchange), subject.isNothingAcknowledged else { return nil }
        let address = subject.serverAddress
        return subject.verdict(
            .exchangeUnacknowledged,
            "\(subject.server) accepted the connection, but nothing that the client sends since then gets there.",
            severity: subject.waterfall.failure == nil ? .warning : .error,
            evidence: subject.repetitionEvidence, confidence: .likely,
            next: [
                "ping -c 3 \(address)", "ping -M do -s 1400 -c 3 \(address)  # do large packets pass?",
                "nstat -az TcpExtListenOverflows TcpExtListenDrops  # on the server",
            ])
    }
}

extension Case {
    /// The first stage that failed, or else the one that is under way.
    var stageUnderWay: StageKind? {
        waterfall.failure?.stage ?? waterfall.stages.first { $0.status == .pending }?.kind
    }

    /// The request failed at the stage, or has come to it and waits.
    func isAwaiting(_ kind: StageKind) -> Bool { stageUnderWay == kind }

    /// The client's bytes were sent at least three times more, the server said nothing but its SYN-ACK, and nobody ended it.
    var isNothingAcknowledged: Bool {
        guard let client = lifecycle.client.tcp, let server = lifecycle.server.tcp, let open = client.unacknowledged,
            server.rst == nil, server.fin == nil, lifecycle.server.payloadBytes == 0
        else { return false }
        return client.sequenceBytes > 0 && UInt64(open) >= client.sequenceBytes && client.retransmittedSegments >= 3
            && server.analysis.duplicateAcks == 0 && server.analysis.windowUpdates == 0 && !server.isWindowClosed
    }

    var repetitionEvidence: [String] {
        guard let tcp = lifecycle.client.tcp else { return [] }
        let longest = tcp.longestRepetition
        return [
            "\(Words.count(tcp.sequenceBytes, "byte")) sent since the handshake, none acknowledged",
            "\(Words.count(tcp.retransmittedSegments, "segment")) sent again, of up to \(Words.count(longest, "byte"))",
        ]
    }
}
