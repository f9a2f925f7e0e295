import Model

extension Finding {
    static let connectNoAnswer = Finding(
        id: "connect.no_answer", stage: .connect, severity: .error, title: "Nothing comes back",
        cause: "The peer is down, or a firewall drops the packets without a word.",
        evidence: "Repeated SYNs, or first packets of QUIC, and nothing in return.",
        fix: "`traceroute -T -p PORT ADDRESS`; look for a rule that drops it, here and there.")
}

extension Diagnosis {
    /// SYNs, and nothing at all in return: the usual sign of a firewall that drops.
    static func connectNoAnswer(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "no_answer") else { return nil }
        if subject.lifecycle.application.quic != nil { return quicNoAnswer(subject) }
        let side = subject.lifecycle.client.tcp
        var sent = "\(Words.count(side?.synCount ?? 0, "SYN")) sent"
        if let first = side?.firstSyn, let last = side?.lastSyn, last > first {
            sent += " over \(Words.span(last - first))"
        }
        let own = subject.lifecycle.server.endpoint
        let endpoint = subject.forwardedTo ?? own
        let who = endpoint == own ? subject.server : "\(endpoint), to which NAT leads \(subject.server),"
        return subject.verdict(
            .connectNoAnswer,
            "\(who) does not answer at all: it is down, or a firewall drops the packets without a word.",
            evidence: ["\(sent), no answer"] + subject.passageEvidence,
            next: [
                "ping -c 3 \(endpoint.address)", "traceroute -T -p \(endpoint.port) \(endpoint.address)",
                "nft list ruleset  # does a rule here drop it?",
            ])
    }

    /// The client's first packets of QUIC, and nothing in return. Servers without QUIC often have nothing on the port,
    /// and many networks drop UDP; browsers go on over TCP then.
    private static func quicNoAnswer(_ subject: Case) -> Verdict {
        let lifecycle = subject.lifecycle
        var sent = "\(Words.count(lifecycle.client.segments, "QUIC packet")) sent"
        if lifecycle.last > lifecycle.first { sent += " over \(Words.span(lifecycle.last - lifecycle.first))" }
        let endpoint = lifecycle.server.endpoint
        return subject.verdict(
            .connectNoAnswer,
            "\(subject.server) does not answer over QUIC: it is down or does not speak QUIC, or a firewall drops UDP to "
                + "port \(endpoint.port).",
            evidence: ["\(sent), no answer"],
            next: [
                "waybill list --to \(endpoint.address)  # does it answer over TCP?", "ping -c 3 \(endpoint.address)",
                "nft list ruleset  # does a rule here drop UDP?",
            ])
    }
}
