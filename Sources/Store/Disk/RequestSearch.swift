import FoundationEssentials
import GRDB
package import Model

/// A request on disk, found and not yet unpacked.
package struct StoredRequest: Sendable, Equatable {
    package var key: RequestKey
    package var columns: HistoryColumns
    var record: Int64

    init(key: RequestKey, columns: HistoryColumns, record: Int64) {
        self.key = key
        self.columns = columns
        self.record = record
    }

    /// Of ``RequestSearch/columns``.
    init(_ row: Row) throws {
        key = try RequestKey(row)
        record = try row.decode(Int64.self, atIndex: 2)
        columns = HistoryColumns()
        for index in columns.values.indices {
            columns.values[index] = HistoryValue(try row.decode(DatabaseValue.self, atIndex: 3 + index))
        }
    }
}

extension HistoryValue {
    /// `nil` for NULL, and for a kind of value that is never written.
    fileprivate init?(_ value: DatabaseValue) {
        switch value.storage {
        case .int64(let number): self = .integer(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .bytes([UInt8](data))
        case .null, .double: return nil
        }
    }
}

/// A listing of requests on disk, newest first by key, that goes on slice by slice: none takes long, so that it can be
/// given up and others can read in between.
package struct RequestSearch: Sendable, Equatable {
    package var condition = HistoryCondition.always
    /// The last packet is at or after this.
    package var since: Timestamp?
    /// All are below it.
    package var below: RequestKey?
    /// None is below it.
    package var atLeast: RequestKey?
    /// How many at most.
    package var limit: Int

    package init(limit: Int) { self.limit = limit }

    package struct Slice: Sendable, Equatable {
        package var found: [StoredRequest]
        /// Where to go on; `nil` when these were the last.
        package var next: RequestSearch?
    }

    /// Rows that one slice looks at: a few milliseconds.
    static let sliceSize = 16_384

    static let columns = (["requests.first", "requests.id", "requests.record"] + HistoryColumn.allCases.map(\.name))
        .joined(separator: ", ")

    func run(_ database: Database) throws -> Slice {
        guard limit > 0 else { return Slice(found: [], next: self) }
        // What began long before `since` and had not ended by then is found by its last packet: it is not worth
        // looking at everything before that.
        let turn = since.map { RequestKey(first: $0 - HistoryFile.longSpan, id: RequestID(bits: 0)) }
        if let turn, let below, below <= turn { return try runLong(database) }
        guard let end = try end(database, turn) else {
            // The slice reaches the turn, or the end of all.
            let found = try find(database, from: max(turn, atLeast))
            return continued(found, turn.flatMap { turn in atLeast.map { $0 < turn } ?? true ? turn : nil })
        }
        return continued(try find(database, from: end), end)
    }

    /// - Parameter end: where this slice ended; `nil` when it was the last.
    private func continued(_ found: [StoredRequest], _ end: RequestKey?) -> Slice {
        var rest = self
        rest.limit -= found.count
        if rest.limit <= 0, let last = found.last {
            rest.below = last.key
            rest.limit = limit
            return Slice(found: found, next: rest)
        }
        guard let end else { return Slice(found: found, next: nil) }
        rest.below = end
        return Slice(found: found, next: rest)
    }

    /// The key of the row at which a slice ends; `nil` when fewer rows are left.
    private func end(_ database: Database, _ turn: RequestKey?) throws -> RequestKey? {
        let (range, arguments) = range(from: max(turn, atLeast))
        return try Row.fetchOne(
            database.cachedStatement(
                sql: "SELECT first, id FROM requests WHERE \(range) ORDER BY first DESC, id DESC LIMIT 1 OFFSET ?"),
            arguments: StatementArguments(arguments + [(Self.sliceSize - 1).databaseValue])
        ).map { try RequestKey($0) }
    }

    private func find(_ database: Database, from lower: RequestKey?) throws -> [StoredRequest] {
        let (range, bounds) = range(from: lower)
        var (text, arguments) = condition.sql
        arguments = bounds + arguments
        if let since {
            text += " AND requests.last >= ?"
            arguments.append(since.nanoseconds.databaseValue)
        }
        return try Row.fetchAll(
            database.makeStatement(
                sql: """
                    SELECT \(Self.columns) FROM requests WHERE \(range) AND \(text)
                    ORDER BY first DESC, id DESC LIMIT ?
                    """), arguments: StatementArguments(arguments + [limit.databaseValue])
        ).map { try StoredRequest($0) }
    }

    private func runLong(_ database: Database) throws -> Slice {
        guard let since else { return Slice(found: [], next: nil) }
        let (range, bounds) = range(from: atLeast)
        let (text, arguments) = condition.sql
        let found = try Row.fetchAll(
            database.makeStatement(
                sql: """
                    SELECT \(Self.columns) FROM requests INDEXED BY long
                    WHERE last >= ? AND last - first > \(HistoryFile.longSpan.nanoseconds) AND \(range) AND \(text)
                    ORDER BY first DESC, id DESC LIMIT ?
                    """),
            arguments: StatementArguments(
                [since.nanoseconds.databaseValue] + bounds + arguments + [limit.databaseValue])
        ).map { try StoredRequest($0) }
        guard found.count == limit, let last = found.last else { return Slice(found: found, next: nil) }
        var rest = self
        rest.below = last.key
        return Slice(found: found, next: rest)
    }

    private func range(from lower: RequestKey?) -> (text: String, arguments: [DatabaseValue]) {
        var texts = ["1"]
        var arguments: [DatabaseValue] = []
        for (key, sign) in [(below, "<"), (lower, ">=")] {
            guard let key else { continue }
            texts.append("(requests.first, requests.id) \(sign) (?, ?)")
            arguments += [key.first.nanoseconds.databaseValue, Int64(key.id.bits).databaseValue]
        }
        return (texts.joined(separator: " AND "), arguments)
    }

    /// The later one.
    private func max(_ left: RequestKey?, _ right: RequestKey?) -> RequestKey? {
        guard let left, let right else { return left ?? right }
        return left < right ? right : left
    }
}
