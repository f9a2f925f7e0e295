/// Finds slots by hash: open addressing with linear probing, the hash kept beside the slot so that a probe rarely
/// touches a record that is not the one.
///
/// Slots are the caller's numbers (not 0). The index grows by doubling and never holds more than it has slots for;
/// equality is the caller's business.
struct HashIndex: ~Copyable {
    /// Hash in the high half, slot in the low half; 0 is empty.
    private var buckets: Slab<UInt64>
    private var mask: Int
    private(set) var count = 0

    init(minimumCapacity: Int = 1024) {
        var size = 16
        while size < minimumCapacity { size <<= 1 }
        buckets = Slab(capacity: size)
        mask = size - 1
    }

    /// The slot with this hash for which `matches` holds.
    @inline(__always)
    func find(_ hash: UInt32, where matches: (Int) -> Bool) -> Int? {
        var position = Int(hash) & mask
        while true {
            let bucket = buckets[position]
            if bucket == 0 { return nil }
            if UInt32(truncatingIfNeeded: bucket >> 32) == hash {
                let slot = Int(UInt32(truncatingIfNeeded: bucket))
                if matches(slot) { return slot }
            }
            position = (position &+ 1) & mask
        }
    }

    mutating func insert(_ hash: UInt32, slot: Int) {
        if count &* 2 > mask { grow() }
        place(UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot)))
        count &+= 1
    }

    private mutating func place(_ bucket: UInt64) {
        var position = Int(bucket >> 32) & mask
        while buckets[position] != 0 { position = (position &+ 1) & mask }
        buckets[position] = bucket
    }

    /// Takes a slot out and closes the gap, so that probes stay as short as if it had never been there.
    mutating func remove(_ hash: UInt32, slot: Int) {
        let wanted = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot))
        var position = Int(hash) & mask
        while buckets[position] != wanted {
            if buckets[position] == 0 { return }
            position = (position &+ 1) & mask
        }
        count &-= 1
        var gap = position
        while true {
            position = (position &+ 1) & mask
            let bucket = buckets[position]
            if bucket == 0 { break }
            let home = Int(bucket >> 32) & mask
            // The bucket may move back into the gap when its home is not between the two.
            if (position &- home) & mask >= (position &- gap) & mask {
                buckets[gap] = bucket
                gap = position
            }
        }
        buckets[gap] = 0
    }

    private mutating func grow() {
        let size = (mask &+ 1) &* 2
        var old = Slab<UInt64>(capacity: size)
        swap(&old, &buckets)
        mask = size &- 1
        for position in 0..<old.capacity where old[position] != 0 { place(old[position]) }
    }
}
