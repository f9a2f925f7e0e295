import Model

extension Diagnosis {
    /// The connection was closed in the middle of a response of HTTP.
    static func exchangeIncomplete(_ subject: Case) -> Verdict? {
        guard let exchange = subject.lifecycle.application.http?.interrupted else { return nil }
        if subject.failed(.exchange, "response_incomplete") {
            return subject.verdict(
                "exchange.incomplete", .exchange,
                "\(subject.server) closed the connection before its answer was complete.",
                evidence: [received(exchange), "FIN from the server"], confidence: .certain,
                next: ["look into the service's log at this time: did it, or what it asks itself, give up?"])
        }
        guard subject.failed(.exchange, "aborted_by_client") else { return nil }
        var evidence = [received(exchange)]
        if let end = subject.lifecycle.client.tcp.flatMap({ $0.fin ?? $0.rst }), let began = exchange.responded {
            evidence.append("the client ended the connection \(Words.span(end - began)) into the answer")
        }
        return subject.verdict(
            "exchange.aborted", .exchange, "The client stopped in the middle of the answer.", severity: .warning,
            evidence: evidence, confidence: .certain,
            next: ["look at the client: did it run into a time limit, or was it ended?"])
    }

    /// How much of the body was there.
    private static func received(_ exchange: HTTPExchange) -> String {
        let body = exchange.responseBody
        let seen = Words.count(body.bytes, "byte")
        if let declared = body.declared { return "\(seen) of \(declared) of the answer's body" }
        return body.isChunked ? "\(seen) of the answer's body, its last chunk missing" : "\(seen) of the answer's body"
    }
}
