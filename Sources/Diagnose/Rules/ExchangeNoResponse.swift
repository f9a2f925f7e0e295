import Model

extension Finding {
    static let exchangeNoResponse = Finding(
        id: "exchange.no_response", stage: .exchange, severity: .error, title: "The request is never answered",
        cause: "The service is stuck, waits for more, or the connection was given up first.",
        evidence: "Bytes of the client, and none of the server.",
        fix: "Look into the service's log at that time.")
}

extension Diagnosis {
    /// The request was sent, and no byte of an answer came.
    static func exchangeNoResponse(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "no_response") else { return nil }
        let lifecycle = subject.lifecycle
        let sent = Words.count(lifecycle.client.payloadBytes, "byte")
        let packets = lifecycle.transport == .tcp ? "" : " in \(Words.count(lifecycle.client.segments, "packet"))"
        var evidence = ["\(sent)\(packets) sent, no answer"]
        if let party = lifecycle.tcp?.closedFirst { evidence.append("closed first by the \(party.name)") }
        guard lifecycle.transport == .tcp else {
            return subject.verdict(
                .exchangeNoResponse,
                "\(subject.server) did not answer. That may be normal for this protocol.", severity: .warning,
                evidence: evidence,
                confidence: .possible,
                next: ["ping -c 3 \(subject.serverAddress)"])
        }
        return subject.verdict(
            .exchangeNoResponse,
            "\(subject.server) accepted the connection but never answered the request.", evidence: evidence,
            next: ["look into the service's log at this time: is it stuck, or does it wait for more?"])
    }
}
