import Synchronization

/// Slow work that many may ask for at once: it runs on one thread, and whoever asks while it runs shares the next run.
///
/// So a client that asks without end keeps one thread busy, and not as many as it has connections.
final class SharedAnswer<Answer: Sendable>: Sendable {
    private let work: @Sendable () -> Answer
    private let state = Mutex(State())

    private struct State {
        var isRunning = false
        var waiting: [CheckedContinuation<Answer?, Never>] = []
    }

    init(_ work: @escaping @Sendable () -> Answer) { self.work = work }

    /// What the work comes to, done after this was called; `nil` when no thread can be had for it.
    func take() async -> Answer? {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                state.waiting.append(continuation)
                defer { state.isRunning = true }
                return !state.isRunning
            }
            if isFirst, !OwnThread.start({ self.run() }) {
                let refused = state.withLock { state in
                    defer { state = State() }
                    return state.waiting
                }
                for waiting in refused { waiting.resume(returning: nil) }
            }
        }
    }

    private func run() {
        while true {
            let asking = state.withLock { state in
                defer { state.waiting.removeAll() }
                state.isRunning = !state.waiting.isEmpty
                return state.waiting
            }
            if asking.isEmpty { return }
            let answer = work()
            for continuation in asking { continuation.resume(returning: answer) }
        }
    }
}
