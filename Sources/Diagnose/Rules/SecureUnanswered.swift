import Model

extension Finding {
    static let secureResetAfterHello = Finding(
        id: "secure.reset_after_client_hello", stage: .secure, severity: .error,
        title: "Reset as soon as the ClientHello was seen",
        cause:
            "Something on the way filters by the name in the ClientHello and resets in the server's name; or the service does not speak TLS, or fell over.",
        evidence:
            "RST of the server's in answer to the ClientHello, and nothing before it. Another TTL than before tells of something on the way.",
        fix: "Ask the same address for another name: `openssl s_client -connect ADDRESS:PORT -servername example.org`.")

    static let secureHelloLost = Finding(
        id: "secure.client_hello_lost", stage: .secure, severity: .error, title: "The ClientHello does not get there",
        cause:
            "Something on the way drops it, for the name in it or for its size (path MTU), or the way broke at that moment.",
        evidence: "A ClientHello that was sent again and never acknowledged, on a connection that was just opened.",
        fix: "Ask the same address for another name; `ping -M do -s 1400 ADDRESS` tries the size.")

    static let secureHelloUnanswered = Finding(
        id: "secure.client_hello_unanswered", stage: .secure, severity: .error,
        title: "The ClientHello is never answered",
        cause:
            "The service is stuck or waits for something else than TLS, or its answer, the first large packets, is lost on the way (path MTU).",
        evidence:
            "A ClientHello, and no byte of the server's until the client gave up; the evidence says whether it was acknowledged.",
        fix: "`openssl s_client` to the same port from another network; look at the service.")

    static let secureAborted = Finding(
        id: "secure.aborted", stage: .secure, severity: .warning, title: "The client ended the handshake at once",
        cause: "The client was stopped, or needed to know no more: it left before an answer could be expected.",
        evidence: "FIN or RST of the client's right after its ClientHello.",
        fix: "Look at the client.")
}

extension Diagnosis {
    /// A ClientHello, and not one byte of the server's after it.
    static func secureUnanswered(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        guard subject.failed(.secure, "no_server_hello"), lifecycle.transport == .tcp,
            lifecycle.server.payloadBytes == 0, let hello = lifecycle.application.tls?.clientHello
        else { return nil }
        if lifecycle.tcp?.state == .resetByServer, lifecycle.client.tcp?.fin == nil {
            return resetAfterHello(subject, hello)
        }
        if lifecycle.tcp?.closedFirst == .server || lifecycle.server.tcp?.rst != nil { return nil }
        let end = subject.firstEnd?.time
        let wait = (end ?? lifecycle.last) - hello
        let waited =
            end == nil
            ? "no answer until it was no longer followed" : "ended by the client \(Words.span(wait)) after it"
        let name = subject.helloNameEvidence
        if end != nil, wait < subject.patience {
            return subject.verdict(
                .secureAborted,
                "The client ended its connection to \(subject.server) right after its ClientHello, without awaiting an answer.",
                evidence: [waited] + name, next: [subject.clientJournal("was it stopped?")])
        }
        return subject.verdict(
            .secureHelloUnanswered, "\(subject.server) accepted the connection, but never answered the ClientHello.",
            evidence: [waited] + subject.acknowledgmentEvidence + name, confidence: .likely,
            next: [
                "\(subject.handshakeAgain)  # does this port speak TLS?",
                subject.serverJournal("is the service stuck?"),
                "ping -M do -s 1400 -c 3 \(subject.serverAddress)  # are its large packets lost?",
            ])
    }

    /// The ClientHello goes out again and again. Many clients give up without a word on the wire: their FIN waits behind
    /// what was not acknowledged.
    static func secureHelloLost(_ subject: Case) -> Verdict? {
        guard subject.isAwaiting(.secure), let tls = subject.lifecycle.application.tls, tls.serverHello == nil,
            subject.isNothingAcknowledged, let hello = tls.clientHello
        else { return nil }
        return subject.verdict(
            .secureHelloLost,
            "\(subject.server) accepted the connection, but the ClientHello does not get there: something on the way drops "
                + "it, for its name or its size.",
            severity: subject.waterfall.failure == nil ? .warning : .error,
            evidence: subject.repetitionEvidence + ["over \(Words.span(subject.lifecycle.last - hello))"]
                + subject.helloNameEvidence, confidence: .likely,
            next: [subject.otherName, "ping -M do -s 1400 -c 3 \(subject.serverAddress)  # do large packets pass?"])
    }

    private static func resetAfterHello(_ subject: Case, _ hello: Timestamp) -> Verdict {
        let isForeign = subject.isResetForeign(.server)
        var evidence: [String] = []
        if let reset = subject.lifecycle.server.tcp?.rst {
            let trip =
                subject.lifecycle.tcp?.serverRoundTrip.map { "; a round trip to the server took \(Words.span($0))" }
                ?? ""
            evidence.append("RST \(Words.span(reset - hello)) after the ClientHello\(trip)")
        }
        return subject.verdict(
            .secureResetAfterHello,
            isForeign
                ? "The connection to \(subject.server) was reset as soon as the ClientHello was seen, probably by something on the "
                    + "way that does not want this name."
                : "\(subject.server), or something on the way, reset the connection as soon as it saw the ClientHello.",
            evidence: evidence + subject.foreignResetEvidence(.server) + subject.helloNameEvidence,
            confidence: isForeign ? .likely : .possible, next: [subject.otherName, subject.handshakeAgain])
    }
}

extension Case {
    /// Whom the ClientHello names: filters go by that.
    fileprivate var helloNameEvidence: [String] {
        (lifecycle.application.tls?.serverName).map { ["the ClientHello names \(Words.printable($0))"] } ?? []
    }

    /// The same address, asked for a name that nobody filters.
    var otherName: String {
        "openssl s_client -connect \(lifecycle.server.endpoint) -servername example.org  # does the name matter?"
    }

    /// How long anybody would wait at least.
    fileprivate var patience: TimeSpan {
        let roundTrip = lifecycle.tcp?.handshakeRoundTrip?.nanoseconds ?? 0
        return TimeSpan(nanoseconds: max(min(roundTrip, 3_600_000_000_000) &* 3, 200_000_000))
    }
}
