import FoundationEssentials
import Glibc
import Model

/// Histories that are damaged: they are kept under another name, for those who know how to read them.
enum DamagedFiles {
    /// More of them, and the disk below is what is broken: filling it would help nobody.
    private static let limit = 3

    /// - Returns: the new name, with its directory.
    static func putAside(_ path: String, at time: Timestamp) throws(HistoryTrouble) -> String {
        let count = others(path)
        guard count < limit else { throw .damagedAgain(path, count: count) }
        var aside = "\(path).damaged-\(text(time))"
        while unsafe access(aside, F_OK) == 0 { aside += "a" }
        guard unsafe rename(path, aside) == 0 else { throw HistoryTrouble(path, errno: errno) }
        // With its log, which may hold what the database does not yet; the index of the log is made anew.
        _ = unsafe rename(path + "-wal", aside + "-wal")
        _ = unsafe unlink(path + "-shm")
        return aside
    }

    /// How many there are already.
    private static func others(_ path: String) -> Int {
        guard let slash = path.lastIndex(of: "/") else { return 0 }
        let directory = String(path[..<slash])
        let prefix = String(path[path.index(after: slash)...]) + ".damaged-"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.count { $0.hasPrefix(prefix) && !$0.hasSuffix("-wal") }
    }

    /// `20261122T055100Z`
    private static func text(_ time: Timestamp) -> String {
        let date = Date(timeIntervalSince1970: Double(time.nanoseconds / 1_000_000_000))
        return date.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    }
}
