import Logging
import Model

/// Keeps one cause from filling the log: of what repeats, the first few are written as they come, the others are counted,
/// and the count is written a minute later.
///
///     link down, link down, link down, (link down × 47)  ──a minute──▶  "47 more times in the last minute: link down"
struct LogFolding {
    /// Written as they come, in a window.
    static let first = 3
    static let window = TimeSpan.seconds(60)
    /// Different messages that are counted at once; beyond that each is written as it comes.
    static let capacity = 256

    private struct Key: Hashable {
        var level: Logger.Level
        var message: String
    }

    private struct Count {
        var began: Timestamp
        var written = 1
        var folded = 0
        var fields: [String: String]
    }

    private var counts: [Key: Count] = [:]

    /// - Parameter now: by a clock that is never set back.
    /// - Returns: what is to be written now.
    mutating func take(_ entry: DaemonLog.Entry, at now: Timestamp) -> [DaemonLog.Entry] {
        let due = due(at: now)
        // Whoever asks for details wants each.
        guard entry.level > .debug else { return due + [entry] }
        let key = Key(level: entry.level, message: entry.message)
        guard var count = counts[key] else {
            if counts.count < Self.capacity { counts[key] = Count(began: now, fields: entry.fields) }
            return due + [entry]
        }
        let isFolded = count.written >= Self.first
        if isFolded { count.folded += 1 } else { count.written += 1 }
        counts[key] = count
        return isFolded ? due : due + [entry]
    }

    /// The counts whose minute is over.
    mutating func due(at now: Timestamp) -> [DaemonLog.Entry] {
        let over = counts.filter { now - $0.value.began >= Self.window }
        for key in over.keys { counts[key] = nil }
        return over.filter { $0.value.folded > 0 }.sorted { $0.value.began < $1.value.began }.map { key, count in
            let times = count.folded == 1 ? "once more" : "\(count.folded) more times"
            return DaemonLog.Entry(
                level: key.level, message: "\(times) in the last minute: \(key.message)",
                fields: count.fields.merging(["repeated": "\(count.folded)"]) { $1 })
        }
    }
}
