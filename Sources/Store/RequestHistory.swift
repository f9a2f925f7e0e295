import DequeModule
import Model

/// Completed requests: kept in the order of their completion, listed by the time of their first packet.
struct RequestHistory: Sendable {
    private var ring: HistoryRing<Lifecycle>
    /// Sorted by key. Requests end roughly in the order in which they began, so almost every change is at an end.
    private var order: Deque<Entry> = []
    private var serials: [RequestID: UInt64] = [:]
    /// The latest key among those that have been dropped, or that were there before: above it nothing is missing here.
    var horizon: RequestKey?

    private struct Entry: BitwiseCopyable {
        var key: RequestKey
        var serial: UInt64
    }

    init(capacity: Int) { ring = HistoryRing(capacity: capacity) }

    var table: TableSummary { ring.table("history_requests") }

    /// How many the listing and the identifiers know of: as many as are kept.
    var listedCount: Int { order.count }
    var knownCount: Int { serials.count }

    /// A request that is kept already is replaced: what is told last is the whole story.
    mutating func append(_ lifecycle: Lifecycle) {
        if let serial = serials[lifecycle.id], let known = ring[serial] {
            remove(known.key)
            ring.replace(serial, with: lifecycle)
            insert(lifecycle.key, serial)
            return
        }
        if let victim = ring.victim {
            serials[victim.id] = nil
            remove(victim.key)
            horizon = horizon.map { max($0, victim.key) } ?? victim.key
        }
        let serial = ring.append(lifecycle)
        serials[lifecycle.id] = serial
        insert(lifecycle.key, serial)
    }

    func holds(_ id: RequestID) -> Bool { serials[id] != nil }

    subscript(id: RequestID) -> Lifecycle? { serials[id].flatMap { ring[$0] } }

    func scan(
        before key: RequestKey?, limit: Int, examining: Int, where matches: (Lifecycle) -> Bool
    ) -> RequestScan {
        var result = RequestScan(lifecycles: [], next: nil)
        var index = key.map { position($0) } ?? order.count
        var examined = 0
        while index > 0 {
            guard examined < max(examining, 1), result.lifecycles.count < max(limit, 1) else {
                result.next = order[index].key
                break
            }
            index -= 1
            examined += 1
            let serial = order[index].serial
            if ring.contains(serial, where: matches), let lifecycle = ring[serial] {
                result.lifecycles.append(lifecycle)
            }
        }
        return result
    }

    func match(_ prefix: RequestID.Prefix, limit: Int, where matches: (Lifecycle) -> Bool) -> [Lifecycle] {
        var found: [Lifecycle] = []
        for entry in order.reversed() where prefix.matches(entry.key.id) {
            guard let lifecycle = ring[entry.serial], matches(lifecycle) else { continue }
            found.append(lifecycle)
            if found.count == limit { break }
        }
        return found
    }

    private mutating func insert(_ key: RequestKey, _ serial: UInt64) {
        let entry = Entry(key: key, serial: serial)
        if let last = order.last, last.key < key {
            order.append(entry)
        } else {
            order.insert(entry, at: position(key))
        }
    }

    private mutating func remove(_ key: RequestKey) {
        let index = position(key)
        if index < order.count, order[index].key == key { order.remove(at: index) }
    }

    /// Of the first entry that is not before `key`.
    private func position(_ key: RequestKey) -> Int {
        var (low, high) = (0, order.count)
        while low < high {
            let middle = low + (high - low) / 2
            if order[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
