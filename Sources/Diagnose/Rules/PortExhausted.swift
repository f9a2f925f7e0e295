import Model

extension Finding {
    static let portExhausted = Finding(
        id: "port.exhausted", stage: .port, severity: .error, title: "No local port is free",
        cause: "Every port that the kernel may choose is taken towards this peer, mostly by connections in TIME_WAIT.",
        evidence: "A connect that ended without ever having had a port.",
        fix: "Reuse connections; widen net.ipv4.ip_local_port_range; use more addresses.")
}

extension Diagnosis {
    /// Every local port that the kernel may choose is in use towards this peer: connect(2) fails with EADDRNOTAVAIL.
    static func portExhausted(_ subject: Case) -> Verdict? {
        guard subject.failed(.port, "exhausted"), case .port(let range)? = subject.lifecycle.unsent else { return nil }
        let evidence =
            range.map {
                "the kernel chooses among \(Words.count(UInt32(clamping: $0.count), "port")), \($0.first) to \($0.last)"
            }
            ?? "the kernel found no free port"
        return subject.verdict(
            .portExhausted,
            "No local port is free for another connection to \(subject.server), so nothing was sent.",
            evidence: [evidence] + subject.portEvidence + ["the socket was closed before it had a port"],
            next: [
                "waybill ports  # who holds them",
                "ss -tan 'dst \(subject.serverAddress)' | awk '{print $1}' | sort | uniq -c",
                "sysctl net.ipv4.ip_local_port_range",
            ])
    }
}

extension Case {
    /// How many ports were taken towards the peer, as the kernel's sockets showed a moment before.
    fileprivate var portEvidence: [String] {
        guard let pressure = lifecycle.scarcity?.pressure else { return [] }
        return [
            "\(Words.count(pressure.inUse, "port is", plural: "ports are")) taken towards it, "
                + "\(pressure.timeWait) of them in TIME_WAIT"
        ]
    }
}
