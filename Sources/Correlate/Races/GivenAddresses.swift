import Model

/// The addresses that answers gave last, and for which name: what tells that two connections are made for one purpose.
///
/// It is kept whether or not records are, so that requests are counted alike. A ring: when it is full, the oldest
/// address goes.
struct GivenAddresses: ~Copyable {
    private var ring: Slab<Given>
    /// For each hash of an address the number of its newest entry; numbers begin at 1 and are never used again.
    private var newest: Slab<UInt64>
    private var count: UInt64 = 0
    private let hash: SeededHash

    static let capacity = 4096
    /// Others that were given the same address, looked at for one's own.
    private static let walkLimit = 16

    struct Given: BitwiseCopyable {
        var owner = IPAddress.anyIPv4
        var address = IPAddress.anyIPv4
        var nameHash: UInt64 = 0
        /// When the name was asked for; when it was answered, where the question was not seen.
        var asked: Int64 = 0
        /// The hardware address that the answer was sent to, plus one; 0 for none.
        var station: UInt64 = 0
        var older: UInt64 = 0
    }

    init(hash: SeededHash) {
        self.hash = hash
        ring = Slab(capacity: Self.capacity)
        newest = Slab(capacity: Self.capacity)
    }

    var isEmpty: Bool { count == 0 }

    var summary: TableSummary { TableSummary(ring: "given_addresses", written: count, capacity: Self.capacity) }

    @inline(__always)
    private func bucket(_ address: IPAddress) -> Int {
        Int(truncatingIfNeeded: hash(address) >> 20) & (Self.capacity - 1)
    }

    @inline(__always)
    mutating func note(_ address: IPAddress, for owner: IPAddress, nameHash: UInt64, asked: Int64, station: UInt64) {
        let bucket = bucket(address)
        count &+= 1
        let slot = Int(truncatingIfNeeded: count) & (Self.capacity - 1)
        ring[slot].owner = owner
        ring[slot].address = address
        ring[slot].nameHash = nameHash
        ring[slot].asked = asked
        ring[slot].station = station
        ring[slot].older = newest[bucket]
        newest[bucket] = count
    }

    /// The latest answer that gave `address` to `owner`, or to the same station by its other IP version.
    func find(_ address: IPAddress, for owner: IPAddress, station: UInt64) -> Given? {
        var number = newest[bucket(address)]
        var others = 0
        while number > 0, count &- number < UInt64(Self.capacity), others < Self.walkLimit {
            let given = ring[Int(truncatingIfNeeded: number) & (Self.capacity - 1)]
            if given.address == address {
                if given.owner == owner
                    || station != 0 && given.station == station && given.owner.version != owner.version
                {
                    return given
                }
                others += 1
            }
            number = given.older
        }
        return nil
    }
}
