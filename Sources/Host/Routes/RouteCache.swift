import Model

/// Answers about routes, for as long as nothing was heard that could make them wrong: a pure value. When it is full all
/// go.
struct RouteCache {
    private var entries: [RouteQuestion: Entry] = [:]
    /// Of what the answers are true.
    private var version: UInt64 = 0
    private var peak = 0
    private var evictions: UInt64 = 0

    static let capacity = 8192
    /// The MTU of a path is learnt without any event.
    private static let lifetime = TimeSpan.seconds(2)

    private struct Entry {
        var report: RouteReport
        var time: Timestamp
    }

    mutating func report(_ question: RouteQuestion, version: UInt64, at now: Timestamp) -> RouteReport? {
        if version != self.version {
            entries.removeAll(keepingCapacity: true)
            self.version = version
        }
        guard let entry = entries[question], now - entry.time < Self.lifetime, entry.time <= now else { return nil }
        return entry.report
    }

    mutating func keep(_ report: RouteReport, for question: RouteQuestion, at now: Timestamp) {
        if entries.count >= Self.capacity, entries[question] == nil {
            evictions &+= UInt64(entries.count)
            entries.removeAll(keepingCapacity: true)
        }
        entries[question] = Entry(report: report, time: now)
        peak = max(peak, entries.count)
    }

    var summary: TableSummary {
        TableSummary(
            name: "route_answers", count: entries.count, peak: peak, capacity: Self.capacity, evictions: evictions)
    }
}
