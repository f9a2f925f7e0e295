import Glibc
import Logging

/// The journal's own door, by which an entry has fields and not just a text (systemd's JOURNAL_NATIVE_PROTOCOL).
final class JournalSocket: Sendable {
    private let descriptor: CInt

    static let standardPath = "/run/systemd/journal/socket"

    /// `nil` where standard error does not go to the journal, or where there is none.
    init?(
        path: String = standardPath,
        stream: String? = unsafe getenv("JOURNAL_STREAM").map { unsafe String(cString: $0) }
    ) {
        // Device and inode of what systemd gave as standard error; where it leads elsewhere since, so do the entries.
        var information = stat()
        guard let stream, unsafe fstat(STDERR_FILENO, &information) == 0,
            stream == "\(information.st_dev):\(information.st_ino)"
        else { return nil }
        guard let descriptor = DatagramSocket.connect(to: path) else { return nil }
        self.descriptor = descriptor
    }

    /// One whose other end is `descriptor`'s.
    init(descriptor: CInt) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// - Returns: whether the journal has it; it is not waited for.
    func send(_ entry: DaemonLog.Entry) -> Bool {
        DatagramSocket.send(Self.datagram(entry), by: descriptor, CInt(MSG_DONTWAIT))
    }

    /// `NAME=value` a line. No value has a line break in it: ``PrintableLine`` replaces them.
    static func datagram(_ entry: DaemonLog.Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ name: String, _ value: String) {
            bytes += Array("\(name)=".utf8) + PrintableLine.bytes(of: value) + [UInt8(ascii: "\n")]
        }
        add("MESSAGE", entry.message)
        add("PRIORITY", "\(priority(entry.level))")
        add("SYSLOG_IDENTIFIER", "waybilld")
        for (name, value) in entry.fields.sorted(by: { $0.key < $1.key }) {
            // systemd.journal-fields(7): capitals, digits and underscores.
            let letters = name.uppercased().unicodeScalars.map { scalar in
                ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "_"
            }
            add("WAYBILL_" + String(letters), value)
        }
        return bytes
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
