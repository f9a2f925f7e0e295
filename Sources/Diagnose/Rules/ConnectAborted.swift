import Model

extension Finding {
    static let connectAborted = Finding(
        id: "connect.aborted", stage: .connect, severity: .error, title: "The handshake was broken off",
        cause:
            "The client gave up, or one side or something between them reset the connection while it was being established.",
        evidence: "RST or FIN before the handshake was complete.",
        fix: "Check the client's time limit, firewalls, and the server's accept queue.")
}

extension Diagnosis {
    /// The client, or something in its place, ended the handshake.
    static func connectAborted(_ subject: Case) -> Verdict? {
        if subject.failed(.connect, "aborted") {
            if let late = answeredTooLate(subject) { return late }
            let taken = subject.stage(.connect).duration.map { " after \(Words.span($0))" } ?? ""
            return subject.verdict(
                .connectAborted,
                "The client gave up its connection to \(subject.server)\(taken), before it was established.",
                severity: .warning,
                evidence: [Words.count(subject.lifecycle.client.tcp?.synCount ?? 0, "SYN"), "ended by the client"],
                next: [subject.clientJournal("is its time limit too short, or was it stopped?")])
        }
        guard subject.failed(.connect, "reset") else { return nil }
        let party = subject.lifecycle.tcp?.state == .resetByServer ? "server" : "client"
        return subject.verdict(
            .connectAborted,
            "The \(party) reset the connection to \(subject.server) while it was being established.",
            evidence: ["RST from the \(party) during the handshake"],
            next: [
                "nstat -az TcpExtListenOverflows  # on the server: is an accept queue full?",
                "nft list ruleset  # on either side: does a rule reset connections?",
            ])
    }

    /// The SYN-ACK came, and the client's kernel had no socket for it.
    private static func answeredTooLate(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard let answered = lifecycle.server.tcp?.firstSyn, let reset = lifecycle.client.tcp?.rst, reset >= answered
        else { return nil }
        let after = Words.span(answered - lifecycle.first)
        return subject.verdict(
            .connectAborted,
            "\(subject.server) answered after \(after), and the client reset the connection at once: it had given up by then, or "
                + "only looks whether the port is open.",
            severity: .warning,
            evidence: [
                Words.count(lifecycle.client.tcp?.synCount ?? 0, "SYN"), "SYN-ACK \(after) after the first SYN",
                "RST from the client \(Words.span(reset - answered)) after that",
            ],
            next: [
                subject.clientJournal("is its time limit too short?"),
                "ping -c 5 \(subject.serverAddress)  # is the way slow or lossy?",
            ])
    }
}
