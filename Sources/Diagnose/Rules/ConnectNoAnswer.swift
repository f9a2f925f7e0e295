import Model

extension Diagnosis {
    /// SYNs, and nothing at all in return: the usual sign of a firewall that drops.
    static func connectNoAnswer(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "no_answer") else { return nil }
        let side = subject.lifecycle.client.tcp
        var sent = "\(Words.count(side?.synCount ?? 0, "SYN")) sent"
        if let first = side?.firstSyn, let last = side?.lastSyn, last > first {
            sent += " over \(Words.span(last - first))"
        }
        let endpoint = subject.lifecycle.server.endpoint
        return subject.verdict(
            "connect.no_answer", .connect,
            "\(subject.server) does not answer at all: it is down, or a firewall drops the packets without a word.",
            evidence: ["\(sent), no answer"],
            next: [
                "ping -c 3 \(endpoint.address)", "traceroute -T -p \(endpoint.port) \(endpoint.address)",
                "nft list ruleset  # does a rule here drop it?",
            ])
    }
}
