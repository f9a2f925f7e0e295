package import Model

/// How the history on disk goes.
package struct HistoryState: Sendable, Equatable {
    package var directory: String
    /// What the file may grow to, with its log.
    package var byteLimit: Int64
    package var span: TimeSpan
    /// What has been recorded can be read.
    package var isReadable = false
    /// Why nothing is written; `nil` while all is well.
    package var trouble: HistoryTrouble?
    package var counts: [HistoryKind: Int] = [:]
    package var byteCount: Int64 = 0
    /// The earliest last packet, and that of the record that was written last.
    package var oldest: Timestamp?
    package var newest: Timestamp?
    package var waiting = 0
    /// Since the daemon started, as the ones below.
    package var written: UInt64 = 0
    package var lost = HistoryQueue.Lost()
    package var droppedForSize: UInt64 = 0
    package var droppedForAge: UInt64 = 0
    /// Damaged files, under the names that they have now.
    package var aside: [String] = []
    /// The clock has jumped: nothing is dropped for its age.
    package var isHolding = false

    init(_ settings: HistoryKeeper.Settings) {
        directory = settings.directory
        byteLimit = settings.byteLimit
        span = settings.span
    }
}

/// What is worth a line in the log.
package enum HistoryNotice: Sendable, Equatable, CustomStringConvertible {
    case opened(String, records: Int, byteCount: Int64)
    case trouble(HistoryTrouble)
    case recovered(HistoryTrouble, lost: HistoryQueue.Lost)
    case putAside(String, as: String)

    package var description: String {
        switch self {
        case .opened(let path, let records, let byteCount):
            "the history is \(path): \(records) records, \(byteCount >> 20) MiB"
        case .trouble(let trouble):
            "the history is kept in memory only: \(trouble); what is on disk stays as it is, and it is tried again"
        case .recovered(_, let lost):
            "the history is written again; \(lost.all) records were lost meanwhile"
        case .putAside(let path, let aside):
            "\(path) was damaged: it is kept as \(aside), and a new history begins"
        }
    }
}
