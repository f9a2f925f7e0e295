import Model

extension Diagnosis {
    /// A router or the server said by ICMP that the SYN cannot get there (RFC 792, RFC 4443 §3.1).
    static func connectUnreachable(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "unreachable") else { return nil }
        return unreachable(subject, "connect.unreachable", .connect)
    }

    static func unreachable(_ subject: Case, _ id: String, _ stage: StageKind) -> Verdict? {
        guard let error = subject.lifecycle.fatalError else { return nil }
        let isServer = error.from == subject.lifecycle.server.endpoint.address
        let who = isServer ? "the server itself" : "\(error.from) on the way"
        let address = subject.serverAddress
        return subject.verdict(
            id, stage, "\(subject.server) cannot be reached: \(who) says \(Words.meaning(of: error)).",
            evidence: subject.icmpEvidence,
            next: isServer
                ? ["check that the service runs on \(address) and listens on this port"]
                : ["ip route get \(address)", "traceroute \(address)  # where does the path end?"])
    }
}
