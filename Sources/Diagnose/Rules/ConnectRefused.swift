import Model

extension Finding {
    static let connectRefused = Finding(
        id: "connect.refused", stage: .connect, severity: .error, title: "The connection is refused",
        cause: "Nothing listens on that port, or a firewall answers in the server's name (RFC 9293 §3.10.7.1).",
        evidence: "RST in answer to the SYN.",
        fix: "On the server: `ss -ltn`; check the port and the address that the service listens on.")
}

extension Diagnosis {
    /// RST in answer to the SYN (RFC 9293 §3.10.7.1): nothing listens there, or a firewall says so.
    static func connectRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "refused") else { return nil }
        let endpoint = subject.lifecycle.server.endpoint
        let port = endpoint.port
        var bound: [String] = []
        if subject.lifecycle.direction == .inbound, let listener = subject.lifecycle.owner?.listener,
            !listener.address.isUnspecified, listener.address != endpoint.address
        {
            bound.append(
                "the kernel's sockets: a listener at \(Endpoint(listener.address, port)), and none at this address")
        }
        return subject.verdict(
            .connectRefused,
            "\(subject.server) is reachable but accepts no connections on port \(port): nothing listens there, "
                + "or a firewall rejects them.",
            evidence: ["RST from \(endpoint)\(subject.refusedAfter)"] + subject.passageEvidence + bound,
            next: [
                "ss -ltn 'sport = :\(port)'  # on the server: does anything listen, and on this address?",
                "nft list ruleset  # on the server: does a rule say reject?",
            ])
    }
}

extension Case {
    /// ` 1.2 ms after the SYN`
    var refusedAfter: String {
        stage(.connect).duration.map { " \(Words.span($0)) after the SYN" } ?? ""
    }
}
