import Model

/// Names that led nowhere a moment ago: what a resolver's search list makes of one short name (resolv.conf(5)).
///
/// That two names belong to one search is inferred: the same client asks for the same type and the same leading
/// labels, the next name at once when the one before has failed. When there is no room, the oldest goes first.
struct SearchTable {
    /// By a keyed hash of client, type and first label.
    private var searches: [UInt64: [Step]] = [:]
    private var order: [UInt64] = []
    private var oldest = 0
    private var peak = 0
    private var evictions: UInt64 = 0

    /// A name that was tried, and the exchange that asked for it.
    struct Step {
        var name: SearchedName
        var slot: Int
        var generation: UInt32
    }

    static let capacity = 1024
    /// From an answer to the next question of the same search.
    private static let nextWithin = TimeSpan.milliseconds(50)

    var summary: TableSummary {
        TableSummary(
            name: "name_searches", count: searches.count, peak: peak, capacity: Self.capacity, evictions: evictions)
    }

    /// The names tried in vain before `lookup`, in order.
    func steps(before lookup: Lookup, _ hash: SeededHash) -> [Step] {
        guard !searches.isEmpty, let key = Self.key(lookup, hash), let steps = searches[key],
            let last = steps.last?.name, let queried = lookup.queried, queried >= last.answered,
            queried - last.answered <= Self.nextWithin
        else { return [] }
        let name = lookup.name.lowercased()
        if steps.contains(where: { $0.name.name.lowercased() == name }) { return [] }
        return steps
    }

    /// What came of `lookup`, which the exchange in `slot` asked, after `steps`.
    mutating func note(
        _ lookup: Lookup, after steps: [Step], _ slot: Int, _ generation: UInt32, _ hash: SeededHash
    ) {
        guard let key = Self.key(lookup, hash) else { return }
        guard let queried = lookup.queried, let answered = lookup.answered, Self.leadsOn(lookup) else {
            searches[key] = nil
            return
        }
        let tried = SearchedName(
            name: lookup.name, status: lookup.status, rcode: lookup.rcode, queried: queried, answered: answered)
        let all = (steps + [Step(name: tried, slot: slot, generation: generation)]).suffix(SearchedName.capacity)
        if searches.updateValue(Array(all), forKey: key) != nil { return }
        if order.count < Self.capacity {
            order.append(key)
        } else {
            // Gone already when its search has led somewhere.
            if order[oldest] != key, searches.removeValue(forKey: order[oldest]) != nil { evictions &+= 1 }
            order[oldest] = key
            oldest = (oldest + 1) % Self.capacity
        }
        peak = max(peak, searches.count)
    }

    /// A search goes on when the name does not exist, has no address, or its server failed.
    private static func leadsOn(_ lookup: Lookup) -> Bool {
        switch lookup.status {
        case .noData: true
        case .failed: lookup.rcode == 3 || lookup.rcode == 2
        case .answered, .noAnswer, .pending: false
        }
    }

    /// Hosts are searched for, not services, nor the reversed addresses that block lists are asked for.
    private static func key(_ lookup: Lookup, _ hash: SeededHash) -> UInt64? {
        guard lookup.kind == .dns, lookup.type == 1 || lookup.type == 28 else { return nil }
        let label = lookup.name.utf8.prefix { $0 != UInt8(ascii: ".") }
        guard let first = label.first, first != UInt8(ascii: "_"), !label.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        var key = hash(lookup.client.address) ^ UInt64(lookup.type)
        for octet in label {
            let small = (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
            key = hash(key, UInt64(small))
        }
        return key
    }
}
