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

    /// They were told at least once.
    private(set) var isKnown = false

    private var sums: [UInt64] = [0, 0, 0, 0]

    mutating func begin() { sums = [0, 0, 0, 0] }

    /// One processor's message.
    mutating func add(_ payload: KernelBytes) {
        for (type, value) in NetlinkAttributes(payload.dropping(MemoryLayout<nfgenmsg>.size)) {
            let position: Int
            switch UInt32(truncatingIfNeeded: type) {
            case CTA_STATS_INSERT_FAILED.rawValue: position = 0
            case CTA_STATS_DROP.rawValue: position = 1
            case CTA_STATS_EARLY_DROP.rawValue: position = 2
            case CTA_STATS_INVALID.rawValue: position = 3
            default: continue
            }
            sums[position] &+= UInt64(value.bigEndian(UInt32.self) ?? 0)
        }
    }

    mutating func finish() {
        insertFailed = sums[0]
        dropped = sums[1]
        earlyDropped = sums[2]
        invalid = sums[3]
        isKnown = true
    }
}

/// Packets dropped for want of room, as news of what came since the last look.
struct RefusedPackets {
    private var known: (count: UInt64, time: Timestamp)?

    /// `nil` when there is nothing new, and when the table has room: then they were dropped for another reason.
    mutating func news(_ statistics: ConntrackStatistics, _ room: ConntrackRoom, at now: Timestamp) -> Fact? {
        guard statistics.isKnown else { return nil }
        defer { known = (statistics.dropped, now) }
        guard let known, statistics.dropped > known.count, let tracked = room.count, let limit = room.limit,
            room.isNearlyFull
        else { return nil }
        return Fact(
            time: now,
            body: .insertsRefused(
                RefusedInserts(
                    count: statistics.dropped - known.count, since: known.time, tracked: tracked, limit: limit)))
    }
}

/// Failed inserts, as news of what came since the last look.
struct FailedInserts {
    private var known: (count: UInt64, time: Timestamp)?

    /// `nil` when there is nothing new: at the first look, and after the counters were begun anew.
    mutating func news(_ statistics: ConntrackStatistics, at now: Timestamp) -> Fact? {
        guard statistics.isKnown else { return nil }
        defer { known = (statistics.insertFailed, now) }
        guard let known, statistics.insertFailed > known.count else { return nil }
        return Fact(time: now, body: .insertsFailed(statistics.insertFailed - known.count, since: known.time))
    }
}
