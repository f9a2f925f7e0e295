import Model

/// Values by a key, several for one key, newest first. When it is full, the oldest of all goes.
struct KeyedRing<Key: Hashable, Value>: ~Copyable {
    private var entries: [Entry] = []
    private var newest: [Key: Link] = [:]
    private var cursor = 0
    private var serial: UInt64 = 0
    private let capacity: Int
    private(set) var evictions: UInt64 = 0

    private struct Entry {
        var key: Key
        var value: Value
        var serial: UInt64
        /// The one before it with the same key.
        var older: Link?
    }

    /// To an entry that may be gone by now.
    private struct Link {
        var slot: Int
        var serial: UInt64
    }

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var isEmpty: Bool { entries.isEmpty }

    func summary(_ name: String) -> TableSummary {
        TableSummary(
            name: name, count: entries.count, peak: entries.count, capacity: capacity, evictions: evictions)
    }

    mutating func insert(_ value: Value, for key: Key) {
        let slot: Int
        if entries.count < capacity {
            slot = entries.count
        } else {
            slot = cursor
            cursor = (cursor + 1) % capacity
            let gone = entries[slot]
            if newest[gone.key]?.serial == gone.serial { newest[gone.key] = nil }
            evictions &+= 1
        }
        serial &+= 1
        let entry = Entry(key: key, value: value, serial: serial, older: newest[key])
        if slot == entries.count { entries.append(entry) } else { entries[slot] = entry }
        newest[key] = Link(slot: slot, serial: serial)
    }

    /// The newest of `key` for which `isWanted` holds, looking at no more than `limit`.
    func first(of key: Key, limit: Int, where isWanted: (Value) -> Bool) -> Value? {
        index(of: key, limit: limit, where: isWanted).map { entries[$0].value }
    }

    /// All of `key` for which `isWanted` holds, newest first, looking at no more than `limit`.
    func all(of key: Key, limit: Int, where isWanted: (Value) -> Bool) -> [Value] {
        var found: [Value] = []
        _ = index(of: key, limit: limit) { value in
            if isWanted(value) { found.append(value) }
            return false
        }
        return found
    }

    /// Changes the newest of `key` for which `isWanted` holds, looking at no more than `limit`.
    mutating func change(
        of key: Key, limit: Int, where isWanted: (Value) -> Bool, _ body: (inout Value) -> Void
    ) {
        if let slot = index(of: key, limit: limit, where: isWanted) { body(&entries[slot].value) }
    }

    /// Changes all of `key`, newest first, looking at no more than `limit`.
    mutating func changeAll(of key: Key, limit: Int, _ body: (inout Value) -> Void) {
        var next = newest[key]
        for _ in 0..<limit {
            guard let link = next, entries[link.slot].serial == link.serial else { return }
            body(&entries[link.slot].value)
            next = entries[link.slot].older
        }
    }

    private func index(of key: Key, limit: Int, where isWanted: (Value) -> Bool) -> Int? {
        var next = newest[key]
        for _ in 0..<limit {
            guard let link = next, entries[link.slot].serial == link.serial else { return nil }
            if isWanted(entries[link.slot].value) { return link.slot }
            next = entries[link.slot].older
        }
        return nil
    }
}
