import Glibc
import Logging

/// Logs to standard error, one line an entry, and nothing in it steers a terminal: names in it may come from the wire.
///
///     waybilld: warning: there is no group waybill, so only root can connect; make it with: groupadd --system waybill
///
/// Under systemd the journal adds the time and takes the priority from the front of the line (sd-daemon(3)).
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    private static let isJournal = unsafe getenv("JOURNAL_STREAM") != nil

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let prefix = Self.isJournal ? "<\(Self.priority(event.level))>" : "waybilld: \(event.level): "
        StandardError.write(prefix + event.message.description)
    }

    /// syslog(3)
    private static func priority(_ level: Logger.Level) -> CInt {
        switch level {
        case .trace, .debug: LOG_DEBUG
        case .info: LOG_INFO
        case .notice: LOG_NOTICE
        case .warning: LOG_WARNING
        case .error: LOG_ERR
        case .critical: LOG_CRIT
        }
    }
}

enum StandardError {
    /// Writes one line in one piece; what does not print is replaced.
    static func write(_ line: String) {
        var bytes: [UInt8] = []
        for scalar in line.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: bytes.append(UInt8(ascii: "?"))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
        // Nobody to tell when it fails.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
