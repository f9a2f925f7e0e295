import Glibc
import GRDB

/// Why the history on disk cannot be used, or not be written: prints as one sentence.
package enum HistoryTrouble: Error, Sendable, Equatable, CustomStringConvertible {
    case noDirectory(String, reason: String)
    /// What is there can be read.
    case readOnly(String)
    case full(String)
    /// Another process keeps its history there.
    case taken(String)
    /// Written by a later version.
    case newer(String, version: Int64)
    /// A database of another program.
    case foreign(String)
    /// Put aside too often: whatever damages them is still there.
    case damagedAgain(String, count: Int)
    case damaged(String)
    case failed(String, reason: String)

    /// - Parameter code: of errno(3).
    init(_ path: String, errno code: CInt) {
        switch code {
        case EROFS, EACCES, EPERM: self = .readOnly(path)
        case ENOSPC, EDQUOT: self = .full(path)
        default: self = .failed(path, reason: unsafe String(cString: strerror(code)))
        }
    }

    /// What SQLite says (https://www.sqlite.org/rescode.html).
    init(_ path: String, _ error: any Error) {
        switch error {
        case let trouble as HistoryTrouble: self = trouble
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_FULL: self = .full(path)
            case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path)
            default: self = .failed(path, reason: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
            }
        // What is in a column is no number, or no bytes, where there is nothing else.
        case is RowDecodingError: self = .damaged(path)
        default: self = .failed(path, reason: "\(error)")
        }
    }

    /// Whether the file itself is beyond use, rather than the disk below it.
    var isDamage: Bool { if case .damaged = self { true } else { false } }

    /// Whether trying again begins with opening it; what is full can still be read.
    var wantsReopening: Bool { if case .full = self { false } else { true } }

    package var description: String {
        switch self {
        case .noDirectory(let path, let reason): "there is no directory \(path) and it cannot be made: \(reason)"
        case .readOnly(let path): "\(path) cannot be written: it, its directory or its file system is read-only"
        case .full(let path): "there is no room on the disk for \(path)"
        case .taken(let path): "another waybilld keeps its history in \(path)"
        case .newer(let path, let version):
            "\(path) was written by a later version (format \(version)) and is left as it is"
        case .foreign(let path): "\(path) is another program's database and is left as it is"
        case .damagedAgain(let path, let count):
            "\(path) is damaged, and \(count) damaged ones lie beside it already: it is left as it is"
        case .damaged(let path): "\(path) is damaged"
        case .failed(let path, let reason): "\(path): \(reason)"
        }
    }

    /// A command that helps, or shows what is wrong.
    package var fix: String? {
        switch self {
        case .noDirectory(let path, _): "sudo install -d -m 0750 -o waybill -g waybill \(path)"
        case .readOnly(let path), .failed(let path, _): "findmnt --target \(path); ls -ld \(path)"
        case .full(let path): "df -h \(path); sudoedit /etc/waybill/waybill.yaml"
        case .taken: "pgrep -a waybilld"
        case .newer, .foreign: "sudoedit /etc/waybill/waybill.yaml"
        case .damaged(let path), .damagedAgain(let path, _): "sudo ls -l \(path)*"
        }
    }
}
