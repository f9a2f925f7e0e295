import CLinux
import Model

/// What conntrack could not do, since the host started: sums over all processors (`enum ctattr_stats_cpu`).
struct ConntrackStatistics: Equatable {
    /// Entries that could not be put in: two packets raced for one tuple.
    private(set) var insertFailed: UInt64 = 0
    /// Packets dropped: no entry could be made for them.
    private(set) var dropped: UInt64 = 0
    /// Entries that had to go to make room.
    private(set) var earlyDropped: UInt64 = 0
    /// Packets that belong to no connection or make no sense in theirs.
    private(set) var invalid: UInt64 = 0

    /// The counters were read after this and before ``heard``.
    let asked: Timestamp
    var heard: Timestamp

    init(asked: Timestamp) {
        self.asked = asked
        heard = asked
    }

    /// One processor's message.
    mutating func add(_ payload: KernelBytes) {
        for (type, value) in NetlinkAttributes(payload.dropping(MemoryLayout<nfgenmsg>.size)) {
            let count = UInt64(value.bigEndian(UInt32.self) ?? 0)
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_STATS_INSERT_FAILED.rawValue: insertFailed &+= count
            case CTA_STATS_DROP.rawValue: dropped &+= count
            case CTA_STATS_EARLY_DROP.rawValue: earlyDropped &+= count
            case CTA_STATS_INVALID.rawValue: invalid &+= count
            default: continue
            }
        }
    }
}

/// Packets dropped for want of room, as news of what came since the last look.
///
/// One whose tuple was taken is counted as dropped too (`nf_ct_resolve_clash`, net/netfilter/nf_conntrack_core.c), and as a
/// failed insert besides: as many are left out.
struct RefusedPackets {
    private var known: ConntrackStatistics?

    /// `nil` when there is nothing new, and when the table has room: then they were dropped for another reason.
    mutating func news(_ statistics: ConntrackStatistics, _ room: ConntrackRoom) -> Fact? {
        defer { known = statistics }
        guard let known, let tracked = room.count, let limit = room.limit, room.isNearlyFull else { return nil }
        let dropped = statistics.dropped - min(known.dropped, statistics.dropped)
        let clashes = statistics.insertFailed - min(known.insertFailed, statistics.insertFailed)
        guard dropped > clashes else { return nil }
        return Fact(
            time: statistics.heard,
            body: .insertsRefused(
                RefusedInserts(
                    count: dropped - clashes, since: known.asked, until: statistics.heard, tracked: tracked,
                    limit: limit)))
    }
}

/// Failed inserts, as news of what came since the last look.
struct FailedInserts {
    private var known: ConntrackStatistics?

    /// `nil` when there is nothing new: at the first look, and after the counters were begun anew.
    mutating func news(_ statistics: ConntrackStatistics) -> Fact? {
        defer { known = statistics }
        guard let known, statistics.insertFailed > known.insertFailed else { return nil }
        return Fact(
            time: statistics.heard,
            body: .insertsFailed(statistics.insertFailed - known.insertFailed, since: known.asked))
    }
}
