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
        let own = subject.lifecycle.server.endpoint
        // Behind a port forward another host has refused it, at a port of its own.
        let endpoint = subject.forwardedTo ?? own
        let port = endpoint.port
        let who = endpoint == own ? subject.server : "\(endpoint), to which NAT leads \(subject.server),"
        let taken = subject.stage(.connect).duration.map { " \(Words.span($0)) after the SYN" } ?? ""
        return subject.verdict(
            .connectRefused,
            "\(who) is reachable but accepts no connections on port \(port): nothing listens there, "
                + "or a firewall rejects them.",
            evidence: ["RST from \(own)\(taken)"] + subject.passageEvidence,
            next: [
                "ss -ltn 'sport = :\(port)'  # on the server: does anything listen?",
                "check the port, and that the service is bound to this address",
            ])
    }
}
