import Model

extension Finding {
    static let closeResetByServer = Finding(
        id: "close.reset_by_server", stage: .close, severity: .warning,
        title: "The server cut the connection after answering",
        cause:
            "The service ended the connection hard, or a device's idle limit did. Where HTTP shows that every answer was whole it is a notice.",
        evidence: "RST from the server when answers had come.",
        fix: "Look into the service's log, and for an idle limit on the way.")

    static let closeResetByClient = Finding(
        id: "close.reset_by_client", stage: .close, severity: .warning, title: "The client cut the connection",
        cause:
            "The client was stopped, or ran into a time limit of its own. Where HTTP shows that it had every answer it is a notice: some clients end all connections that way.",
        evidence: "RST from the client when answers had come, and no farewell of the server's or less was under way.",
        fix: "Look at the client and its time limits.")
}

extension Diagnosis {
    /// The answer came, but the end was a reset instead of a close.
    static func closeReset(_ subject: Case) -> Verdict? {
        guard subject.failed(.close) else { return nil }
        let isServer = subject.lifecycle.tcp?.state == .resetByServer
        return subject.verdict(
            isServer ? .closeResetByServer : .closeResetByClient,
            isServer
                ? "\(subject.server) cut the connection after answering; what was still under way is lost."
                : "The client cut its connection to \(subject.server) without waiting for an orderly end.",
            evidence: resetEvidence(subject, isServer ? .server : .client), confidence: .likely,
            next: isServer
                ? [subject.serverJournal("was it stopped? Firewalls and NAT on the way may cut what is idle, too")]
                : [subject.clientJournal("was it stopped, or did it reach a time limit of its own?")])
    }

    /// The same, when every answer had been given in full.
    static func closeResetInFull(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard let tcp = lifecycle.tcp, lifecycle.isAnsweredInFull, lifecycle.client.tcp?.fin == nil,
            lifecycle.server.tcp?.fin == nil
        else { return nil }
        let party: Party
        switch tcp.state {
        case .resetByClient: party = .client
        case .resetByServer: party = .server
        case .noAnswer, .refused, .aborted, .halfOpen, .established, .halfClosed, .closed, .midstream: return nil
        }
        return subject.verdict(
            party == .server ? .closeResetByServer : .closeResetByClient,
            "\(subject.server) answered in full; then the \(party.name) ended the connection with a reset instead of a close.",
            severity: .notice, evidence: resetEvidence(subject, party))
    }

    private static func resetEvidence(_ subject: Case, _ party: Party) -> [String] {
        let lifecycle = subject.lifecycle
        var evidence = [
            "RST from the \(party.name)"
                + (lifecycle.client.tcp?.fin == nil ? ", no FIN of either side" : " after its FIN"),
            "\(Words.count(lifecycle.client.payloadBytes, "byte")) sent, "
                + "\(Words.count(lifecycle.server.payloadBytes, "byte")) received",
        ]
        if party == .client, let late = lifecycle.tcp?.lateBytes, late > 0 {
            evidence.append("\(Words.count(late, "byte")) of them came when the client had ended its side")
        }
        if let reset = subject.side(party).tcp?.rst, reset > lifecycle.first {
            evidence.append("\(Words.span(reset - lifecycle.first)) after the first packet")
        }
        return evidence + subject.foreignResetEvidence(party)
    }
}
