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
            id, stage, "\(subject.server) cannot be reached: \(who) says \(meaning(of: error.name)).",
            evidence: subject.icmpEvidence,
            next: isServer
                ? ["check that the service runs on \(address) and listens on this port"]
                : ["ip route get \(address)", "traceroute \(address)  # where does the path end?"])
    }

    private static func meaning(of name: String) -> String {
        switch name {
        case "port_unreachable": "that nothing listens on this port"
        case "host_unreachable", "address_unreachable": "that it cannot find this host"
        case "net_unreachable", "no_route": "that it knows no way to this network"
        case "net_prohibited", "host_prohibited", "admin_prohibited": "that a firewall forbids it"
        case "ttl_exceeded", "hop_limit_exceeded": "that the packet was passed on too often, perhaps in a circle"
        default: "\"\(name)\""
        }
    }
}
