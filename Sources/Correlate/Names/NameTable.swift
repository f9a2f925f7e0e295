import Model

/// A lookup that gave an address, and what was asked together with it.
struct KnownName {
    let digest: LookupDigest
    let asking: Asking?
}

/// Which addresses were given for which names, and to whom: what a connection's name is joined from.
///
/// A name is only ever joined to a connection of the client that was given the answer. Answers are kept in a ring;
/// when it is full the oldest goes first, whatever its TTL: programs keep addresses for longer than they should.
struct NameTable: ~Copyable {
    private var answers: Slab<Answer>
    /// What an answer says, at its slot: apart from it, so that finding one touches no counted reference.
    private var known: [KnownName?] = [nil]
    private var index = HashIndex()
    private let capacity: Int
    private var cursor = 0
    private let hash: SeededHash
    private(set) var evictions: UInt64 = 0

    struct Answer: BitwiseCopyable {
        var client = IPAddress.anyIPv4
        var address = IPAddress.anyIPv4
        var hash: UInt32 = 0
        /// The slot with the previous answer for the same address and client, 0 for none.
        var older: UInt32 = 0
        /// Told from a slot used again by this running number.
        var number: UInt64 = 0
        var olderNumber: UInt64 = 0
    }

    private var lastNumber: UInt64 = 0

    /// Names of one address that are told apart; behind a large front end there are many more.
    static let nameLimit = 4
    private static let walkLimit = 16

    init(capacity: Int, hash: SeededHash) {
        self.capacity = max(1, min(capacity, 1 << 28))
        self.hash = hash
        // Slot 0 is no slot.
        answers = Slab(capacity: self.capacity + 1)
    }

    private var count: Int { known.count - 1 }
    var isEmpty: Bool { count == 0 }

    var summary: TableSummary {
        TableSummary(
            name: "names", count: count, peak: count, capacity: capacity, evictions: evictions)
    }

    private func hash(_ client: IPAddress, _ address: IPAddress) -> UInt32 {
        UInt32(truncatingIfNeeded: hash(hash(client), hash(address)))
    }

    private func find(_ client: IPAddress, _ address: IPAddress, _ hash: UInt32) -> Int? {
        index.find(hash) { answers[$0].address == address && answers[$0].client == client }
    }

    /// Remembers that `client` was given `address` in the answer of `name`.
    mutating func learn(_ address: IPAddress, for client: IPAddress, _ name: KnownName) {
        let hash = hash(client, address)
        lastNumber &+= 1
        let slot: Int
        if count < capacity {
            known.append(name)
            slot = count
        } else {
            cursor = cursor % capacity + 1
            slot = cursor
            evictions &+= 1
            let old = answers[slot]
            // Only the newest answer of an address is in the index; older ones hang off it.
            if find(old.client, old.address, old.hash) == slot { index.remove(old.hash, slot: slot) }
            known[slot] = name
        }
        var answer = Answer()
        answer.client = client
        answer.address = address
        answer.hash = hash
        answer.number = lastNumber
        if let newest = find(client, address, hash) {
            // Asked for again by the same name, the earlier answer has nothing to add.
            if known[newest]?.digest.name == name.digest.name {
                answer.older = answers[newest].older
                answer.olderNumber = answers[newest].olderNumber
            } else {
                answer.older = UInt32(truncatingIfNeeded: newest)
                answer.olderNumber = answers[newest].number
            }
            index.remove(hash, slot: newest)
        }
        answers[slot] = answer
        index.insert(hash, slot: slot)
    }

    /// The lookups that gave `address` to `client` before `time`, the latest first, one for each name.
    func lookups(of address: IPAddress, by client: IPAddress, before time: Timestamp) -> [KnownName] {
        guard var slot = find(client, address, hash(client, address)) else { return [] }
        var found: [KnownName] = []
        for _ in 0..<Self.walkLimit {
            if let name = known[slot], let answered = name.digest.answered, answered <= time,
                !found.contains(where: { $0.digest.name == name.digest.name })
            {
                found.append(name)
            }
            let older = Int(answers[slot].older)
            guard found.count < Self.nameLimit, older > 0, answers[older].number == answers[slot].olderNumber
            else { break }
            slot = older
        }
        return found
    }
}
