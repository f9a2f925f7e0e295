/// The history on disk: a part of the daemon's status. Absent where nothing goes to disk.
package struct HistoryStatus: Sendable, Equatable, Decodable {
    package var directory: String
    package var state: State
    /// Why nothing is written, in one sentence.
    package var trouble: String?
    /// Of the file, and what it may grow to with its log.
    package var bytes: UInt64
    package var limitBytes: UInt64
    package var keepDays: Int
    /// When the oldest record ended.
    package var oldest: Time?
    package var requests: UInt64
    package var lookups: UInt64
    package var neighbours: UInt64
    package var leases: UInt64
    package var icmpErrors: UInt64
    /// Records that wait to be written.
    package var waiting: UInt64
    /// Since the daemon started, as all that follows.
    package var written: UInt64
    /// Records that never came to disk, for want of room in the queue before it.
    package var lost: UInt64
    /// How many of those were requests that nobody answered, which go first.
    package var lostUnanswered: UInt64
    /// Dropped from disk, the oldest first.
    package var droppedForSize: UInt64
    package var droppedForAge: UInt64
    /// Damaged files, under the names that they have now.
    package var setAside: [String]

    package enum State: String, Sendable, Decodable, CaseIterable {
        case writing
        /// What was recorded can be read, and nothing is added.
        case reading
        /// Nothing on disk can be used.
        case unavailable
    }

    private enum CodingKeys: String, CodingKey {
        case directory, state, trouble, bytes, oldest, requests, lookups, neighbours, leases, waiting, written, lost
        case limitBytes = "limit_bytes"
        case keepDays = "keep_days"
        case icmpErrors = "icmp_errors"
        case lostUnanswered = "lost_unanswered"
        case droppedForSize = "dropped_for_size"
        case droppedForAge = "dropped_for_age"
        case setAside = "set_aside"
    }

    package init(
        directory: String, state: State, trouble: String?, bytes: UInt64, limitBytes: UInt64, keepDays: Int,
        oldest: Time?, requests: UInt64, lookups: UInt64, neighbours: UInt64, leases: UInt64, icmpErrors: UInt64,
        waiting: UInt64, written: UInt64, lost: UInt64, lostUnanswered: UInt64, droppedForSize: UInt64,
        droppedForAge: UInt64, setAside: [String]
    ) {
        self.directory = directory
        self.state = state
        self.trouble = trouble
        self.bytes = bytes
        self.limitBytes = limitBytes
        self.keepDays = keepDays
        self.oldest = oldest
        self.requests = requests
        self.lookups = lookups
        self.neighbours = neighbours
        self.leases = leases
        self.icmpErrors = icmpErrors
        self.waiting = waiting
        self.written = written
        self.lost = lost
        self.lostUnanswered = lostUnanswered
        self.droppedForSize = droppedForSize
        self.droppedForAge = droppedForAge
        self.setAside = setAside
    }
}

extension HistoryStatus: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("directory", directory)
        writer.field("state", state)
        writer.field("trouble", trouble)
        writer.field("bytes", bytes)
        writer.field("limit_bytes", limitBytes)
        writer.field("keep_days", keepDays)
        writer.field("oldest", oldest)
        writer.field("requests", requests)
        writer.field("lookups", lookups)
        writer.field("neighbours", neighbours)
        writer.field("leases", leases)
        writer.field("icmp_errors", icmpErrors)
        writer.field("waiting", waiting)
        writer.field("written", written)
        writer.field("lost", lost)
        writer.field("lost_unanswered", lostUnanswered)
        writer.field("dropped_for_size", droppedForSize)
        writer.field("dropped_for_age", droppedForAge)
        writer.field("set_aside", setAside)
        writer.endObject()
    }
}
