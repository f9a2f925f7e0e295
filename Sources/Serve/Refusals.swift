import Logging
import Synchronization

/// Why the server turned a connection or a call away, or cut one off: each bound has its word here, which `/metrics` and
/// the log use.
enum Refusal: String, Error, CaseIterable {
    case connections
    case userConnections = "user_connections"
    case descriptors
    case notPermitted = "not_permitted"
    case streams
    case userStreams = "user_streams"
    case slowHead = "slow_head"
    case slowReader = "slow_reader"
    case slowFollower = "slow_follower"
    case answers
    case body
    case target
    case host
    case origin

    /// What is logged.
    var sentence: String {
        switch self {
        case .connections: "a connection was refused: as many as there may be are open"
        case .userConnections: "a connection was refused: its user has as many as one user may have"
        case .descriptors: "no connection can be taken for now: no file descriptor is left"
        case .notPermitted: "a connection was refused: its user may not see anything"
        case .streams: "a stream was refused: as many as there may be are open"
        case .userStreams: "a stream was refused: its user has as many as one user may have"
        case .slowHead: "a connection was closed: its call did not come in time"
        case .slowReader: "a connection was closed: its reader did not take the answer in time"
        case .slowFollower: "a reader of the stream was too slow and has been cut off"
        case .answers: "a call was refused: too many answers wait for their readers"
        case .body: "a call was refused: it has a body"
        case .target: "a call was refused: its target is too long"
        case .host: "a call was refused: it is for another host"
        case .origin: "a call was refused: a web page made it"
        }
    }
}

/// Counts what was refused, and logs it: the first time at once, then at most once a minute with how often.
final class Refusals: Sendable {
    private let logger: Logger
    private let clock: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex<[Refusal: State]>([:])

    private struct State {
        var count: UInt64 = 0
        /// Since the last line.
        var untold: UInt64 = 0
        var told: ContinuousClock.Instant?
    }

    static let interval = Duration.seconds(60)

    init(logger: Logger, clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.logger = logger
        self.clock = clock
    }

    /// Since the start.
    var counts: [Refusal: UInt64] { state.withLock { $0.mapValues(\.count) } }

    func note(_ refusal: Refusal) {
        let now = clock()
        let line = state.withLock { states -> String? in
            var entry = states[refusal] ?? State()
            defer { states[refusal] = entry }
            entry.count &+= 1
            if let told = entry.told, now - told < Self.interval {
                entry.untold &+= 1
                return nil
            }
            defer { (entry.told, entry.untold) = (now, 0) }
            return entry.untold == 0
                ? refusal.sentence : "\(refusal.sentence) (and \(entry.untold) more since the last time this was said)"
        }
        if let line { logger.notice("\(line)") }
    }
}
