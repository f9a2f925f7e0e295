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
    /// Of one user.
    static let userCapacity = 16

    var areThere: Bool { state.withLock { !$0.followers.isEmpty } }
    var count: Int { state.withLock { $0.followers.count } }

    func onTurn(_ body: @escaping @Sendable (Bool) -> Void) { state.withLock { $0.onTurn = body } }

    /// Begins to follow.
    ///
    /// - Throws: ``Refusal/streams`` when there are ``capacity`` already or the server is closing,
    ///   ``Refusal/userStreams`` when the user has its share of them.
    func join(_ viewer: Viewer = .everything, user: UInt32 = 0) throws(Refusal) -> Follower {
        let follower = Follower(viewer, user: user)
        let refusal = state.withLock { state -> Refusal? in
            guard !state.isClosed, state.followers.count < Self.capacity else { return .streams }
            guard state.followers.values.count(where: { $0.user == user }) < Self.userCapacity else {
                return .userStreams
            }
            state.followers[ObjectIdentifier(follower)] = follower
            if state.followers.count == 1 { state.onTurn(true) }
            return nil
        }
        if let refusal { throw refusal }
        return follower
    }

    /// Ends the streams of those who may see less than when they began.
    func end(where isOver: (Follower) -> Bool) {
        for follower in state.withLock({ Array($0.followers.values) }) where isOver(follower) { follower.end() }
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
    /// What it was let see when it began, and on whose account it counts.
    let viewer: Viewer
    let user: UInt32
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

    init(_ viewer: Viewer = .everything, user: UInt32 = 0) {
        (self.viewer, self.user) = (viewer, user)
        (batches, continuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

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
