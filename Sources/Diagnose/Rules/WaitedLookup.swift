import Model

/// The answered lookup that a request carried, or began right after.
struct WaitedLookup {
    let lookup: LookupDigest
    private let pair: LookupPair?
    private let first: Timestamp

    /// Programs connect right after their lookup; what begins later found the address in a cache.
    private static let promptly = TimeSpan.milliseconds(250)

    init?(_ subject: Case) {
        let lifecycle = subject.lifecycle
        guard subject.stage(.name).status == .ok else { return nil }
        first = lifecycle.first
        // Of questions to groups nobody knows when the last answer has come.
        if let own = lifecycle.lookups.first(where: { $0.status == .answered && $0.kind == .dns }) {
            (lookup, pair) = (own, nil)
            return
        }
        guard let join = lifecycle.names.first(where: { $0.lookup != nil && $0.isTrusted }), let joined = join.lookup,
            joined.kind == .dns, let answered = joined.answered
        else { return nil }
        (lookup, pair) = (joined, join.pair ?? joined.pair)
        let last = max(answered, pairAnswered ?? answered)
        guard last <= lifecycle.first, lifecycle.first - last <= Self.promptly else { return nil }
    }

    /// When the question for the other IP version was answered, if the request began after that.
    private var pairAnswered: Timestamp? { pair?.answered.flatMap { $0 <= first ? $0 : nil } }

    var name: String { Words.printable(lookup.name) }

    /// Until the last of the answers that were waited for.
    var taken: TimeSpan? {
        guard let own = lookup.roundTrip else { return nil }
        guard pairAnswered != nil, let other = pair?.roundTrip else { return own }
        return max(own, other)
    }

    var answer: String {
        let taken = lookup.roundTrip.map { " after \(Words.span($0))" } ?? ""
        let tries = lookup.retries > 0 ? ", asked \(UInt64(lookup.retries) + 1) times" : ""
        return "\(name) \(lookup.typeName): answered by \(lookup.server)\(taken)\(tries)"
    }

    var pairAnswer: [String] {
        guard let pair, pairAnswered != nil, let taken = pair.roundTrip else { return [] }
        return ["\(name) \(DNSNames.type(pair.type)): \(Words.plain(pair.status.name)) after \(Words.span(taken))"]
    }

    /// The same question to one server.
    func dig(at server: Endpoint) -> String {
        "dig @\(server.address) \(Words.digArgument(lookup.name)) \(lookup.typeName)"
    }
}
