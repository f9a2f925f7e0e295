import Model

/// How full the kernel's own table is, and whether it had to turn packets away.
struct ConntrackRoom: Equatable {
    private(set) var count: Int?
    private(set) var limit: Int?
    private(set) var statistics = ConntrackStatistics()
    /// As they were at the first look: what is older is not news.
    private var first: ConntrackStatistics?

    /// From this share of the limit on it is worth a word.
    private static let fullFrom = 0.9

    mutating func look(_ latest: ConntrackStatistics) {
        count = Self.number("nf_conntrack_count")
        limit = Self.number("nf_conntrack_max")
        statistics = latest
    }

    private static func number(_ name: String) -> Int? {
        ProcFile.text(of: "/proc/sys/net/netfilter/\(name)").flatMap { text in
            Int(text.prefix { $0.isNumber })
        }
    }

    /// Why requests may fail here; `nil` when all is well.
    var trouble: String? {
        guard let count, let limit, limit > 0, Double(count) >= Double(limit) * Self.fullFrom else { return nil }
        return "conntrack's table is nearly full: \(count) of \(limit) (net.netfilter.nf_conntrack_max)"
    }
}
