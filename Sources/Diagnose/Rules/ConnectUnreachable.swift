import Model

extension Finding {
    static let connectUnreachable = Finding(
        id: "connect.unreachable", stage: .connect, severity: .error, title: "The peer cannot be reached",
        cause:
            "A router on the way, or the server, says by ICMP that the packet cannot get there (RFC 792, RFC 4443 §3.1).",
        evidence: "The ICMP error, which quotes the request.",
        fix: "`traceroute ADDRESS` shows where the way ends.")

    static let exchangeUnreachable = Finding(
        id: "exchange.unreachable", stage: .exchange, severity: .error, title: "The datagram cannot get there",
        cause:
            "A router on the way, or the server, says by ICMP that the packet cannot get there (RFC 792, RFC 4443 §3.1).",
        evidence: "The ICMP error, which quotes the request.",
        fix: "`traceroute ADDRESS`; check that the service listens on that port.")
}

extension Diagnosis {
    /// A router or the server said by ICMP that the SYN cannot get there (RFC 792, RFC 4443 §3.1).
    static func connectUnreachable(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "unreachable") else { return nil }
        return unreachable(subject, .connectUnreachable)
    }

    static func unreachable(_ subject: Case, _ finding: Finding) -> Verdict? {
        guard let error = subject.lifecycle.fatalError else { return nil }
        let isServer = error.from == subject.lifecycle.server.endpoint.address
        let who = isServer ? "the server itself" : "\(error.from) on the way"
        let address = subject.serverAddress
        return subject.verdict(
            finding, "\(subject.server) cannot be reached: \(who) says \(Words.meaning(of: error)).",
            evidence: subject.icmpEvidence,
            next: isServer
                ? ["check that the service runs on \(address) and listens on this port"]
                : ["ip route get \(address)", "traceroute \(address)  # where does the path end?"])
    }
}
