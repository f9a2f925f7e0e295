import Model

extension Finding {
    static let neighbourContested = Finding(
        id: "neighbour.two_macs", stage: .neighbour, severity: .error, title: "Two devices claim one address",
        cause: "An address was given twice on the link, or somebody poses as another (RFC 5227 §2.4).",
        evidence:
            "Replies for one address from two hardware addresses, and a request that got no answer or was refused.",
        fix: "Find both devices by their hardware addresses and change one of them.")
}

extension Diagnosis {
    /// Two stations answer for one address, and the request got lost between them (RFC 5227 §2.4).
    static func neighbourContested(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "two_macs"), let neighbour = subject.lifecycle.neighbour,
            let mac = neighbour.mac, let other = neighbour.otherMAC
        else { return nil }
        return subject.verdict(
            .neighbourContested,
            "Two devices on the local network claim the address \(neighbour.address), and "
                + (subject.lifecycle.tcp?.state == .refused ? "the one that was asked refused." : "nothing came back."),
            evidence: ["\(neighbour.address) is at \(mac) and at \(other)"], confidence: .likely,
            next: ["ip neighbour show \(neighbour.address)", "waybill neighbours"])
    }
}
