import Glibc
import Host
import Logging
import Model
import Synchronization

/// The daemon's log: the journal where systemd reads it, else standard error, one line an entry. What repeats is folded.
///
///     waybilld: warning: there is no group waybill, so only root can connect; make it with: groupadd --system waybill
///
/// Nothing in a line steers a terminal: names in it may come from the wire.
final class DaemonLog: Sendable {
    struct Entry: Equatable {
        var level: Logger.Level
        var message: String
        /// What the message is about, by name: `interface`, `source`. The journal has them as `WAYBILL_INTERFACE`.
        var fields: [String: String] = [:]
    }

    private let state: Mutex<State>
    private let journal: JournalSocket?

    private struct State {
        var level: Logger.Level
        var folding = LogFolding()
    }

    init(level: Logger.Level, journal: JournalSocket? = JournalSocket()) {
        state = Mutex(State(level: level))
        self.journal = journal
    }

    /// Below it nothing is written.
    var level: Logger.Level {
        get { state.withLock(\.level) }
        set { state.withLock { $0.level = newValue } }
    }

    func write(_ entry: Entry) {
        let due = state.withLock { $0.folding.take(entry, at: HostClock.monotonic) }
        for entry in due { emit(entry) }
    }

    /// Tells of entries that were folded some time ago. To be called now and then.
    func tick() {
        let due = state.withLock { $0.folding.due(at: HostClock.monotonic) }
        for entry in due { emit(entry) }
    }

    /// Tells of all that were folded: for the end.
    func flush() {
        let due = state.withLock { $0.folding.due(at: .distantFuture) }
        for entry in due { emit(entry) }
    }

    private func emit(_ entry: Entry) {
        if let journal, journal.send(entry) { return }
        StandardError.write("waybilld: \(entry.level): \(entry.message)")
    }
}

enum StandardError {
    /// Writes one line in one piece; what does not print is replaced.
    static func write(_ line: String) {
        var bytes = PrintableLine.bytes(of: line)
        bytes.append(UInt8(ascii: "\n"))
        // Nobody to tell when it fails.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

enum PrintableLine {
    /// UTF-8, with a question mark for all that does not print.
    static func bytes(of line: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in line.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: bytes.append(UInt8(ascii: "?"))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }
}
