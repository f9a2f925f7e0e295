import Model

extension Finding {
    static let connectHairpin = Finding(
        id: "connect.hairpin", stage: .connect, severity: .error,
        title: "A port forward turns round on the inside, without source NAT",
        cause:
            "Client and server are on one network, and the client asked for the router's address. The server answers the client directly, from an address that the client knows nothing of.",
        evidence:
            "Another station of the client's link acknowledges the very SYN from another address; or, on the router, destination NAT out of the interface that the request came in by, the source kept, and no answer.",
        fix:
            "Have the router masquerade what comes from and goes to that network, or have the name lead to the inner address there."
    )

    static let connectAnsweredElsewhere = Finding(
        id: "connect.answered_elsewhere", stage: .connect, severity: .error, title: "Another address answers",
        cause:
            "The answer takes another way than the request (asymmetric routing) and is not translated back, or the server answers from another of its addresses.",
        evidence:
            "A SYN-ACK from another address or port that acknowledges the very SYN, and none from the one that was asked.",
        fix: "On the server and every router between: let answers go back the way that requests come; check NAT rules.")
}

extension Diagnosis {
    /// A port forward that leads back to the client's own network, and keeps the client's address.
    static func connectHairpin(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "no_answer") else { return nil }
        let lifecycle = subject.lifecycle
        let next = [
            "nft list ruleset  # on the router: is what comes from and goes to the same network masqueraded?"
        ]
        if let answer = lifecycle.elsewhere {
            guard let mac = answer.mac, let hop = lifecycle.nextHopMAC, mac != hop else { return nil }
            return subject.verdict(
                .connectHairpin,
                "\(subject.server) leads to \(answer.from) on the client's own network, which answered the client directly: that "
                    + "expects the answer from where it asked, and refuses it.",
                evidence: subject.elsewhereEvidence + ["it came from the station \(mac), not from the next hop \(hop)"],
                confidence: .likely, next: next)
        }
        guard let translation = lifecycle.translation, translation.rewritesDestination, !translation.rewritesSource,
            lifecycle.direction == .forwarded,
            let came = lifecycle.legs.first(where: { $0.tuple == translation.original && $0.firstRequest != nil })?
                .interface,
            let left = lifecycle.legs.last(where: { $0.tuple == translation.translated && $0.firstRequest != nil }),
            left.interface == came, left.firstAnswer == nil
        else { return nil }
        return subject.verdict(
            .connectHairpin,
            "A port forward leads \(subject.server) back to \(translation.translated.destination) on the network that the client "
                + "is on, and keeps the client's address: the answer goes to it directly, and it refuses that.",
            evidence: subject.passageEvidence + ["it came in and left by \(came), its source unchanged"],
            confidence: .likely,
            next: next)
    }

    /// The very SYN was answered, by somebody else than was asked.
    static func connectAnsweredElsewhere(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "no_answer"), let answer = subject.lifecycle.elsewhere else { return nil }
        return subject.verdict(
            .connectAnsweredElsewhere,
            "\(subject.server) did not answer, but \(answer.from) did, to the same SYN: the client expects the answer from where it "
                + "asked, and refuses this one.",
            evidence: subject.elsewhereEvidence,
            next: [
                "ip route get \(subject.lifecycle.client.endpoint.address)  # from the server's side: by which address and way?",
                "conntrack -L -d \(subject.serverAddress)  # on every router between that translates",
            ])
    }
}

extension Case {
    fileprivate var elsewhereEvidence: [String] {
        guard let answer = lifecycle.elsewhere else { return [] }
        return [
            "SYN-ACK from \(answer.from), \(Words.span(answer.time - lifecycle.first)) after the first SYN to "
                + "\(lifecycle.server.endpoint), whose sequence number it acknowledges"
        ]
    }
}
