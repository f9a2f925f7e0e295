import API

extension Request {
    /// A request that began at `second`, of `asker` to `server`.
    static func sample(
        _ second: Int64, _ verdict: String = "healthy", asker: String? = "curl", to server: String = "www.example.org",
        address: String = "192.0.2.1", outcome: Outcome? = nil
    ) -> Request {
        let severity: Verdict.Severity =
            verdict == "healthy" || verdict == "pending" ? .none : verdict == "connect.fallback" ? .notice : .error
        let client = RequestSide(address: "10.0.0.1", port: 40_000, segments: 3, payloadBytes: 10)
        var peer = RequestSide(address: address, port: 443, segments: 3, payloadBytes: 10)
        peer.names = [Name(name: server, how: "answer")]
        let time = Time(nanoseconds: second * 1_000_000_000)
        var request = Request(
            id: "r\(second)", transport: .tcp, direction: .outbound, client: client, server: peer, first: time,
            last: time, duration: Milliseconds(microseconds: 0),
            outcome: outcome ?? (severity == .error ? .failed : .ok), complete: true)
        if let asker {
            request.stages = [Stage(.process, .ok, facts: [Fact("process", .text(asker), from: .kernel)])]
        }
        request.verdict = Verdict(
            id: verdict, severity: severity, stage: nil, summary: "\(verdict).", evidence: [], confidence: .certain,
            next: [])
        return request
    }
}
