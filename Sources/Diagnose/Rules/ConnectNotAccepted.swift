import Model

extension Finding {
    static let connectNotAccepted = Finding(
        id: "connect.not_accepted", stage: .connect, severity: .error, title: "The connection is never accepted",
        cause:
            "The service does not accept fast enough, and the queue of its listener is full; or what the client sends is lost on its way there.",
        evidence:
            "After the client's ACK and its first bytes the server repeated its SYN-ACK and sent nothing else. On the server itself also: SYNs that stay without an answer while the kernel's socket shows a full queue.",
        fix:
            "On the server: `ss -ltn` (Recv-Q above Send-Q), `nstat -az TcpExtListenOverflows`; accept faster, or raise the backlog and net.core.somaxconn."
    )
}

extension Diagnosis {
    /// The server's system shook hands, and nobody took the connection.
    static func connectNotAccepted(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        let queue = lifecycle.owner?.listener?.queue
        let isFull = queue?.isFull == true
        let port = lifecycle.server.endpoint.port
        let next = [
            "ss -ltn 'sport = :\(port)'  # on the server: is Recv-Q above Send-Q?",
            "nstat -az TcpExtListenOverflows TcpExtListenDrops  # on the server: do they rise?",
        ]
        let full = queue.map {
            ["the listener's queue: \(Words.count($0.waiting, "connection")) waiting, \($0.limit) may"]
        }
        if subject.failed(.connect, "not_accepted") {
            let (asking, serving) = (lifecycle.client, lifecycle.server)
            let repeated = serving.tcp?.lastSyn.map { " until \(Words.span($0 - lifecycle.first)) after the SYN" } ?? ""
            return subject.verdict(
                .connectNotAccepted,
                "The system of \(subject.server) shook hands, but the service never took the connection: its queue is full, or "
                    + "what the client sends does not get there.",
                evidence: [
                    "SYN-ACK sent \(serving.tcp?.synCount ?? 0) times\(repeated), though the client had confirmed the first",
                    "\(Words.count(asking.payloadBytes, "byte")) of the client, repeats included, not acknowledged",
                ] + (isFull ? full ?? [] : []), confidence: .likely, next: next)
        }
        // On the server itself: the SYN came in, somebody listens, and the queue has no room (Linux drops the SYN then).
        guard subject.failed(.connect, "no_answer"), lifecycle.direction == .inbound, isFull, let full else {
            return nil
        }
        return subject.verdict(
            .connectNotAccepted,
            "The service at \(subject.server) does not accept connections fast enough: its queue is full, and this one was "
                + "not answered.",
            evidence: ["\(Words.count(lifecycle.client.tcp?.synCount ?? 0, "SYN")) came, no answer"] + full,
            confidence: .likely, next: next)
    }
}
