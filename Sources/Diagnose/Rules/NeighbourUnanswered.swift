import Model

extension Diagnosis {
    /// The next station on the link does not answer for its address.
    static func neighbourUnanswered(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "unanswered"), let neighbour = subject.lifecycle.neighbour else { return nil }
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
}
