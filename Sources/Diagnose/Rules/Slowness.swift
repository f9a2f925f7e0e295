import Model

extension Finding {
    static let connectSlow = Finding(
        id: "connect.slow", stage: .connect, severity: .notice, title: "The way to the peer is long",
        cause:
            "A satellite, a mobile network, a full queue on the way, or a peer at the other end of the world: half a second is more than a cable around the world takes.",
        evidence: "500 ms or more from the SYN to the SYN-ACK, or from the SYN-ACK to the ACK.",
        fix: "`mtr ADDRESS` shows from which hop on it takes so long.")

    static let exchangeSlow = Finding(
        id: "exchange.slow", stage: .exchange, severity: .notice, title: "The server takes its time",
        cause: "The service thinks, waits for something of its own, or answers late on purpose (long polling).",
        evidence:
            "A second or more, and ten round trips, between the end of a request of HTTP and the first byte of its answer.",
        fix: "Look at the service, not at the network.")
}

extension Diagnosis {
    private static let longWay = TimeSpan.milliseconds(500)
    private static let longThought = TimeSpan.seconds(1)

    /// The handshake shows a long round trip, and on whose side of the observer it is.
    static func connectSlow(_ subject: Case) -> Verdict? {
        guard let tcp = subject.lifecycle.tcp, subject.stage(.connect).status == .ok else { return nil }
        let (client, server) = (tcp.clientRoundTrip ?? .zero, tcp.serverRoundTrip ?? .zero)
        guard max(client, server) >= longWay else { return nil }
        let isServers = server >= client
        var evidence = ["from here to the server and back \(Words.span(server)), measured by SYN and SYN-ACK"]
        if tcp.clientRoundTrip != nil { evidence.append("from here to the client and back \(Words.span(client))") }
        let peer = isServers ? subject.lifecycle.server.endpoint.address : subject.lifecycle.client.endpoint.address
        // An answer of the service itself cannot come sooner than the way allows.
        if isServers, let answer = subject.stage(.exchange).duration, answer.nanoseconds < server.nanoseconds / 2 {
            return subject.verdict(
                .connectSlow,
                "\(subject.server) took \(Words.span(server)) to accept the connection, and answers faster than that: it, or "
                    + "something on the way, was slow at first.",
                evidence: evidence + ["first answer after \(Words.span(answer))"], confidence: .likely,
                next: ["ping -c 5 \(peer)"])
        }
        return subject.verdict(
            .connectSlow,
            isServers
                ? "It is a long way to \(subject.server): a round trip takes \(Words.span(server))."
                : "It is a long way to the client: a round trip takes \(Words.span(client)).",
            evidence: evidence, confidence: .likely, next: ["ping -c 5 \(peer)", "mtr -n -c 10 -r \(peer)"])
    }

    /// The first byte of an answer came late, for a reason that is not the way.
    static func exchangeSlow(_ subject: Case) -> Verdict? {
        let waits = subject.lifecycle.application.http?.exchanges.compactMap { exchange -> TimeSpan? in
            guard let asked = exchange.requestEnded, let answered = exchange.responded else { return nil }
            return answered - asked
        }
        guard let longest = waits?.max(), longest >= longThought else { return nil }
        let roundTrip = subject.lifecycle.tcp?.handshakeRoundTrip
        if let roundTrip, roundTrip.nanoseconds > longest.nanoseconds / 10 { return nil }
        return subject.verdict(
            .exchangeSlow, "\(subject.server) took \(Words.span(longest)) before it began to answer.",
            evidence: ["\(Words.span(longest)) from the end of the request to the first byte of the answer"]
                + (roundTrip.map { ["a round trip took \(Words.span($0))"] } ?? []),
            next: [subject.serverJournal("what did the service do all that time?")])
    }
}
