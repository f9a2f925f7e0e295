import Model

/// The connections that were begun last to addresses with a name, by client, name and port. A ring: when it is full, the
/// oldest goes, and takes no further attempts to it.
struct AttemptTable: ~Copyable {
    private var ring: Slab<Begun>
    private var newest: Slab<UInt64>
    private var count: UInt64 = 0

    static let capacity = 1024
    /// Connections to one name that are looked at: as many as a client opens at once.
    private static let walkLimit = 32

    struct Begun: BitwiseCopyable {
        var key: UInt64 = 0
        var older: UInt64 = 0
        var slot: UInt32 = 0
        var generation: UInt32 = 0
    }

    var summary: TableSummary { TableSummary(ring: "attempts", written: count, capacity: Self.capacity) }

    init() {
        ring = Slab(capacity: Self.capacity)
        newest = Slab(capacity: Self.capacity)
    }

    @inline(__always)
    private static func bucket(_ key: UInt64) -> Int { Int(truncatingIfNeeded: key >> 20) & (capacity - 1) }

    mutating func note(_ key: UInt64, slot: Int, generation: UInt32) {
        let bucket = Self.bucket(key)
        count &+= 1
        ring[Int(truncatingIfNeeded: count) & (Self.capacity - 1)] = Begun(
            key: key, older: newest[bucket], slot: UInt32(truncatingIfNeeded: slot), generation: generation)
        newest[bucket] = count
    }

    /// The oldest connection of `key` that `isWanted`.
    func oldest(_ key: UInt64, where isWanted: (_ slot: Int, _ generation: UInt32) -> Bool) -> Int? {
        var number = newest[Self.bucket(key)]
        var seen = 0
        var found: Int?
        while number > 0, count &- number < UInt64(Self.capacity), seen < Self.walkLimit {
            let begun = ring[Int(truncatingIfNeeded: number) & (Self.capacity - 1)]
            if begun.key == key {
                seen += 1
                if isWanted(Int(begun.slot), begun.generation) { found = Int(begun.slot) }
            }
            number = begun.older
        }
        return found
    }
}
