import Confine
import Glibc
import Synchronization

/// Slow work that many may ask for at once: it runs on one thread, and whoever asks while it runs shares the next run.
///
/// So a client that asks without end keeps one thread busy, and not as many as it has connections.
final class SharedAnswer<Answer: Sendable>: Sendable {
    private let work: @Sendable () -> Answer
    private let courier: Courier
    private let signal: EventSignal
    private let state = Mutex(State())

    private struct State {
        var waiting: [CheckedContinuation<Answer?, Never>] = []
        var mustStop = false
    }

    /// Starts its thread, which keeps no more than `capabilities`.
    ///
    /// - Throws: ``NetlinkError`` when the process has no descriptor or no thread left.
    init(
        _ name: String, keeping capabilities: Capabilities, through courier: Courier,
        _ work: @escaping @Sendable () -> Answer
    ) throws(NetlinkError) {
        self.work = work
        self.courier = courier
        signal = try EventSignal()
        guard OwnThread.start(name, keeping: capabilities, { self.run() }) else {
            throw .socket(call: "pthread_create", errno: EAGAIN)
        }
    }

    /// What the work comes to, done after this was called; `nil` after the end.
    func take() async -> Answer? {
        await withCheckedContinuation { continuation in
            let isLate = state.withLock { state in
                if !state.mustStop { state.waiting.append(continuation) }
                return state.mustStop
            }
            if isLate { continuation.resume(returning: nil) } else { signal.give() }
        }
    }

    func stop() {
        state.withLock { $0.mustStop = true }
        signal.give()
    }

    private func run() {
        while true {
            let (asking, mustStop) = state.withLock { state in
                defer { state.waiting.removeAll() }
                return (state.waiting, state.mustStop)
            }
            if !asking.isEmpty {
                let answer = work()
                courier.carry { for continuation in asking { continuation.resume(returning: answer) } }
            }
            if mustStop { return }
            if asking.isEmpty { signal.wait() }
        }
    }
}
