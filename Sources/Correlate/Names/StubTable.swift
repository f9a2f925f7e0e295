import Model

/// Questions that this host sent to servers elsewhere, by name and type: the second legs of lookups that a stub
/// resolver on the host was asked.
struct StubTable: ~Copyable {
    private var questions: KeyedRing<Key, UpstreamLookup>

    private struct Key: Hashable {
        var nameHash: UInt64
        var type: UInt16
    }

    static let capacity = 1 << 12
    /// Repetitions to several servers stay below it.
    private static let walkLimit = 16

    init() { questions = KeyedRing(capacity: Self.capacity) }

    var isEmpty: Bool { questions.isEmpty }
    var summary: TableSummary { questions.summary("upstream_lookups") }

    mutating func ask(_ nameHash: UInt64, _ type: UInt16, _ server: Endpoint, at time: Timestamp) {
        questions.insert(
            UpstreamLookup(server: server, queried: time, answered: nil, status: .pending, rcode: nil),
            for: Key(nameHash: nameHash, type: type))
    }

    /// What came of a question that was asked of `lookup`'s server.
    mutating func note(_ lookup: Lookup, _ nameHash: UInt64) {
        questions.change(
            of: Key(nameHash: nameHash, type: lookup.type), limit: Self.walkLimit,
            where: { $0.server == lookup.server && $0.queried == lookup.queried }
        ) { question in
            question.answered = lookup.answered
            question.status = lookup.status
            question.rcode = lookup.rcode
        }
    }

    /// What was asked elsewhere between `first` and `last`, in order.
    func questions(_ nameHash: UInt64, _ type: UInt16, from first: Timestamp, to last: Timestamp) -> [UpstreamLookup] {
        let found = questions.all(of: Key(nameHash: nameHash, type: type), limit: Self.walkLimit) {
            $0.queried >= first && $0.queried <= last
        }
        return Array(found.reversed().prefix(StubAnswer.capacity))
    }
}
