import Model

extension Finding {
    static let nameSlow = Finding(
        id: "name.slow", stage: .name, severity: .warning, title: "The DNS server is slow",
        cause: "The server, or those that it asks, took long, or the question was lost and had to be repeated.",
        evidence:
            "An answer that came 500 ms or more after its question (a notice), or 1 s and more (a warning), and that the request waited for.",
        fix: "Compare servers by `dig @SERVER NAME`; ask one that is nearer or has a cache.")
}

extension Diagnosis {
    /// A lookup of the whole world's servers, each at the other end of the earth (root, top-level domain, zone: some 150 ms
    /// each), takes less.
    private static let slowFrom = TimeSpan.milliseconds(500)
    /// What a person feels as a wait, and what the most impatient resolvers wait before they ask again.
    private static let verySlowFrom = TimeSpan.seconds(1)

    /// The answer that the request waited for came late.
    static func nameSlow(_ subject: Case) -> Verdict? {
        guard let waited = WaitedLookup(subject), let taken = waited.taken, taken >= slowFrom else { return nil }
        var evidence = [waited.answer] + waited.pairAnswer
        if let legs = waited.lookup.stub?.upstream, let last = legs.last, let upstream = last.roundTrip {
            evidence.append("of that, \(last.server) took \(Words.span(upstream)) to answer the resolver of this host")
        }
        return subject.verdict(
            .nameSlow,
            "It took \(Words.span(taken)) until the DNS server \(waited.lookup.server.address) had answered the question for "
                + "\(waited.name).",
            // A resolver that walks down from the root meets slow servers every day.
            severity: taken >= verySlowFrom && waited.lookup.wantsRecursion ? .warning : .notice, evidence: evidence,
            next: [
                waited.dig(at: waited.lookup.server) + "  # is it slow again, or has it the answer in its cache now?",
                "waybill lookups  # are other names as slow?",
            ])
    }
}
