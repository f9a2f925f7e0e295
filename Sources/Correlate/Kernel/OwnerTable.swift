import Model

/// Socket owners that were told before their request's first packet was seen.
///
/// They are kept by what is known of a socket before its first packet leaves: its port and its peer. The local address may
/// be open until then. A ring: when it is full, the oldest goes.
struct OwnerTable: ~Copyable {
    private var entries: [Entry] = []
    private var index: [Key: Int] = [:]
    private var cursor = 0
    private let capacity: Int
    private var evictions: UInt64 = 0

    private struct Key: Hashable {
        var transport: TransportProtocol
        var port: UInt16
        var peer: Endpoint
    }

    private struct Entry {
        var key: Key
        var source: IPAddress
        var time: Timestamp
        var owner: SocketOwner
        /// The entry before it with the same key; `nil` for none.
        var older: Int?
    }

    /// A connect waits for its neighbour for some seconds before its first packet leaves, never longer than this.
    static let patience = TimeSpan.seconds(10)
    /// Clocks of frames and of facts are the same; each is read a little apart from what it tells of.
    static let slack = TimeSpan.milliseconds(50)

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var isEmpty: Bool { entries.isEmpty }

    var summary: TableSummary {
        TableSummary(
            name: "socket_owners", count: entries.count, peak: entries.count, capacity: capacity,
            evictions: evictions)
    }

    mutating func keep(_ tuple: FlowTuple, _ owner: SocketOwner, at time: Timestamp) {
        let key = Key(transport: tuple.transport, port: tuple.source.port, peer: tuple.destination)
        let slot: Int
        if entries.count < capacity {
            slot = entries.count
        } else {
            slot = cursor
            cursor = (cursor + 1) % capacity
            if index[entries[slot].key] == slot { index[entries[slot].key] = nil }
            evictions &+= 1
        }
        var older = index[key]
        if older == slot { older = nil }
        let entry = Entry(key: key, source: tuple.source.address, time: time, owner: owner, older: older)
        if slot == entries.count { entries.append(entry) } else { entries[slot] = entry }
        index[key] = slot
    }

    /// Who opened the socket that `tuple` began on at `time`: the latest that fits, if all that fit are the same process.
    func owner(of tuple: FlowTuple, at time: Timestamp) -> SocketOwner? {
        let key = Key(transport: tuple.transport, port: tuple.source.port, peer: tuple.destination)
        var next = index[key]
        var found: SocketOwner?
        for _ in 0..<8 {
            // An older one may have been overwritten: then it has another key.
            guard let slot = next, entries[slot].key == key else { break }
            let entry = entries[slot]
            next = entry.older == slot ? nil : entry.older
            guard entry.source == tuple.source.address || entry.source.isUnspecified, entry.time <= time + Self.slack,
                entry.time >= time - Self.patience
            else { continue }
            if found == nil { found = entry.owner }
        }
        return found
    }
}
