import Model

/// Finds, in what threads do, the attempts of which no packet came: a pure value.
///
/// A connect looks for a way before the socket comes to SYN-SENT. Lookups go from table to
/// table, so one that finds nothing is no failure: only when all of a thread's lookups for one destination failed and
/// neither a way nor SYN-SENT followed was nothing sent.
///
///     lookup failed ──▶ pending ──way found, SYN-SENT──▶ forgotten
///                          └──────patience is over──────▶ attempt
///     SYN-SENT ──closed without a port─────────────────▶ attempt
struct UnsentFinder {
    private var pending: [Key: UnsentAttempt] = [:]
    private var found: [UnsentAttempt] = []
    private var forgotten: UInt64 = 0
    private var peak = 0

    /// Lookups under way at once; more are not followed, and counted.
    static let capacity = 1024
    /// Threads may be moved to another processor in the middle, whose records are read a little later.
    static let patience = TimeSpan.milliseconds(60)
    private static let errorLimit = 16

    private struct Key: Hashable {
        var thread: Int32
        var transport: TransportProtocol
        var destination: Endpoint
    }

    mutating func learn(_ event: KernelEvent) {
        switch event.body {
        case .lookupFailed(let tuple, let error):
            let key = key(event, tuple)
            guard pending[key] != nil || pending.count < Self.capacity else {
                forgotten &+= 1
                return
            }
            var attempt = pending[key] ?? UnsentAttempt(time: event.time, pid: event.pid, tuple: tuple)
            if attempt.errors.count < Self.errorLimit { attempt.errors.append(error) }
            pending[key] = attempt
            peak = max(peak, pending.count)
        case .routed(let tuple), .connecting(_, let tuple): pending[key(event, tuple)] = nil
        case .noPort(let tuple):
            guard found.count < Self.capacity else {
                forgotten &+= 1
                return
            }
            found.append(UnsentAttempt(time: event.time, pid: event.pid, tuple: tuple))
        // What cancels an attempt may be among them.
        case .lost: pending.removeAll()
        case .settled, .abandoned, .held, .forked, .named, .executed, .exited: break
        }
    }

    private func key(_ event: KernelEvent, _ tuple: FlowTuple) -> Key {
        Key(thread: event.thread, transport: tuple.transport, destination: tuple.destination)
    }

    /// What is certain by now, in the order of time.
    mutating func take(at now: Timestamp) -> [UnsentAttempt] {
        guard !pending.isEmpty || !found.isEmpty else { return [] }
        for (key, attempt) in pending where now - attempt.time >= Self.patience {
            found.append(attempt)
            pending[key] = nil
        }
        defer { found.removeAll() }
        return found.sorted { $0.time < $1.time }
    }

    /// When something will be certain, though no event may come.
    var due: Timestamp? { pending.values.map(\.time).min().map { $0 + Self.patience } }

    var summary: TableSummary {
        TableSummary(
            name: "unsent_attempts", count: pending.count, peak: peak, capacity: Self.capacity, evictions: forgotten)
    }
}

/// A thread's attempt to send that came to nothing.
struct UnsentAttempt: Equatable {
    var time: Timestamp
    var pid: Int32
    /// The source may not have been chosen yet.
    var tuple: FlowTuple
    /// What the lookups said, negative errnos; empty when it was for want of a port.
    var errors: [Int32] = []
    var process: Process?
}
