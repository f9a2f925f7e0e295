import Model

/// Tuples that connections have moved to, beside the one that they are kept under. Looked at only where a datagram has
/// no request of its own. When it is full, a connection that moves is taken for a new exchange.
struct PathTable: ~Copyable {
    private var paths: Slab<Path>
    private var index = HashIndex(minimumCapacity: 16)
    private let capacity: Int
    private var free: [UInt32] = []
    private var highWater: UInt32 = 1
    private(set) var peak = 0
    private(set) var refused: UInt64 = 0

    struct Path: BitwiseCopyable {
        let key: FlowKey
        let hash: UInt32
        let slot: UInt32
        let clientIsHigh: Bool
        /// The path of the same connection before this one, 0 for none.
        let previous: UInt32
    }

    init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 28))
        paths = Slab(capacity: self.capacity + 1)
    }

    var isEmpty: Bool { index.count == 0 }

    var summary: TableSummary {
        TableSummary(name: "quic_paths", count: index.count, peak: peak, capacity: capacity, evictions: refused)
    }

    /// The connection that moved to `key`, and whether the packet is its client's (0) or its server's (1).
    func find(_ key: FlowKey, _ hash: UInt32) -> (slot: Int, direction: Int)? {
        guard let number = index.find(hash, where: { paths[$0].key.isSameTuple(as: key) }) else { return nil }
        let path = paths[number]
        return (Int(path.slot), path.clientIsHigh == key.sourceIsHigh ? 0 : 1)
    }

    /// - Parameter newest: the latest path of the connection; becomes this one.
    /// - Returns: whether there was room.
    mutating func add(_ key: FlowKey, _ hash: UInt32, slot: Int, direction: Int, newest: inout UInt32) -> Bool {
        guard !free.isEmpty || highWater <= capacity else {
            refused &+= 1
            return false
        }
        let number = free.popLast() ?? highWater
        if number == highWater { highWater &+= 1 }
        paths[Int(number)] = Path(
            key: key, hash: hash, slot: UInt32(truncatingIfNeeded: slot),
            clientIsHigh: key.sourceIsHigh == (direction == 0),
            previous: newest)
        index.insert(hash, slot: Int(number))
        newest = number
        peak = max(peak, index.count)
        return true
    }

    /// How many paths a connection has, counted up to `limit`.
    func count(newest: UInt32, limit: Int) -> Int {
        var count = 0
        var number = newest
        while number != 0 && count < limit {
            count += 1
            number = paths[Int(number)].previous
        }
        return count
    }

    /// Forgets all paths of a connection that ends.
    mutating func release(newest: UInt32) {
        var number = newest
        while number != 0 {
            let path = paths[Int(number)]
            index.remove(path.hash, slot: Int(number))
            free.append(number)
            number = path.previous
        }
    }
}

extension FlowKey {
    /// The same two ends, whichever of them sent.
    func isSameTuple(as other: FlowKey) -> Bool {
        lowLow == other.lowLow && highLow == other.highLow && lowPort == other.lowPort && highPort == other.highPort
            && lowHigh == other.lowHigh && highHigh == other.highHigh && protocolNumber == other.protocolNumber
            && version == other.version
    }
}
