import Model

/// Conntrack's entries as last heard, found by either of their tuples in either direction.
///
/// Packed: one array of plain values, one index. Each tuple of an entry has its place in the index, under a hash that
/// does not depend on the direction (so both tuples of an entry that is not translated have one place); what has the same
/// hash is chained. Holds at most 262,144 entries: a new one
/// beyond that is not taken in, and counted.
struct ConntrackTable {
    private var records: [Record] = []
    /// Hash of a tuple to the first end in its chain.
    private var index: [UInt64: End] = [:]
    private var free: [UInt32] = []
    private(set) var count = 0
    private(set) var peak = 0
    private(set) var refused: UInt64 = 0
    /// Whether an entry of a zone was ever heard of: there the same tuple may be several connections.
    private(set) var hasZones = false
    /// How many are translated.
    private(set) var translatedCount = 0
    /// Raised by each dump; what a dump did not renew is gone.
    private var generation: UInt32 = 0
    /// Of the entry that was put in last.
    private(set) var serial: UInt64 = 0

    private let capacity: Int

    init(capacity: Int = 1 << 18) { self.capacity = capacity }

    /// A record's slot and which of its tuples: 0 the original, 1 the reply.
    private struct End: Hashable, BitwiseCopyable {
        var packed: UInt32

        init(_ slot: Int, _ side: Int) { packed = UInt32(truncatingIfNeeded: slot << 1 | side) }

        var slot: Int { Int(packed >> 1) }
        var side: Int { Int(packed & 1) }
    }

    private struct Record: BitwiseCopyable {
        var entry: ConntrackEntry
        /// The next end with the same hash, for each of its two.
        var next = InlineArray<2, End?>(repeating: nil)
        var generation: UInt32
        var serial: UInt64
        /// Last heard of.
        var heard: Timestamp
        var isUsed = true
    }

    /// What became of an entry that was heard of.
    enum Change: Equatable {
        case none
        /// It is new, or its tuples are others than before.
        case added
        case refused
    }

    /// What it does not have was not heard of. With entries that found no place, absence says nothing.
    var isComplete: Bool { refused == 0 }

    var summary: TableSummary {
        TableSummary(name: "conntrack", count: count, peak: peak, capacity: capacity, evictions: refused)
    }

    // MARK: - Changes

    mutating func apply(_ entry: ConntrackEntry, at now: Timestamp) -> Change {
        if let slot = find(entry) {
            let began = records[slot].entry.began
            records[slot].entry = entry
            if entry.began == nil { records[slot].entry.began = began }
            records[slot].generation = generation
            records[slot].heard = now
            return .none
        }
        if entry.zone != 0 { hasZones = true }
        guard count < capacity else {
            refused &+= 1
            return .refused
        }
        serial &+= 1
        let record = Record(entry: entry, generation: generation, serial: serial, heard: now)
        let slot: Int
        if let number = free.popLast() {
            slot = Int(number)
            records[slot] = record
        } else {
            slot = records.count
            records.append(record)
        }
        count += 1
        peak = max(peak, count)
        link(slot, 0)
        guard entry.isTranslated else { return .added }
        translatedCount += 1
        link(slot, 1)
        return .added
    }

    /// Takes an entry out, and gives it back as it was last heard of, with its serial.
    mutating func remove(_ entry: ConntrackEntry) -> (entry: ConntrackEntry, serial: UInt64)? {
        guard let slot = find(entry) else { return nil }
        defer { remove(slot) }
        return (records[slot].entry, records[slot].serial)
    }

    /// What is heard from now on is what a dump says, or an event after it.
    mutating func beginDump() { generation &+= 1 }

    /// Drops what the dump did not mention; `gone` hears of each that was translated.
    mutating func endDump(_ gone: (ConntrackEntry, _ serial: UInt64) -> Void) {
        for slot in records.indices where records[slot].isUsed && records[slot].generation != generation {
            if records[slot].entry.isTranslated { gone(records[slot].entry, records[slot].serial) }
            remove(slot)
        }
    }

    private mutating func remove(_ slot: Int) {
        unlink(slot, 0)
        if records[slot].entry.isTranslated {
            unlink(slot, 1)
            translatedCount -= 1
        }
        records[slot].isUsed = false
        free.append(UInt32(truncatingIfNeeded: slot))
        count -= 1
    }

    // MARK: - Looking up

    /// The entry that `tuple` belongs to, as what came or what left, in either direction.
    ///
    /// Zones may have the same tuple with another meaning: then nobody can say which is meant, and it is `nil`.
    func entry(of tuple: FlowTuple) -> (entry: ConntrackEntry, isAmbiguous: Bool)? {
        var found: ConntrackEntry?
        var isAmbiguous = false
        var end = index[Self.hash(tuple)]
        while let current = end {
            let entry = records[current.slot].entry
            end = records[current.slot].next[current.side]
            let own = current.side == 0 ? entry.original : entry.reply
            guard own == tuple || own == tuple.reversed else { continue }
            if let found, found.original != entry.original || found.reply != entry.reply { isAmbiguous = true }
            found = entry
        }
        return found.map { ($0, isAmbiguous) }
    }

    /// Every entry that is translated, its serial, and when it was last heard of.
    func forEachTranslated(_ body: (ConntrackEntry, UInt64, Timestamp) -> Void) {
        for record in records where record.isUsed && record.entry.isTranslated {
            body(record.entry, record.serial, record.heard)
        }
    }

    private func find(_ entry: ConntrackEntry) -> Int? {
        var end = index[Self.hash(entry.original)]
        while let current = end {
            let known = records[current.slot].entry
            if current.side == 0, known.original == entry.original, known.reply == entry.reply,
                known.zone == entry.zone
            {
                return current.slot
            }
            end = records[current.slot].next[current.side]
        }
        return nil
    }

    private func tuple(_ slot: Int, _ side: Int) -> FlowTuple {
        side == 0 ? records[slot].entry.original : records[slot].entry.reply
    }

    private mutating func link(_ slot: Int, _ side: Int) {
        let hash = Self.hash(tuple(slot, side))
        records[slot].next[side] = index.updateValue(End(slot, side), forKey: hash)
    }

    private mutating func unlink(_ slot: Int, _ side: Int) {
        let hash = Self.hash(tuple(slot, side))
        let own = End(slot, side)
        let after = records[slot].next[side]
        guard var end = index[hash] else { return }
        if end == own {
            index[hash] = after
            return
        }
        while let next = records[end.slot].next[end.side] {
            if next == own {
                records[end.slot].next[end.side] = after
                return
            }
            end = next
        }
    }

    /// The same for both directions; keyed by the process, so that nobody outside can choose tuples that collide.
    private static func hash(_ tuple: FlowTuple) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(tuple.transport)
        let isForward =
            tuple.source.address != tuple.destination.address
            ? tuple.source.address < tuple.destination.address : tuple.source.port < tuple.destination.port
        hasher.combine(isForward ? tuple.source : tuple.destination)
        hasher.combine(isForward ? tuple.destination : tuple.source)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
