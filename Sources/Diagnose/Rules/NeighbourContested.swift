import Model

extension Diagnosis {
    /// Two stations answer for one address, and the request got lost between them (RFC 5227 §2.4).
    static func neighbourContested(_ subject: Case) -> Verdict? {
        guard subject.failed(.neighbour, "two_macs"), let neighbour = subject.lifecycle.neighbour,
            let mac = neighbour.mac, let other = neighbour.otherMAC
        else { return nil }
        return subject.verdict(
            "neighbour.two_macs", .neighbour,
            "Two devices on the local network claim the address \(neighbour.address), and nothing came back.",
            evidence: ["\(neighbour.address) is at \(mac) and at \(other)"], confidence: .likely,
            next: ["ip neighbour show \(neighbour.address)", "waybill neighbours"])
    }
}
