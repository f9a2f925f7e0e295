import Model

/// Which addresses were given for which names, and to whom: what a connection's name is joined from.
///
/// A name is only ever joined to a connection of the client that was given the answer. Answers are kept in a ring;
/// when it is full the oldest goes first, whatever its TTL: programs keep addresses for longer than they should.
struct NameTable: ~Copyable {
    private var answers: [Answer] = []
    private var index = HashIndex()
    private let capacity: Int
    private var cursor = 0
    private let hash: SeededHash
    private(set) var evictions: UInt64 = 0

    struct Answer {
        var client: IPAddress
        var address: IPAddress
        var digest: LookupDigest
        var hash: UInt32
        /// The slot with the previous answer for the same address and client, 0 for none.
        var older: Int
        /// Told from a slot used again by this running number.
        var number: UInt64
        var olderNumber: UInt64
    }

    private var lastNumber: UInt64 = 0

    /// Names of one address that are told apart; behind a large front end there are many more.
    static let nameLimit = 4
    private static let walkLimit = 16

    init(capacity: Int, hash: SeededHash) {
        self.capacity = max(1, capacity)
        self.hash = hash
    }

    var isEmpty: Bool { answers.isEmpty }

    var summary: TableSummary {
        TableSummary(
            name: "names", count: answers.count, peak: answers.count, capacity: capacity, evictions: evictions)
    }

    private func hash(_ client: IPAddress, _ address: IPAddress) -> UInt32 {
        UInt32(truncatingIfNeeded: hash(hash(client), hash(address)))
    }

    private func find(_ client: IPAddress, _ address: IPAddress, _ hash: UInt32) -> Int? {
        index.find(hash) { answers[$0 - 1].client == client && answers[$0 - 1].address == address }
    }

    /// Remembers that `client` was given `address` in the answer of `digest`.
    mutating func learn(_ address: IPAddress, for client: IPAddress, _ digest: LookupDigest) {
        let hash = hash(client, address)
        lastNumber &+= 1
        let slot: Int
        if answers.count < capacity {
            slot = answers.count + 1
        } else {
            cursor = cursor % capacity + 1
            slot = cursor
            evictions &+= 1
            let old = answers[slot - 1]
            // Only the newest answer of an address is in the index; older ones hang off it.
            if find(old.client, old.address, old.hash) == slot { index.remove(old.hash, slot: slot) }
        }
        var answer = Answer(
            client: client, address: address, digest: digest, hash: hash, older: 0, number: lastNumber, olderNumber: 0)
        if let newest = find(client, address, hash) {
            answer.older = newest
            answer.olderNumber = answers[newest - 1].number
            index.remove(hash, slot: newest)
        }
        if slot > answers.count { answers.append(answer) } else { answers[slot - 1] = answer }
        index.insert(hash, slot: slot)
    }

    /// The lookups that gave `address` to `client` before `time`, the latest first, one for each name.
    func lookups(of address: IPAddress, by client: IPAddress, before time: Timestamp) -> [LookupDigest] {
        guard var slot = find(client, address, hash(client, address)) else { return [] }
        var found: [LookupDigest] = []
        for _ in 0..<Self.walkLimit {
            let answer = answers[slot - 1]
            if let answered = answer.digest.answered, answered <= time,
                !found.contains(where: { $0.name == answer.digest.name })
            {
                found.append(answer.digest)
            }
            guard found.count < Self.nameLimit, answer.older > 0,
                answers[answer.older - 1].number == answer.olderNumber
            else { break }
            slot = answer.older
        }
        return found
    }
}
