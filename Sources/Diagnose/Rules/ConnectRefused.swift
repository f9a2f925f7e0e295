import Model

extension Diagnosis {
    /// RST in answer to the SYN (RFC 9293 §3.10.7.1): nothing listens there, or a firewall says so.
    static func connectRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "refused") else { return nil }
        let port = subject.lifecycle.server.endpoint.port
        let taken = subject.stage(.connect).duration.map { " \(Words.span($0)) after the SYN" } ?? ""
        return subject.verdict(
            "connect.refused", .connect,
            "\(subject.server) is reachable but accepts no connections on port \(port): nothing listens there, "
                + "or a firewall rejects them.",
            evidence: ["RST from \(subject.lifecycle.server.endpoint)\(taken)"],
            next: [
                "ss -ltn 'sport = :\(port)'  # on the server: does anything listen?",
                "check the port, and that the service is bound to this address",
            ])
    }
}
