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
        /// Told from a slot used again by this running number.
        var number: UInt64 = 0
        /// The previous answer for the same address and client by another name.
        var older = Link()
        /// The previous one by this very name.
        var repeated = Link()
    }

    /// To an answer that may be gone by now; slot 0 is none.
    struct Link: BitwiseCopyable {
        var slot: UInt32 = 0
        var number: UInt64 = 0
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
            let link = Link(slot: UInt32(truncatingIfNeeded: newest), number: answers[newest].number)
            // Asked for again by the same name, the earlier answer has next to nothing to add.
            if known[newest]?.digest.name == name.digest.name {
                answer.older = answers[newest].older
                answer.repeated = link
            } else {
                answer.older = link
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
            if let name = answer(slot, before: time),
                !found.contains(where: { $0.digest.name == name.digest.name })
            {
                found.append(name)
            }
            guard found.count < Self.nameLimit, let older = follow(answers[slot].older) else { break }
            slot = older
        }
        return found
    }

    /// The answer at `slot`, or the latest by the same name that had come at `time`: programs that ask at the same time
    /// have theirs before and after it, and frames seen on several processors are not quite in the order of their times.
    private func answer(_ slot: Int, before time: Timestamp) -> KnownName? {
        var slot = slot
        for _ in 0..<Self.walkLimit {
            if let name = known[slot], let answered = name.digest.answered, answered <= time { return name }
            guard let earlier = follow(answers[slot].repeated) else { return nil }
            slot = earlier
        }
        return nil
    }

    private func follow(_ link: Link) -> Int? {
        let slot = Int(link.slot)
        return slot > 0 && answers[slot].number == link.number ? slot : nil
    }
}
