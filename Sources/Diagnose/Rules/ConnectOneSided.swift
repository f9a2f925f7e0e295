import Model

extension Finding {
    static let connectOneSided = Finding(
        id: "connect.one_sided", stage: .connect, severity: .notice, title: "Only one side was seen",
        cause:
            "The two directions take different ways (asymmetric routing), or the other one passes an interface that is not captured.",
        evidence: "A connection that was established by the segments of one side, and no segment of the other.",
        fix: "Capture on all interfaces; `ip route get` on both ends shows which way each takes.")
}

extension Diagnosis {
    /// A connection of which one direction passes elsewhere: nothing may be said of what the other side did.
    static func connectOneSided(_ subject: Case) -> Verdict? {
        guard let party = subject.lifecycle.onlyPartySeen else { return nil }
        let lifecycle = subject.lifecycle
        let side = party == .client ? lifecycle.client : lifecycle.server
        let place = lifecycle.interface.map { " on \($0)" } ?? ""
        return subject.verdict(
            .connectOneSided,
            "Of the connection to \(subject.server) only the \(party.name)'s side was seen: the other one takes another way, or "
                + "passes where nothing is captured.",
            evidence: [
                "\(Words.count(side.segments, "segment")) of the \(party.name)\(place), none of the \(party.other.name)",
                party == .client
                    ? "the client confirmed a SYN-ACK that did not pass here"
                    : "the server went on as after an ACK that did not pass here",
            ],
            confidence: .likely,
            next: [
                "ip route get \(lifecycle.client.endpoint.address)  # from the server's side: does it come back this way?",
                "ip route get \(subject.serverAddress)",
            ])
    }
}
