import Synchronization

/// Bounds what answers take in memory while they wait for their readers, all connections together.
final class AnswerBudget: Sendable {
    private let capacity: Int
    private let used = Mutex(0)

    /// - Parameter capacity: bytes.
    init(capacity: Int = 64 << 20) { self.capacity = capacity }

    /// Takes room for an answer, to be given back with ``free(_:)``. One always fits when there is no other.
    func take(_ byteCount: Int) -> Bool {
        used.withLock { used in
            guard used == 0 || byteCount <= capacity - used else { return false }
            used += byteCount
            return true
        }
    }

    func free(_ byteCount: Int) { used.withLock { $0 -= byteCount } }
}
