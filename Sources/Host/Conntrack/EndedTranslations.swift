import Model

/// Translations that ended lately: the last ``capacity``, the oldest goes first.
struct EndedTranslations {
    private var ring: [TranslationState] = []
    private var cursor = 0
    private(set) var total: UInt64 = 0

    static let capacity = 4096

    mutating func append(_ translation: TranslationState) {
        total &+= 1
        if ring.count < Self.capacity {
            ring.append(translation)
        } else {
            ring[cursor] = translation
            cursor = (cursor + 1) % Self.capacity
        }
    }

    var summary: TableSummary {
        TableSummary(
            name: "ended_translations", count: ring.count, peak: ring.count, capacity: Self.capacity,
            evictions: total - UInt64(ring.count))
    }

    /// The oldest first.
    var all: [TranslationState] { Array(ring[cursor...] + ring[..<cursor]) }
}
