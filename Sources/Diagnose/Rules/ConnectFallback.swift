import Model

extension Finding {
    static let connectFallback = Finding(
        id: "connect.fallback", stage: .connect, severity: .notice,
        title: "It worked by another address than the first",
        cause: "The first address tried did not work, so time was lost (RFC 8305).",
        evidence: "Several connects to addresses of one name, of which a later one succeeded.",
        fix: "Mend the address that does not work, or take it out of the DNS.")
}

extension Diagnosis {
    /// It worked, by another address than the first one tried (RFC 8305).
    static func connectFallback(_ subject: Case) -> Verdict? {
        let attempts = subject.lifecycle.attempts
        guard subject.waterfall.outcome == .ok || subject.waterfall.outcome == .pending,
            subject.waterfall.failure == nil,
            let first = attempts.first, let won = attempts.first(where: { $0.outcome == .won }), won != first,
            first.outcome != .pending
        else { return nil }
        let name = subject.lifecycle.serverName.map(Words.printable) ?? "the server"
        let what =
            switch first.reason {
            case "refused": "refused the connection"
            case "unreachable": "cannot be reached"
            case "no_answer": "did not answer"
            default: "was not used"
            }
        let lost = Words.span(won.started - first.started)
        let (dead, alive) = (first.server.address, won.server.address)
        let summary =
            dead.version == alive.version
            ? "It works by \(alive), but \(dead) \(what): the client lost \(lost) on it."
            : "It works over \(Words.family(alive.version)), but \(Words.family(dead.version)) (\(dead)) \(what): the client "
                + "lost \(lost) on it."
        return subject.verdict(
            .connectFallback, summary,
            evidence: attempts.map { "\(name) by \($0.server): \(Words.plain($0.reason ?? $0.outcome.name))" },
            confidence: .likely,
            next: ["ping -c 3 \(dead)", "ip route get \(dead)"])
    }
}
