import Model

extension Finding {
    static let connectHalfOpen = Finding(
        id: "connect.half_open", stage: .connect, severity: .warning, title: "The client never confirmed",
        cause: "The client is gone or scans, or the answer does not find back to it.",
        evidence: "SYN and SYN-ACK, and no ACK.",
        fix: "From the server: `ip route get CLIENT`.")
}

extension Diagnosis {
    /// SYN and SYN-ACK, and the client never confirmed.
    static func connectHalfOpen(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "half_open") else { return nil }
        return subject.verdict(
            .connectHalfOpen,
            "\(subject.server) answered, but the client never confirmed the connection: it is gone, it scans, or the "
                + "answer is lost on its way back.",
            evidence: [
                "\(Words.count(subject.lifecycle.client.tcp?.synCount ?? 0, "SYN")) and "
                    + "\(Words.count(subject.lifecycle.server.tcp?.synCount ?? 0, "SYN-ACK")) seen, no ACK"
            ], confidence: .likely,
            next: ["ip route get \(subject.lifecycle.client.endpoint.address)  # from the server's side"])
    }
}
