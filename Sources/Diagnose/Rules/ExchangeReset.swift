import Model

extension Finding {
    static let exchangeReset = Finding(
        id: "exchange.reset", stage: .exchange, severity: .error, title: "The server broke off the answer",
        cause: "The service crashed, ran into a limit, or a device between cut the connection.",
        evidence: "RST from the server before the answer was complete.",
        fix: "Look into the service's log at that time.")
}

extension Diagnosis {
    /// The server broke the connection off before its answer was complete.
    static func exchangeReset(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "reset") else { return nil }
        let lifecycle = subject.lifecycle
        var evidence = ["\(Words.count(lifecycle.server.payloadBytes, "byte")) of answer, then RST from the server"]
        if let reset = lifecycle.server.tcp?.rst, let asked = lifecycle.client.lastPayload {
            evidence.append("\(Words.span(reset - asked)) after the client's last byte")
        }
        evidence += subject.foreignResetEvidence(.server)
        let isCertain = lifecycle.server.payloadBytes == 0
        return subject.verdict(
            .exchangeReset,
            "\(subject.server) broke the connection off "
                + (isCertain ? "instead of answering." : "while it answered."),
            evidence: evidence, confidence: isCertain ? .certain : .likely,
            next: [subject.serverJournal("did the service crash, or is a limit reached?")])
    }
}
