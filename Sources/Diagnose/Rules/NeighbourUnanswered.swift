import Model

extension Diagnosis {
    /// The next station on the link does not answer for its address.
    static func neighbourUnanswered(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "unanswered"), let neighbour = subject.lifecycle.neighbour else {
            return silentNeighbour(subject)
        }
        let address = neighbour.address
        let isGateway = address != subject.lifecycle.server.endpoint.address
        return subject.verdict(
            "neighbour.unanswered", .neighbour,
            isGateway
                ? "The gateway \(address) does not answer on the local network, so nothing gets past it."
                : "The host \(address) does not answer on the local network: it is down, or not on this network.",
            evidence: [
                "\(Words.count(neighbour.requests, "request")) for the hardware address of \(address), no reply"
            ],
            next: ["ip neighbour show \(address)", "ip route get \(subject.serverAddress)", "ping -c 3 \(address)"])
    }

    /// The same, told by the kernel's own table.
    private static func silentNeighbour(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "unanswered") else { return nil }
        let known: HostNeighbour
        if case .neighbour(let neighbour)? = subject.lifecycle.unsent {
            known = neighbour
        } else if let neighbour = subject.lifecycle.route?.neighbour {
            known = neighbour
        } else {
            return nil
        }
        let isGateway = known.address != subject.lifecycle.server.endpoint.address
        return subject.verdict(
            "neighbour.unanswered", .neighbour,
            isGateway
                ? "The gateway \(known.address) does not answer on the local network, so nothing gets past it."
                : "The host \(known.address) does not answer on the local network: it is down, or not on this network.",
            evidence: ["the kernel's entry for \(known.address) on \(known.interface) is \(known.state.name)"],
            next: ["ip neighbour show \(known.address)", "ping -c 3 \(known.address)"])
    }
}
