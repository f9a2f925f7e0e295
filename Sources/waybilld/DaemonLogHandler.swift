import Logging

/// Hands to ``DaemonLog`` what is at its level or above, or at the daemon's where it has none of its own.
struct DaemonLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let log: DaemonLog
    private var ownLevel: Logger.Level?

    init(log: DaemonLog) { self.log = log }

    var logLevel: Logger.Level {
        get { ownLevel ?? log.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }
        log.write(
            DaemonLog.Entry(
                level: event.level, message: event.message.description, fields: fields.mapValues(\.description)))
    }
}
