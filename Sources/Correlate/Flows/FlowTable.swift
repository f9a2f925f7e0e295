import Model

/// All requests that are followed: hot and cold halves at the same slot, found by tuple.
///
/// The cap is fixed. When it is reached, the oldest request that never had an answer goes first (a flood of SYNs
/// must not push out connections that work), then the longest idle of the next few slots.
struct FlowTable: ~Copyable {
    var hot: Slab<Flow>
    var cold: Slab<FlowDetail>
    private var index = HashIndex(minimumCapacity: 1 << 12)
    private let capacity: Int
    private var freeSlots: [UInt32] = []
    /// Slots from here on were never used; 0 is no slot.
    private(set) var highWater = 1
    private var sweepCursor = 0
    /// Requests without an answer, by generation.
    private var unanswered: ArrivalQueue
    private var generation: UInt32 = 0
    /// Every new detail, made once.
    private let blank = FlowDetail()

    private(set) var peak = 0
    private(set) var evictions: UInt64 = 0

    init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 30))
        hot = Slab(capacity: self.capacity + 1)
        cold = Slab(capacity: self.capacity + 1)
        unanswered = ArrivalQueue(capacity: self.capacity)
    }

    var count: Int { index.count }

    var summary: TableSummary {
        TableSummary(name: "requests", count: count, peak: peak, capacity: capacity, evictions: evictions)
    }

    @inline(__always)
    func find(_ key: FlowKey, hash: UInt32) -> Int? {
        index.find(hash) { key.matches(hot[$0]) }
    }

    /// Whether ``insert(_:hash:at:)`` would first have to make room.
    var isFull: Bool { freeSlots.isEmpty && highWater > capacity }

    /// Takes a slot for `key`; the table must not be full.
    mutating func insert(_ key: FlowKey, hash: UInt32, at time: Int64) -> Int {
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
        } else {
            slot = highWater
            highWater &+= 1
        }
        generation &+= 1
        hot[slot] = Flow()
        hot[slot].lowHigh = key.lowHigh
        hot[slot].lowLow = key.lowLow
        hot[slot].highHigh = key.highHigh
        hot[slot].highLow = key.highLow
        hot[slot].lowPort = key.lowPort
        hot[slot].highPort = key.highPort
        hot[slot].protocolNumber = key.protocolNumber
        hot[slot].version = key.version
        hot[slot].hash = hash
        hot[slot].last = time
        cold[slot] = blank
        cold[slot].generation = generation
        cold[slot].first = time
        index.insert(hash, slot: slot)
        peak = max(peak, index.count)
        if unanswered.wantsClearing { clearUnanswered() }
        unanswered.append(ArrivalQueue.Entry(serial: generation, slot: UInt32(truncatingIfNeeded: slot)))
        return slot
    }

    mutating func remove(_ slot: Int) {
        index.remove(hot[slot].hash, slot: slot)
        hot[slot] = Flow()
        cold[slot].generation = 0
        freeSlots.append(UInt32(truncatingIfNeeded: slot))
    }

    /// The request that has to go when there is no room, by the rule above.
    mutating func victim() -> Int {
        evictions &+= 1
        while let entry = unanswered.removeFirst() {
            if isUnanswered(entry) { return Int(entry.slot) }
        }
        var oldest = nextSlot()
        for _ in 0..<63 {
            let other = nextSlot()
            if hot[other].isUsed && (!hot[oldest].isUsed || hot[other].last < hot[oldest].last) { oldest = other }
        }
        return oldest
    }

    private func isUnanswered(_ entry: ArrivalQueue.Entry) -> Bool {
        cold[Int(entry.slot)].generation == entry.serial && hot[Int(entry.slot)].isUnanswered
    }

    @inline(never)
    private mutating func clearUnanswered() {
        for _ in 0..<unanswered.count {
            if let entry = unanswered.removeFirst(), isUnanswered(entry) { unanswered.append(entry) }
        }
        unanswered.growIfCrowded()
    }

    /// The slots in turn, used or not: one a packet keeps time-outs coming without a timer structure.
    @inline(__always)
    mutating func nextSlot() -> Int {
        sweepCursor &+= 1
        if sweepCursor >= highWater { sweepCursor = 1 }
        return min(sweepCursor, capacity)
    }
}

extension Flow {
    /// Nothing has come back yet.
    @inline(__always)
    var isUnanswered: Bool { phase == .unanswered || (phase == .datagrams && segments[1] == 0) }
}
