import Model

extension Finding {
    static let connectHalfOpen = Finding(
        id: "connect.half_open", stage: .connect, severity: .warning, title: "The client never confirmed",
        cause:
            "The client is gone or scans, or the answer does not find back to it; on the client itself: its own firewall or reverse path filter drops the answer.",
        evidence: "SYN and SYN-ACK, and no ACK.",
        fix: "From the server: `ip route get CLIENT`; on the client `nft list ruleset`.")
}

extension Diagnosis {
    /// SYN and SYN-ACK, and the client never confirmed.
    static func connectHalfOpen(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "half_open") else { return nil }
        let lifecycle = subject.lifecycle
        let seen =
            "\(Words.count(lifecycle.client.tcp?.synCount ?? 0, "SYN")) and "
            + "\(Words.count(lifecycle.server.tcp?.synCount ?? 0, "SYN-ACK")) seen, no ACK"
        // Only a socket of this host has an owner: its own kernel got the answer, and did nothing with it.
        guard lifecycle.direction == .outbound, lifecycle.owner != nil else {
            return subject.verdict(
                .connectHalfOpen,
                "\(subject.server) answered, but the client never confirmed the connection: it is gone, it scans, or the "
                    + "answer is lost on its way back.",
                evidence: [seen], confidence: .likely,
                next: ["ip route get \(lifecycle.client.endpoint.address)  # from the server's side"])
        }
        return subject.verdict(
            .connectHalfOpen,
            "\(subject.server) answered, but this host did not take the answer: a rule of its own firewall drops it, or it came by "
                + "another interface than it should.",
            evidence: [seen], confidence: .likely,
            next: [
                "nft list ruleset  # does a rule for what comes in drop it?",
                "nstat -az TcpExtIPReversePathFilter  # does it rise? then the answer came by the wrong interface",
                "ip route get \(subject.serverAddress)",
            ])
    }
}
