import Logging
import Synchronization

/// Keeps what is logged.
struct LineLog: LogHandler {
    private final class Lines: Sendable {
        let kept = Mutex<[String]>([])
    }

    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    private let kept = Lines()

    var lines: [String] { kept.kept.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { kept.kept.withLock { $0.append(event.message.description) } }
}

/// A clock that goes on when it is told to.
final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var value: ContinuousClock.Instant { instant.withLock { $0 } }

    func advance(by span: Duration) { instant.withLock { $0 += span } }
}
