import Confine
import Glibc
import Synchronization

/// Carries what privileged threads have to say to everybody else, in the order in which it was given.
///
/// A thread that resumes a task may make a thread for it, and that one inherits its maker's privileges for good
/// (capabilities(7)). So those that have some hand their words to this one, which has none: what answers clients never
/// runs where a capability is held.
package final class Courier: Sendable {
    private let state = Mutex(State())
    private let signal: EventSignal

    private struct State {
        var waiting: [@Sendable () -> Void] = []
        var weight = 0
        var mustStop = false
        var hasEnded = false
    }

    /// Whoever hands over more waits: it would else be memory without end. Records count one each.
    static let capacity = 4096
    private static let pause: UInt32 = 200

    /// - Throws: ``NetlinkError`` when the process has no descriptor or no thread left.
    package init() throws(NetlinkError) {
        signal = try EventSignal()
        guard OwnThread.start("courier", keeping: [], { self.run() }) else {
            throw .socket(call: "pthread_create", errno: EAGAIN)
        }
    }

    /// Has `body` called on the courier's thread, after all that was handed over before; here, after the end.
    ///
    /// - Parameter weight: how many records it holds. One that is heavier than all that may wait goes alone.
    package func carry(_ weight: Int = 1, _ body: @escaping @Sendable () -> Void) {
        while true {
            let (isTaken, hasEnded) = state.withLock { state in
                guard !state.hasEnded else { return (false, true) }
                guard state.waiting.isEmpty || weight <= Self.capacity - state.weight else { return (false, false) }
                state.waiting.append(body)
                state.weight += weight
                return (true, false)
            }
            if hasEnded { return body() }
            if isTaken { return signal.give() }
            usleep(Self.pause)
        }
    }

    /// Ends its thread once it has carried what was handed over.
    package func stop() {
        state.withLock { $0.mustStop = true }
        signal.give()
    }

    private func run() {
        while true {
            let (bodies, isOver) = state.withLock { state in
                defer {
                    state.waiting.removeAll(keepingCapacity: state.waiting.capacity <= 64)
                    state.weight = 0
                }
                state.hasEnded = state.mustStop && state.waiting.isEmpty
                return (state.waiting, state.hasEnded)
            }
            for body in bodies { body() }
            if isOver { return }
            if bodies.isEmpty { signal.wait() }
        }
    }
}
