import Model

/// Which QUIC handshakes are decrypted: the latest ones, and no more a second than a processor has time for. Garbage that
/// looks like a client's first packet costs key derivations, so their rate is capped by packet time.
struct HandshakeAdmission {
    private let capacity: Int
    private let perWindow: Int
    /// Handshakes in the order of their beginning, as slot and generation; those that are over are passed over.
    private var queue: [(slot: Int, generation: UInt32)] = []
    private var head = 0
    private var windowStart = Timestamp.distantPast
    private var begunInWindow = 0
    private(set) var count = 0
    private(set) var peak = 0
    /// Handshakes not read, or not to their end, for want of room or time.
    private(set) var refused: UInt64 = 0

    private static let window = TimeSpan.milliseconds(100)

    /// - Parameter perSecond: handshakes begun in a second of packet time.
    init(capacity: Int, perSecond: Int) {
        self.capacity = max(1, capacity)
        perWindow = max(1, perSecond / 10)
    }

    var summary: TableSummary {
        TableSummary(name: "quic_handshakes", count: count, peak: peak, capacity: capacity, evictions: refused)
    }

    enum Decision {
        case admitted
        /// After `oldest` has been let go.
        case full(slot: Int, generation: UInt32)
        case refused
    }

    /// Asks for room for one more; when `full` is the answer, the named handshake is over, whether it still was there
    /// or not, and the new one admitted.
    mutating func begin(slot: Int, generation: UInt32, at time: Timestamp) -> Decision {
        let passed = time - windowStart
        if passed.nanoseconds < 0 || !(passed < Self.window) {
            windowStart = time
            begunInWindow = 0
        }
        guard begunInWindow < perWindow else {
            refused &+= 1
            return .refused
        }
        begunInWindow += 1
        count += 1
        peak = max(peak, min(count, capacity))
        if queue.count < capacity {
            queue.append((slot, generation))
            return .admitted
        }
        let oldest = queue[head]
        queue[head] = (slot, generation)
        head = (head + 1) % capacity
        return .full(slot: oldest.slot, generation: oldest.generation)
    }

    /// One that was admitted is over; `isEvicted` when it had to go before its time.
    mutating func end(isEvicted: Bool = false) {
        count -= 1
        if isEvicted { refused &+= 1 }
    }
}
