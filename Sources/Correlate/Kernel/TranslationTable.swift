import Model

/// Translations that the kernel told of lately, for requests and legs that begin after they were told.
///
/// Found by what came or by what left, in either direction. A ring: when it is full, the oldest goes.
struct TranslationTable: ~Copyable {
    private var entries: [Translation] = []
    private var originals: [FlowTuple: Int] = [:]
    private var results: [FlowTuple: Int] = [:]
    private var cursor = 0
    private let capacity: Int
    private var evictions: UInt64 = 0

    /// The first packet passes a little before the kernel tells of its mapping; and clocks are read apart.
    static let slack = TimeSpan.seconds(1)
    /// A packet that is this much later than the end of a mapping did not go through it.
    static let endSlack = TimeSpan.milliseconds(50)

    init(capacity: Int) { self.capacity = max(1, capacity) }

    var isEmpty: Bool { entries.isEmpty }

    var summary: TableSummary {
        TableSummary(
            name: "translations", count: entries.count, peak: entries.count, capacity: capacity, evictions: evictions)
    }

    mutating func keep(_ translation: Translation) {
        let original = Self.key(translation.original)
        if let slot = originals[original], entries[slot].reply == translation.reply {
            let began = entries[slot].began
            entries[slot] = translation
            if translation.began == nil { entries[slot].began = began }
            return
        }
        // Nothing new will begin on a mapping that is over.
        guard translation.ended == nil else { return }
        let slot: Int
        if entries.count < capacity {
            slot = entries.count
            entries.append(translation)
        } else {
            slot = cursor
            cursor = (cursor + 1) % capacity
            evictions &+= 1
            forget(slot)
            entries[slot] = translation
        }
        originals[original] = slot
        for result in translation.results { results[Self.key(result)] = slot }
    }

    /// What the kernel told may be out of date: its news were lost.
    mutating func removeAll() {
        entries.removeAll()
        originals.removeAll()
        results.removeAll()
        cursor = 0
    }

    /// The translation in force at `time` of what came as `tuple`.
    func translation(ofOriginal tuple: FlowTuple, at time: Timestamp) -> Translation? {
        inForce(originals[Self.key(tuple)], at: time)
    }

    /// The translation in force at `time` that left as `tuple`.
    func translation(ofResult tuple: FlowTuple, at time: Timestamp) -> Translation? {
        inForce(results[Self.key(tuple)], at: time)
    }

    private func inForce(_ slot: Int?, at time: Timestamp) -> Translation? {
        guard let slot else { return nil }
        let entry = entries[slot]
        if let began = entry.began, time < began - Self.slack { return nil }
        if let ended = entry.ended, time > ended + Self.endSlack { return nil }
        return entry
    }

    private mutating func forget(_ slot: Int) {
        let original = Self.key(entries[slot].original)
        if originals[original] == slot { originals[original] = nil }
        for result in entries[slot].results.map(Self.key) where results[result] == slot { results[result] = nil }
    }

    /// The same for both directions.
    private static func key(_ tuple: FlowTuple) -> FlowTuple {
        let isForward =
            tuple.source.address != tuple.destination.address
            ? tuple.source.address < tuple.destination.address : tuple.source.port <= tuple.destination.port
        return isForward ? tuple : tuple.reversed
    }
}
