import Model
import Synchronization

/// Those who read the stream of requests.
final class Followers: Sendable {
    private let state = Mutex(State())

    private struct State {
        var followers: [ObjectIdentifier: Follower] = [:]
        var isClosed = false
        /// Called with whether anybody follows, whenever that changes.
        var onTurn: @Sendable (Bool) -> Void = { _ in }
    }

    /// Each costs memory for what waits to be read: no more than this at once.
    static let capacity = 64

    var areThere: Bool { state.withLock { !$0.followers.isEmpty } }
    var count: Int { state.withLock { $0.followers.count } }

    func onTurn(_ body: @escaping @Sendable (Bool) -> Void) { state.withLock { $0.onTurn = body } }

    /// - Returns: `nil` when there are ``capacity`` already, or the server is closing.
    func join() -> Follower? {
        let follower = Follower()
        return state.withLock { state in
            guard !state.isClosed, state.followers.count < Self.capacity else { return nil }
            state.followers[ObjectIdentifier(follower)] = follower
            if state.followers.count == 1 { state.onTurn(true) }
            return follower
        }
    }

    func leave(_ follower: Follower) {
        state.withLock { state in
            guard state.followers.removeValue(forKey: ObjectIdentifier(follower)) != nil else { return }
            if state.followers.isEmpty { state.onTurn(false) }
        }
    }

    func tell(_ requests: [Lifecycle]) {
        guard !requests.isEmpty else { return }
        let followers = state.withLock { Array($0.followers.values) }
        for follower in followers { follower.tell(requests) }
    }

    /// Ends every stream, and lets nobody join any more.
    func close() {
        let followers = state.withLock { state in
            state.isClosed = true
            return Array(state.followers.values)
        }
        for follower in followers { follower.end() }
    }

    /// Cuts off those who have not read to the end.
    func cutOffAll() {
        for follower in state.withLock({ Array($0.followers.values) }) { follower.cutOff() }
    }
}

/// One reader of the stream, and what waits for it. A reader that lets too much pile up is cut off: it would else
/// cost memory without end, or hold up the capture.
final class Follower: Sendable {
    let batches: AsyncStream<[Lifecycle]>
    private let continuation: AsyncStream<[Lifecycle]>.Continuation
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        var isCutOff = false
        var onCutOff: (@Sendable () -> Void)?
    }

    /// Requests that may wait for one reader: a few MiB at most.
    static let patience = 4096

    init() { (batches, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded) }

    var isCutOff: Bool { state.withLock { $0.isCutOff } }

    /// Called once when the reader is cut off: a write that waits for it must be ended from outside.
    func onCutOff(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onCutOff = body } }

    func tell(_ requests: [Lifecycle]) {
        let hasRoom = state.withLock { state in
            guard !state.isCutOff else { return true }
            guard state.waiting + requests.count <= Self.patience || state.waiting == 0 else { return false }
            state.waiting += requests.count
            continuation.yield(requests)
            return true
        }
        if !hasRoom { cutOff() }
    }

    func cutOff() {
        let body = state.withLock { state in
            state.isCutOff = true
            defer { state.onCutOff = nil }
            return state.onCutOff
        }
        continuation.finish()
        body?()
    }

    /// The reader has these behind it.
    func took(_ requests: [Lifecycle]) { state.withLock { $0.waiting -= requests.count } }

    func end() { continuation.finish() }
}
