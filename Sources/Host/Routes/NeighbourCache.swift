import Model

/// The kernel's neighbour tables as last heard: a pure value. Holds at most ``capacity`` entries; a new one beyond that
/// is not taken in, and counted. Entries that need no resolution (NUD_NOARP) are passed over.
struct NeighbourCache {
    private var entries: [Key: Entry] = [:]
    private var peak = 0
    private var refused: UInt64 = 0
    private var generation: UInt32 = 0

    static let capacity = 16_384

    struct Key: Hashable {
        var index: Int32
        var address: IPAddress
    }

    private struct Entry {
        var neighbour: HostNeighbour
        /// It did not answer when it was last asked.
        var isSilent: Bool
        var generation: UInt32
    }

    /// What came of an event that is worth telling.
    enum Outcome: Equatable {
        case nothing
        case failed(HostNeighbour)
        case answers(HostNeighbour)
        case moved(HostNeighbour, from: MACAddress)
    }

    mutating func add(_ message: NeighbourMessage, interface: String, at time: Timestamp) -> [Outcome] {
        let key = Key(index: message.index, address: message.address)
        guard message.state != .noARP, message.state != .none else {
            entries[key] = nil
            return []
        }
        guard entries[key] != nil || entries.count < Self.capacity else {
            refused &+= 1
            return []
        }
        var outcomes: [Outcome] = []
        var entry =
            entries[key]
            ?? Entry(
                neighbour: HostNeighbour(address: message.address, interface: interface, state: message.state),
                isSilent: false, generation: generation)
        entry.generation = generation
        entry.neighbour.state = message.state
        entry.neighbour.interface = interface
        entry.neighbour.isRouter = message.isRouter
        if let mac = message.mac {
            let before = entry.neighbour.mac
            entry.neighbour.mac = mac
            if let before, before != mac {
                entry.neighbour.earlierMAC = before
                entry.neighbour.moved = time
                entry.neighbour.moves &+= 1
                outcomes.append(.moved(entry.neighbour, from: before))
            }
        }
        switch message.state {
        // Who removes an entry by hand makes the kernel tell of a failure, too, but of no request.
        case .failed where message.probes == 0: break
        case .failed:
            if !entry.isSilent { outcomes.append(.failed(entry.neighbour)) }
            entry.isSilent = true
        case .reachable, .permanent:
            if entry.isSilent { outcomes.append(.answers(entry.neighbour)) }
            entry.isSilent = false
        case .stale, .delay, .probe, .incomplete, .noARP, .none: break
        }
        entries[key] = entry
        peak = max(peak, entries.count)
        return outcomes
    }

    mutating func remove(_ message: NeighbourMessage) {
        entries[Key(index: message.index, address: message.address)] = nil
    }

    mutating func beginDump() { generation &+= 1 }

    mutating func endDump() {
        for (key, entry) in entries where entry.generation != generation { entries[key] = nil }
    }

    subscript(_ address: IPAddress, index: Int32) -> HostNeighbour? {
        entries[Key(index: index, address: address)]?.neighbour
    }

    /// By interface and address, at most `limit`.
    func list(_ limit: Int) -> [HostNeighbour] {
        let sorted = entries.values.map(\.neighbour).sorted { left, right in
            left.interface != right.interface ? left.interface < right.interface : left.address < right.address
        }
        return Array(sorted.prefix(limit))
    }

    var summary: TableSummary {
        TableSummary(
            name: "kernel_neighbours", count: entries.count, peak: peak, capacity: Self.capacity, evictions: refused)
    }
}
