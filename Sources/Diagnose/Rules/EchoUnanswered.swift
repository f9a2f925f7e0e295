import Model

extension Finding {
    static let echoUnanswered = Finding(
        id: "echo.unanswered", stage: .exchange, severity: .warning, title: "Pings are not answered",
        cause: "The peer is down, or a firewall drops echo requests; many do.",
        evidence: "Echo requests without a reply.",
        fix: "Try the service itself: a ping says little about it.")
}

extension Diagnosis {
    /// Ping without an answer. Many hosts drop echo requests, so it says little about the rest.
    static func echoUnanswered(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "unanswered") else { return nil }
        return subject.verdict(
            .echoUnanswered,
            "\(subject.server) does not answer pings: it is down, or a firewall drops them.",
            evidence: ["\(Words.count(subject.lifecycle.client.segments, "echo request")) sent, no reply"],
            next: ["traceroute \(subject.serverAddress)", "ip neighbour show"])
    }
}
