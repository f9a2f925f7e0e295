import Model

extension Finding {
    static let neighbourUnanswered = Finding(
        id: "neighbour.unanswered", stage: .neighbour, severity: .error, title: "The next hop does not answer",
        cause: "The gateway, or the host itself on a shared link, is down, elsewhere, or has another address.",
        evidence:
            "ARP or ND requests without a reply, or the kernel's entry FAILED or INCOMPLETE while the first packet waited for it.",
        fix: "Check the address and the cable, VLAN or switch port; `ip neighbour show`.")
}

extension Diagnosis {
    /// The next station on the link does not answer for its address.
    static func neighbourUnanswered(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "unanswered") else { return nil }
        let lifecycle = subject.lifecycle
        var known = lifecycle.route?.neighbour
        if case .neighbour(let neighbour)? = lifecycle.unsent { known = neighbour }
        guard let address = lifecycle.neighbour?.address ?? known?.address else { return nil }
        var evidence: [String] = []
        if let neighbour = lifecycle.neighbour {
            evidence.append(
                "\(Words.count(neighbour.requests, "request")) for the hardware address of \(address), no reply")
        }
        if let known, known.address == address, !known.state.isValid {
            evidence.append("the kernel's entry for \(address) on \(known.interface) is \(known.state.name)")
        }
        if lifecycle.unsent != nil {
            let waited = Words.span(lifecycle.last - lifecycle.first)
            evidence.append("the first packet waited for it and was never sent: the socket was closed after \(waited)")
        }
        let isGateway = address != lifecycle.server.endpoint.address
        return subject.verdict(
            .neighbourUnanswered,
            isGateway
                ? "The gateway \(address) does not answer on the local network, so nothing gets past it."
                : "The host \(address) does not answer on the local network: it is down, or not on this network.",
            evidence: evidence,
            next: ["ip neighbour show \(address)", "ip route get \(subject.serverAddress)", "ping -c 3 \(address)"])
    }
}
