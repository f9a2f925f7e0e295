import Model

/// Questions that this host sent to servers elsewhere, by name and type: the second legs of lookups that a stub
/// resolver on the host was asked.
struct StubTable: ~Copyable {
    private var questions: KeyedRing<Key, Question>
    /// A resolver on this host was asked: what is asked elsewhere may be its doing.
    var areThere = false
    /// By which addresses, and from which stations, a resolver on loopback was seen to ask: this host's own, where nobody
    /// told of them.
    private(set) var hosts: [IPAddress] = []

    private static let hostCapacity = 8

    private struct Key: Hashable {
        var nameHash: UInt64
        var type: UInt16
    }

    private struct Question {
        /// Who asked: its address, and what stands for its station.
        var clients: [IPAddress]
        var lookup: UpstreamLookup
    }

    static let capacity = 1 << 12
    /// Repetitions to several servers stay below it.
    private static let walkLimit = 16

    init() { questions = KeyedRing(capacity: Self.capacity) }

    var isEmpty: Bool { questions.isEmpty }
    var summary: TableSummary { questions.summary("upstream_lookups") }

    mutating func ask(
        _ nameHash: UInt64, _ type: UInt16, _ clients: [IPAddress], _ server: Endpoint, at time: Timestamp
    ) {
        let lookup = UpstreamLookup(server: server, queried: time, answered: nil, status: .pending, rcode: nil)
        questions.insert(Question(clients: clients, lookup: lookup), for: Key(nameHash: nameHash, type: type))
    }

    /// What came of a question that was asked of `lookup`'s server.
    mutating func note(_ lookup: Lookup, _ nameHash: UInt64) {
        questions.change(
            of: Key(nameHash: nameHash, type: lookup.type), limit: Self.walkLimit,
            where: { $0.lookup.server == lookup.server && $0.lookup.queried == lookup.queried }
        ) { question in
            question.lookup.answered = lookup.answered
            question.lookup.status = lookup.status
            question.lookup.rcode = lookup.rcode
        }
    }

    /// What was asked elsewhere while `lookup` waited for its answer, until `end`, in order.
    mutating func legs(of lookup: Lookup, _ nameHash: UInt64, until end: Timestamp) -> [UpstreamLookup] {
        guard let first = lookup.queried else { return [] }
        let found = questions.all(of: Key(nameHash: nameHash, type: lookup.type), limit: Self.walkLimit) {
            $0.lookup.queried >= first && $0.lookup.queried <= end
        }
        if lookup.server.address.isLoopback {
            for client in found.flatMap(\.clients) where hosts.count < Self.hostCapacity && !hosts.contains(client) {
                hosts.append(client)
            }
        }
        return found.reversed().prefix(StubAnswer.capacity).map(\.lookup)
    }
}
