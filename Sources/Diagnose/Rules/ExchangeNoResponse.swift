import Model

extension Finding {
    static let exchangeNoResponse = Finding(
        id: "exchange.no_response", stage: .exchange, severity: .error, title: "The request is never answered",
        cause: "The service is stuck or waits for more; over UDP it may be gone, or does not answer such requests.",
        evidence: "Bytes of the client, and none of the server, until it was no longer followed.",
        fix: "Look into the service's log at that time.")

    static let exchangeClosedUnanswered = Finding(
        id: "exchange.closed_without_answer", stage: .exchange, severity: .error,
        title: "The server closed the connection instead of answering",
        cause:
            "The service gave up, ended, or expects another protocol. On a connection that was used before it may have closed it just then for being idle.",
        evidence: "Bytes of the client, and then FIN from the server without one byte of an answer.",
        fix: "Look into the service's log at that time.")

    static let exchangeClientGaveUp = Finding(
        id: "exchange.client_gave_up", stage: .exchange, severity: .error,
        title: "The client gave up before an answer came",
        cause: "The service took longer than the client's own time limit, or the client was stopped.",
        evidence: "Bytes of the client, none of the server, and then the client's FIN or RST.",
        fix: "Find out why the service takes so long, before the client's time limit is raised.")
}

extension Diagnosis {
    /// The request was sent, and no byte of an answer came.
    static func exchangeNoResponse(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "no_response") else { return nil }
        let lifecycle = subject.lifecycle
        let sent = Words.count(lifecycle.client.payloadBytes, "byte")
        guard lifecycle.transport == .tcp else {
            return subject.verdict(
                .exchangeNoResponse,
                "\(subject.server) did not answer. That may be normal for this protocol.", severity: .warning,
                evidence: ["\(sent) in \(Words.count(lifecycle.client.segments, "packet")) sent, no answer"],
                confidence: .possible,
                next: ["ping -c 3 \(subject.serverAddress)"])
        }
        if let left = subject.farewellOfClient { return clientGaveUp(subject, at: left) }
        if let end = subject.firstEnd {
            return end.party == .server
                ? closedUnanswered(subject, at: end.time) : clientGaveUp(subject, at: end.time)
        }
        return subject.verdict(
            .exchangeNoResponse,
            "\(subject.server) accepted the connection but never answered the request.",
            evidence: ["\(sent) sent, no answer"] + subject.acknowledgmentEvidence,
            next: [subject.serverJournal("is the service stuck, or does it wait for more?")])
    }

    private static func closedUnanswered(_ subject: Case, at end: Timestamp) -> Verdict {
        var evidence = subject.requestEvidence
        if let asked = subject.stage(.exchange).start {
            evidence.append("FIN from the server \(Words.span(end - asked)) after the request")
        }
        let answered = subject.lifecycle.application.http?.exchanges.count { $0.responded != nil } ?? 0
        if answered > 0 {
            evidence.append("\(Words.count(answered, "request")) on this connection had been answered before")
        }
        return subject.verdict(
            .exchangeClosedUnanswered,
            answered > 0
                ? "\(subject.server) closed the connection instead of answering, perhaps because it had been idle."
                : "\(subject.server) accepted the connection and the request, and closed it without an answer.",
            evidence: evidence, confidence: subject.silenceConfidence,
            next: [
                subject.serverJournal(
                    "did the service give up, or expect something else"
                        + (subject.lifecycle.application.tls == nil ? "?" : ", such as a client certificate?"))
            ])
    }

    private static func clientGaveUp(_ subject: Case, at end: Timestamp) -> Verdict {
        var evidence = subject.requestEvidence + subject.acknowledgmentEvidence
        var waited = ""
        if let asked = subject.stage(.exchange).start {
            waited = " after \(Words.span(end - asked))"
            evidence.append("the client ended the connection\(waited)" + roundLimit(end - asked))
        }
        return subject.verdict(
            .exchangeClientGaveUp,
            "The client gave up\(waited), before \(subject.server) had answered.", evidence: evidence,
            confidence: subject.farewellOfClient == nil ? subject.silenceConfidence : .possible,
            next: [
                subject.serverJournal("what did the service do all that time?"),
                subject.clientJournal("is its time limit too short, or was it stopped?"),
            ])
    }

    /// Time limits are whole seconds, and timers are a little late.
    private static func roundLimit(_ wait: TimeSpan) -> String {
        let (seconds, rest) = wait.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard seconds >= 1, rest < 20_000_000 + wait.nanoseconds / 500 else { return "" }
        return ", probably at a limit of \(seconds) s"
    }
}

extension Case {
    /// `GET example.org/path: 80 bytes sent, no answer`, as much of it as is known.
    fileprivate var requestEvidence: [String] {
        if let sent = lifecycle.bytesAfterHandshake(of: .client) {
            let farewell = lifecycle.bytesAfterHandshake(of: .server) ?? 0
            return ["\(Words.count(sent, "byte")) sent after the TLS handshake, no answer"]
                + (farewell > 0
                    ? [
                        "\(Words.count(farewell, "byte")) of the server after it: an alert or a farewell of TLS, no more"
                    ]
                    : [])
        }
        let sent = "\(Words.count(lifecycle.client.payloadBytes, "byte")) sent, no answer"
        guard let exchange = lifecycle.application.http?.exchanges.last(where: { $0.responded == nil }),
            let method = exchange.method
        else { return [sent] }
        let place = (exchange.host ?? "") + (exchange.path ?? "")
        return ["\(Words.printable(method)) \(Words.printable(place)): \(sent)"]
    }

    /// When the client said farewell inside TLS, if that is what its last bytes were: they came long after its handshake, and
    /// the server closed as soon as it had them (RFC 8446 §6.1).
    fileprivate var farewellOfClient: Timestamp? {
        guard let tls = lifecycle.application.tls, let finished = tls.finished, let end = firstEnd,
            end.party == .server,
            let last = lifecycle.client.lastPayload, last - finished >= .milliseconds(900),
            end.time >= last, end.time - last < .milliseconds(200)
        else { return nil }
        return last
    }

    /// What is said inside TLS is counted, not read.
    fileprivate var silenceConfidence: Verdict.Confidence { lifecycle.application.tls == nil ? .certain : .likely }

    /// Whether the request arrived: that is told by the acknowledgments of the server's kernel, not by the service.
    var acknowledgmentEvidence: [String] {
        guard let side = lifecycle.client.tcp, let open = side.unacknowledged else { return [] }
        // A FIN takes one number.
        let bytes = open - (side.fin != nil ? min(open, 1) : 0)
        if bytes == 0 { return ["the server's side acknowledged all of it"] }
        let again =
            side.retransmittedSegments > 0 ? ", \(Words.count(side.retransmittedSegments, "segment")) sent again" : ""
        return ["\(Words.count(bytes, "byte")) of it were never acknowledged\(again)"]
    }
}
