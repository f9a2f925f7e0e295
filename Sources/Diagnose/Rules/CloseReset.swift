import Model

extension Finding {
    static let closeResetByServer = Finding(
        id: "close.reset_by_server", stage: .close, severity: .warning,
        title: "The server cut the connection after answering",
        cause: "The service ended the connection hard, or a device's idle limit did.",
        evidence: "RST from the server when answers had come.",
        fix: "Look into the service's log, and for an idle limit on the way.")

    static let closeResetByClient = Finding(
        id: "close.reset_by_client", stage: .close, severity: .warning, title: "The client cut the connection",
        cause: "The client was stopped, or ran into a time limit of its own.",
        evidence: "RST from the client when answers had come.",
        fix: "Look at the client and its time limits.")
}

extension Diagnosis {
    /// The answer came, but the end was a reset instead of a close.
    static func closeReset(_ subject: Case) -> Verdict? {
        guard subject.failed(.close) else { return nil }
        let lifecycle = subject.lifecycle
        let isServer = lifecycle.tcp?.state == .resetByServer
        let party = isServer ? "server" : "client"
        var evidence = [
            "RST from the \(party)" + (lifecycle.client.tcp?.fin == nil ? ", no FIN of either side" : " after its FIN"),
            "\(Words.count(lifecycle.client.payloadBytes, "byte")) sent, "
                + "\(Words.count(lifecycle.server.payloadBytes, "byte")) received",
        ]
        if let reset = (isServer ? lifecycle.server : lifecycle.client).tcp?.rst, reset > lifecycle.first {
            evidence.append("\(Words.span(reset - lifecycle.first)) after the first packet")
        }
        return subject.verdict(
            isServer ? .closeResetByServer : .closeResetByClient,
            isServer
                ? "\(subject.server) cut the connection after answering; what was still under way is lost."
                : "The client cut its connection to \(subject.server) without waiting for an orderly end.",
            evidence: evidence, confidence: .likely,
            next: isServer
                ? ["look into the service's log, and for an idle time limit on the way"]
                : ["check whether the client was stopped, or reached a time limit of its own"])
    }
}
