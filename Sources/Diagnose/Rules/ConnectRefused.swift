import Model

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
            "connect.refused", .connect,
            "\(who) is reachable but accepts no connections on port \(port): nothing listens there, "
                + "or a firewall rejects them.",
            evidence: ["RST from \(own)\(taken)"] + subject.passageEvidence,
            next: [
                "ss -ltn 'sport = :\(port)'  # on the server: does anything listen?",
                "check the port, and that the service is bound to this address",
            ])
    }
}
