import Model

extension Diagnosis {
    /// Ping without an answer. Many hosts drop echo requests, so it says little about the rest.
    static func echoUnanswered(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "unanswered") else { return nil }
        return subject.verdict(
            "echo.unanswered", .exchange,
            "\(subject.server) does not answer pings: it is down, or a firewall drops them.",
            severity: .warning,
            evidence: ["\(Words.count(subject.lifecycle.client.segments, "echo request")) sent, no reply"],
            next: ["traceroute \(subject.serverAddress)", "ip neighbour show"])
    }
}
