import Model

extension Finding {
    static let portReused = Finding(
        id: "port.reused", stage: .port, severity: .warning, title: "The port was used again too early",
        cause:
            "The server still has an earlier connection on the same ports, in TIME-WAIT or broken off, and does not take the SYN for a new one.",
        evidence:
            "A SYN that is answered by an ACK alone, and the client's RST to that (RFC 9293 §3.10.7.3, §3.10.7.4).",
        fix:
            "Let the kernel choose the port, do not reuse it within a minute, and keep TCP timestamps on; give NAT more ports."
    )
}

extension Diagnosis {
    /// The server remembers another connection on these ports.
    static func portReused(_ subject: Case) -> Verdict? {
        let lifecycle = subject.lifecycle
        let hasFailed = subject.failed(.port, "reused")
        guard hasFailed || subject.waterfall.failure == nil && lifecycle.isPortRemembered else { return nil }
        let port = lifecycle.client.endpoint.port
        var evidence = [
            "the SYN was answered by an ACK alone"
                + (lifecycle.client.tcp?.rst == nil ? "" : ", which the client reset")
        ]
        if lifecycle.tcp?.isPortReused == true { evidence.append("an earlier connection on the same ports was seen") }
        var lost = TimeSpan(nanoseconds: 0)
        if let first = lifecycle.client.tcp?.firstSyn, let last = lifecycle.client.tcp?.lastSyn, last > first {
            lost = last - first
            evidence.append("\(Words.count(lifecycle.client.tcp?.synCount ?? 0, "SYN")) over \(Words.span(lost))")
        }
        return subject.verdict(
            .portReused,
            hasFailed
                ? "\(subject.server) still has an earlier connection from port \(port), and did not take this one for a new one."
                : "The server still had an earlier connection from port \(port): this one to \(subject.server) came about at the "
                    + "second try, \(Words.span(lost)) later.",
            // Linux asks again at once, others after a second.
            severity: hasFailed ? .error : lost >= .milliseconds(500) ? .warning : .notice, evidence: evidence,
            confidence: .likely,
            next: [
                "ss -tan 'dport = :\(port)'  # on the server: in which state is the earlier one?",
                "ss -tanp 'sport = :\(port)'  # on the client: does a program bind to this port? NAT with few ports does the same",
                "sysctl net.ipv4.tcp_timestamps  # 1 on both sides lets a server tell old from new (RFC 6191)",
            ])
    }
}
