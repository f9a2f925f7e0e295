import GRDB

/// What requests on disk are asked for. It may hold for more than are wanted, never for fewer: whoever asks looks at
/// what it gets.
package indirect enum HistoryCondition: Sendable, Equatable {
    case always
    case all([HistoryCondition])
    case any([HistoryCondition])
    case not(HistoryCondition)
    /// Also where the column is not known: not even then it is equal to anything.
    case equals(HistoryColumn, HistoryValue)
    case compares(HistoryColumn, Order, HistoryValue)
    /// Both ends included.
    case within(HistoryColumn, HistoryValue, HistoryValue)
    case isKnown(HistoryColumn)
    /// The text stands somewhere in the column.
    case contains(HistoryColumn, String)
    /// The same, whatever the case of ASCII letters; the text is in lower case.
    case containsAnyCase(HistoryColumn, String)

    package enum Order: String, Sendable {
        case less = "<"
        case atMost = "<="
        case more = ">"
        case atLeast = ">="
    }

    /// Nested more deeply or of more values, it is not asked: SQLite bounds the depth of expressions, and a chain of a
    /// thousand is that deep.
    private static let depthLimit = 64
    private static let valueLimit = 800

    /// As SQL, and its arguments in order. It is never NULL, so that `not` means what it says.
    var sql: (text: String, arguments: [DatabaseValue]) {
        var arguments: [DatabaseValue] = []
        guard let text = sql(&arguments, depth: 0), arguments.count <= Self.valueLimit else { return ("1", []) }
        return (text, arguments)
    }

    private func sql(_ arguments: inout [DatabaseValue], depth: Int) -> String? {
        guard depth < Self.depthLimit else { return nil }
        switch self {
        case .always: return "1"
        case .all(let parts): return list(parts, " AND ", empty: "1", &arguments, depth)
        case .any(let parts): return list(parts, " OR ", empty: "0", &arguments, depth)
        case .not(let part): return part.sql(&arguments, depth: depth + 1).map { "NOT \($0)" }
        case .equals(let column, let value):
            arguments.append(value.databaseValue)
            return "(\(column.name) IS ?)"
        case .compares(let column, let order, let value):
            arguments.append(value.databaseValue)
            return "coalesce(\(column.name) \(order.rawValue) ?, 0)"
        case .within(let column, let low, let high):
            arguments += [low.databaseValue, high.databaseValue]
            return "coalesce(\(column.name) BETWEEN ? AND ?, 0)"
        case .isKnown(let column): return "(\(column.name) IS NOT NULL)"
        case .contains(let column, let text):
            arguments.append(text.databaseValue)
            return "coalesce(instr(\(column.name), ?) > 0, 0)"
        case .containsAnyCase(let column, let text):
            arguments.append(text.databaseValue)
            return "coalesce(instr(lower(\(column.name)), ?) > 0, 0)"
        }
    }

    private func list(
        _ parts: [HistoryCondition], _ word: String, empty: String, _ arguments: inout [DatabaseValue], _ depth: Int
    ) -> String? {
        guard !parts.isEmpty else { return empty }
        var texts: [String] = []
        for part in parts {
            guard let text = part.sql(&arguments, depth: depth + 1) else { return nil }
            texts.append(text)
        }
        return "(\(texts.joined(separator: word)))"
    }
}

extension HistoryColumn {
    /// Of the table of requests, which stands beside the one of records in some queries.
    var name: String { "requests.\(rawValue)" }
}

extension HistoryValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .integer(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): Blob(bytes).databaseValue
        }
    }
}
