import Foundation
import Model

@testable import Store

/// A directory of its own for the length of a test.
struct HistoryFolder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "waybill-history-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var file: String { path + "/" + HistoryFile.name }
}

/// The row of a request of the given second. Its record says so, and `text` beside it.
func row(
    at second: Int64, _ number: UInt32 = 0, lasting: Int64 = 1, text: String = "",
    _ columns: [HistoryColumn: HistoryValue] = [:]
) -> HistoryRow {
    let key = request(at: second, number).key
    let last = Timestamp(seconds: second + lasting, nanoseconds: 0)
    var row = HistoryRow(
        kind: .request, place: .request(key), last: last,
        json: Array(#"{"record":"request","id":"\#(key.id)","text":"\#(text)"}"#.utf8))
    row.columns[.last] = HistoryValue(last.nanoseconds)
    for (column, value) in columns { row.columns[column] = value }
    return row
}

/// The row of a lookup.
func lookupRow(_ place: UInt64, at second: Int64 = 0, owner: UInt32? = nil) -> HistoryRow {
    var row = HistoryRow(
        kind: .lookup, place: .serial(place), last: Timestamp(seconds: second, nanoseconds: 0),
        json: Array(#"{"record":"lookup","place":\#(place)}"#.utf8))
    row.owner = owner
    return row
}

extension HistoryFile {
    /// Every request that is found, slice by slice, by its second.
    func seconds(_ search: RequestSearch) async throws -> [Int64] {
        try await found(search).map { $0.key.first.nanoseconds / 1_000_000_000 }
    }

    func found(_ search: RequestSearch) async throws -> [StoredRequest] {
        var found: [StoredRequest] = []
        var search: RequestSearch? = search
        while let current = search {
            let slice = try await requests(current)
            found += slice.found
            search = slice.next
        }
        return found
    }

    func texts(_ requests: [StoredRequest]) async throws -> [String?] {
        try await json(of: requests).map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
}
