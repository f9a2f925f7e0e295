import Model

/// What ``SegmentAnalysis`` remembers of a connection on which something stood out, beyond the flow's two records.
struct Deviation: BitwiseCopyable {
    var sides = InlineArray<2, SideDeviation>(repeating: SideDeviation())
}

/// One direction's part.
struct SideDeviation: BitwiseCopyable {
    var course = Course(at: 0)
    var counts = TCPAnalysis()
    /// What Zeek's history counts by its own rules: repetitions, windows of zero, gaps.
    var repetitions: UInt32 = 0
    var zeroWindows: UInt32 = 0
    var gaps: UInt32 = 0
    /// Gaps before this sequence number are told already, once ``tellsGaps``.
    var gapFloor: UInt32 = 0
    var tellsGaps = false
    /// The longest payload that was sent again.
    var longestRepetition: UInt32 = 0
    var closedWindow = ClosedWindow()

    /// How long the direction's sender offered no window, nanoseconds.
    struct ClosedWindow: BitwiseCopyable {
        /// Since when it offers none; 0 while it does.
        private var since: Int64 = 0
        /// All times that are over.
        private var total: Int64 = 0

        var isNow: Bool { since != 0 }

        mutating func note(isClosed: Bool, at time: Int64) {
            if isClosed {
                if since == 0 { since = TCPTracker.mark(time) }
            } else if since != 0 {
                total = span(until: time)
                since = 0
            }
        }

        func span(until time: Int64) -> Int64 {
            guard since != 0, time > since else { return total }
            let (sum, overflow) = total.addingReportingOverflow(
                (Timestamp(nanoseconds: time) - Timestamp(nanoseconds: since)).nanoseconds)
            return overflow ? .max : sum
        }
    }

    /// Where a direction stands by Wireshark's reckoning. Of one on which all is in order, the flow tells the same.
    struct Course: BitwiseCopyable, Equatable {
        /// Follows the highest sequence number seen, a probe of a closed window not counted.
        var next: UInt32
        /// Follows the last byte up to which nothing is missing, roughly: an ACK beyond is for something not seen.
        var limit: UInt32
        /// Duplicate ACKs in a row; -1 after an ACK of something not seen.
        var duplicates: Int32 = 0
        var last = Kind.ordinary
        /// When the last segment was sent, nanoseconds; kept only while something is out of line.
        var lastTime: Int64 = 0

        enum Kind: UInt8, BitwiseCopyable { case ordinary, keepAlive, zeroWindowProbe }

        init(at next: UInt32) {
            self.next = next
            limit = next
        }

        /// Nothing but `next` needs to be known of it.
        func isInOrder(at next: UInt32) -> Bool {
            self.next == next && limit == next && duplicates == 0 && last == .ordinary
        }
    }
}

/// Deviations by number, from a pool; 0 is none. When it is full a connection's segments are no longer analysed.
struct DeviationTable: ~Copyable {
    private var deviations: Slab<Deviation>
    private let capacity: Int
    private var free: [UInt32] = []
    private var highWater = 1
    private(set) var peak = 0
    private(set) var refused: UInt64 = 0

    init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 28))
        deviations = Slab(capacity: self.capacity + 1)
    }

    var count: Int { highWater - 1 - free.count }

    var summary: TableSummary {
        TableSummary(name: "tcp_analysis", count: count, peak: peak, capacity: capacity, evictions: refused)
    }

    subscript(_ number: UInt32) -> Deviation {
        @inline(__always) _read { yield deviations[Int(number)] }
        @inline(__always) _modify { yield &deviations[Int(number)] }
    }

    /// A fresh one, or `.max` when there is no room.
    mutating func take() -> UInt32 {
        var number: UInt32 = 0
        if let last = free.popLast() {
            number = last
        } else if highWater <= capacity {
            number = UInt32(truncatingIfNeeded: highWater)
            highWater += 1
        } else {
            refused &+= 1
            return .max
        }
        deviations[Int(number)] = Deviation()
        peak = max(peak, count)
        return number
    }

    mutating func release(_ number: UInt32) {
        if number != 0 && number != .max { free.append(number) }
    }
}
