import Model

extension Finding {
    static let neighbourWithoutCarrier = Finding(
        id: "neighbour.no_carrier", stage: .neighbour, severity: .error, title: "The link is down",
        cause:
            "The cable is out, the other end is off, or a virtual link's peer is down: the interface is up without a carrier.",
        evidence:
            "The kernel says that the interface has no carrier, and a packet waited for its next hop until the end.",
        fix:
            "Check cable, switch port or the other end of the link; `ip link show` has LOWER_UP once there is a carrier."
    )
}

extension Diagnosis {
    /// Nobody can answer on a link that has no carrier.
    static func neighbourWithoutCarrier(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "unanswered"), subject.lifecycle.lacksCarrier,
            case .neighbour(let hop)? = subject.lifecycle.unsent
        else { return nil }
        let name = Words.printable(hop.interface)
        return subject.verdict(
            .neighbourWithoutCarrier,
            "Nothing could be sent to \(subject.server): \(name) has no link, as with a cable that is out.",
            evidence: [
                "\(name) is up, and the kernel says that it has no carrier",
                "the first packet waited for \(hop.address) and was never sent",
            ],
            next: [
                "ip link show \(Words.argument(hop.interface))  # LOWER_UP is missing",
                "ip route get \(subject.serverAddress)",
            ])
    }
}
