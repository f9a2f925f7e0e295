import Model

extension Finding {
    static let exchangeIncomplete = Finding(
        id: "exchange.incomplete", stage: .exchange, severity: .error, title: "The answer is not whole",
        cause: "The server, or what it asks itself, gave up in the middle of the response.",
        evidence: "FIN from the server before the body that HTTP announced was complete (RFC 9112 §8).",
        fix: "Look into the service's log at that time.")

    static let exchangeAborted = Finding(
        id: "exchange.aborted", stage: .exchange, severity: .warning,
        title: "The client stopped in the middle of the answer",
        cause: "The client ran into a time limit of its own, was ended, or had enough.",
        evidence: "The client's FIN or RST before the body was complete.",
        fix: "Look at the client and its time limits.")
}

extension Diagnosis {
    /// The connection was closed in the middle of a response of HTTP.
    static func exchangeIncomplete(_ subject: Case) -> Verdict? {
        guard let exchange = subject.lifecycle.application.http?.interrupted else { return nil }
        if subject.failed(.exchange, "response_incomplete") {
            return subject.verdict(
                .exchangeIncomplete,
                "\(subject.server) closed the connection before its answer was complete.",
                evidence: [received(exchange), "FIN from the server"], confidence: .certain,
                next: [subject.serverJournal("did the service, or what it asks itself, give up?")])
        }
        guard subject.failed(.exchange, "aborted_by_client") else { return nil }
        var evidence = [received(exchange)]
        if let end = subject.lifecycle.client.tcp.flatMap({ $0.fin ?? $0.rst }), let began = exchange.responded {
            evidence.append("the client ended the connection \(Words.span(end - began)) into the answer")
        }
        return subject.verdict(
            .exchangeAborted, "The client stopped in the middle of the answer.",
            evidence: evidence, confidence: .certain,
            next: [subject.clientJournal("did it run into a time limit, or was it ended?")])
    }

    /// How much of the body was there.
    private static func received(_ exchange: HTTPExchange) -> String {
        let body = exchange.responseBody
        let seen = Words.count(body.bytes, "byte")
        if let declared = body.declared { return "\(seen) of \(declared) of the answer's body" }
        return body.isChunked ? "\(seen) of the answer's body, its last chunk missing" : "\(seen) of the answer's body"
    }
}
