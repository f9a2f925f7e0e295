import Model

extension TableSummary {
    /// A ring, of which an entry goes only when a newer one takes its place.
    init(ring name: String, written: UInt64, capacity: Int) {
        let count = Int(min(written, UInt64(capacity)))
        self.init(name: name, count: count, peak: count, capacity: capacity, evictions: written - UInt64(count))
    }
}
