import Model

/// How full the kernel's own table is, and whether it had to turn packets away.
struct ConntrackRoom: Equatable {
    private(set) var count: Int?
    private(set) var limit: Int?
    private var latest = ConntrackStatistics(asked: .distantPast)
    /// As they were some minutes ago: what is older is not news.
    private var before: (time: Timestamp, statistics: ConntrackStatistics)?
    private var later: (time: Timestamp, statistics: ConntrackStatistics)?

    /// From this share of the limit on it is worth a word.
    private static let fullFrom = 0.9
    private static let interval = TimeSpan.seconds(60)

    mutating func look(_ statistics: ConntrackStatistics?, at now: Timestamp) {
        look(statistics, count: Self.number("nf_conntrack_count"), limit: Self.number("nf_conntrack_max"), at: now)
    }

    mutating func look(_ statistics: ConntrackStatistics?, count: Int?, limit: Int?, at now: Timestamp) {
        (self.count, self.limit) = (count, limit)
        guard let statistics else { return }
        latest = statistics
        guard let later, now >= later.time else {
            before = (now, statistics)
            self.later = (now, statistics)
            return
        }
        guard now - later.time >= Self.interval else { return }
        before = later
        self.later = (now, statistics)
    }

    static func number(_ name: String) -> Int? {
        ProcFile.text(of: "/proc/sys/net/netfilter/\(name)").flatMap { text in
            Int(text.prefix { $0.isNumber })
        }
    }

    var isNearlyFull: Bool {
        guard let count, let limit, limit > 0 else { return false }
        return Double(count) >= Double(limit) * Self.fullFrom
    }

    /// Why requests may fail here; `nil` when all is well.
    var trouble: String? {
        var sentences: [String] = []
        if isNearlyFull, let count, let limit {
            sentences.append(
                "conntrack's table is nearly full: \(count) of \(limit) (net.netfilter.nf_conntrack_max)")
        }
        if let before = before?.statistics {
            func add(_ now: UInt64, _ then: UInt64, _ what: String) {
                if now > then { sentences.append("\(now - then) \(what) lately") }
            }
            add(
                latest.insertFailed, before.insertFailed,
                "packets were dropped because another connection took their tuple first (insert_failed)")
            add(latest.dropped, before.dropped, "packets were dropped because no entry could be made for them (drop)")
            add(latest.earlyDropped, before.earlyDropped, "entries had to go to make room (early_drop)")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: "; ")
    }

    /// Packets that belonged to no connection that conntrack knows, or made no sense in theirs, lately. Scans and late
    /// retransmissions do that as well as answers after the end of a mapping: no trouble in itself.
    var strays: UInt64 {
        guard let before = before?.statistics, latest.invalid > before.invalid else { return 0 }
        return latest.invalid - before.invalid
    }

    static func == (left: ConntrackRoom, right: ConntrackRoom) -> Bool { left.trouble == right.trouble }
}
