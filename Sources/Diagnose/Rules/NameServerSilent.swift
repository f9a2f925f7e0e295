import Model

extension Finding {
    static let nameServerSilent = Finding(
        id: "name.server_silent", stage: .name, severity: .warning,
        title: "A DNS server is silent, and another one answered",
        cause: "The first server of the list is down or out of reach: every lookup waits for its time limit.",
        evidence: "The same question to one server without an answer, and to another one 200 ms or more later.",
        fix: "Take it out of /etc/resolv.conf, or have it work again.")
}

extension Diagnosis {
    /// Who asks several servers at once does so within less.
    private static let asksNextAfter = TimeSpan.milliseconds(200)

    /// One server did not answer, another one did, some time later.
    static func nameServerSilent(_ subject: Case) -> Verdict? {
        guard let waited = WaitedLookup(subject), let queried = waited.lookup.queried else { return nil }
        let silent = waited.lookup.askedBefore.filter { $0.status == .pending || $0.status == .noAnswer }
        guard let first = silent.first, queried - first.queried >= asksNextAfter else { return nil }
        let lost = Words.span(queried - first.queried)
        let servers = silent.map { "\($0.server.address)" }.joined(separator: ", ")
        let isOne = silent.count == 1
        return subject.verdict(
            .nameServerSilent,
            "The DNS server\(isOne ? "" : "s") \(servers) did not answer the question for \(waited.name); "
                + "\(waited.lookup.server.address) did, and \(lost) were lost.",
            // A resolver that walks down from the root meets silent servers every day.
            severity: waited.lookup.wantsRecursion ? .warning : .notice,
            evidence: silent.map {
                "\($0.server): asked \(Words.span(queried - $0.queried)) before the next, no answer"
            }
                + [waited.answer],
            // One packet that got lost looks the same.
            confidence: .likely,
            next: silent.map { waited.dig(at: $0.server) } + ["cat /etc/resolv.conf  # in this order they are asked"])
    }
}
