import Model

/// The attempts of one request, in the order in which they began. Each has at least two connections, so there are fewer
/// than half as many races.
final class Race {
    var attempts: [Entry] = []
    /// Of those that still have a slot.
    var openCount = 0

    struct Entry {
        let slot: Int
        let generation: UInt32
        /// Nanoseconds.
        let began: Int64
        /// Once its slot is free: what is known of it.
        var result: Result?

        var isOpen: Bool { result == nil }
    }

    /// What an attempt came to.
    struct Result {
        /// Nanoseconds; 0 when it was never established.
        var established: Int64
        /// It carried payload, or the client kept it open.
        var isUsed: Bool
        /// Where records are kept.
        var attempt: ConnectAttempt?
    }
}
