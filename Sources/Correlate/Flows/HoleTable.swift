import Model

/// Gaps in TCP sequence spaces, as short lists from a common pool, so that bytes seen twice and bytes that fill
/// a gap are told apart exactly.
struct HoleTable: ~Copyable {
    private var holes: Slab<Hole>
    private let capacity: Int
    private var free: UInt32 = 0
    private var highWater: UInt32 = 1
    private(set) var count = 0
    private(set) var peak = 0
    /// Gaps for which there was no room.
    private(set) var refused: UInt64 = 0

    /// Gaps of one direction that are kept apart; a sender's window holds fewer on any path that works.
    static let limitPerDirection = 256

    struct Hole: BitwiseCopyable {
        var start: UInt32
        var end: UInt32
        var next: UInt32
    }

    init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 28))
        holes = Slab(capacity: self.capacity + 1)
    }

    var summary: TableSummary {
        TableSummary(name: "sequence_gaps", count: count, peak: peak, capacity: capacity, evictions: refused)
    }

    /// Remembers [start, end) as not seen; `false` when there is no room for it.
    mutating func add(_ start: UInt32, _ end: UInt32, to head: inout UInt32) -> Bool {
        var length = 0
        var position = head
        while position != 0 && length < Self.limitPerDirection {
            length += 1
            position = holes[Int(position)].next
        }
        guard length < Self.limitPerDirection, let slot = take() else {
            refused &+= 1
            return false
        }
        holes[Int(slot)] = Hole(start: start, end: end, next: head)
        head = slot
        return true
    }

    /// Takes [start, end) out of the gaps and returns how many of its bytes had been missing.
    mutating func fill(_ start: UInt32, _ end: UInt32, in head: inout UInt32) -> UInt32 {
        var filled: UInt32 = 0
        var length = 0
        // At most one gap can lie on both sides of what is seen now.
        var split: (gap: UInt32, rest: Hole)?
        var previous: UInt32 = 0
        var position = head
        while position != 0 {
            length += 1
            let hole = holes[Int(position)]
            let from = Self.later(start, hole.start)
            let to = Self.earlier(end, hole.end)
            guard Int32(bitPattern: to &- from) > 0 else {
                previous = position
                position = hole.next
                continue
            }
            filled &+= to &- from
            if from == hole.start && to == hole.end {
                if previous == 0 { head = hole.next } else { holes[Int(previous)].next = hole.next }
                release(position)
                position = hole.next
                continue
            }
            if from == hole.start {
                holes[Int(position)].start = to
            } else {
                holes[Int(position)].end = from
                if to != hole.end { split = (position, Hole(start: to, end: hole.end, next: hole.next)) }
            }
            previous = position
            position = hole.next
        }
        guard let split else { return filled }
        if length < Self.limitPerDirection, let rest = take() {
            holes[Int(rest)] = split.rest
            holes[Int(split.gap)].next = rest
        } else {
            refused &+= 1
        }
        return filled
    }

    /// Gives the whole list back and returns how many bytes were still missing.
    mutating func clear(_ head: inout UInt32) -> UInt64 {
        let missing = missingBytes(head)
        while head != 0 {
            let next = holes[Int(head)].next
            release(head)
            head = next
        }
        return missing
    }

    func missingBytes(_ head: UInt32) -> UInt64 {
        var missing: UInt64 = 0
        var position = head
        while position != 0 {
            missing &+= UInt64(holes[Int(position)].end &- holes[Int(position)].start)
            position = holes[Int(position)].next
        }
        return missing
    }

    /// The first gap of the list with bytes in [`start`, `end`), cut to them.
    func firstGap(_ head: UInt32, from start: UInt32, to end: UInt32) -> (start: UInt32, end: UInt32)? {
        // Distances from `start`, so that gaps of long ago are not taken for coming ones.
        let limit = Int(end &- start)
        var first: (start: Int, end: Int)?
        var position = head
        while position != 0 {
            let hole = holes[Int(position)]
            let from = Int(Int32(bitPattern: hole.start &- start))
            let to = min(from + Int(hole.end &- hole.start), limit)
            if max(from, 0) < to, first.map({ max(from, 0) < $0.start }) ?? true { first = (max(from, 0), to) }
            position = hole.next
        }
        return first.map { first in
            (start &+ UInt32(truncatingIfNeeded: first.start), start &+ UInt32(truncatingIfNeeded: first.end))
        }
    }

    /// Gaps of which something lies between `floor` and `top`.
    func count(from floor: UInt32, to top: UInt32, in head: UInt32) -> UInt32 {
        var count: UInt32 = 0
        var position = head
        while position != 0 {
            let hole = holes[Int(position)]
            let reach = Self.earlier(top, hole.end) &- Self.later(floor, hole.start)
            if Int32(bitPattern: reach) > 0 { count &+= 1 }
            position = hole.next
        }
        return count
    }

    private mutating func take() -> UInt32? {
        if free != 0 {
            let slot = free
            free = holes[Int(slot)].next
            count += 1
            peak = max(peak, count)
            return slot
        }
        guard Int(highWater) <= capacity else { return nil }
        highWater &+= 1
        count += 1
        peak = max(peak, count)
        return highWater &- 1
    }

    private mutating func release(_ slot: UInt32) {
        holes[Int(slot)].next = free
        free = slot
        count -= 1
    }

    /// The later and the earlier of two sequence numbers, modulo 2^32 (RFC 9293 §3.4).
    private static func later(_ left: UInt32, _ right: UInt32) -> UInt32 {
        Int32(bitPattern: left &- right) > 0 ? left : right
    }
    private static func earlier(_ left: UInt32, _ right: UInt32) -> UInt32 {
        Int32(bitPattern: left &- right) < 0 ? left : right
    }
}
