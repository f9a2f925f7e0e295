import FoundationEssentials

/// JSON as it stands, to compare what is written with what was expected.
enum JSONValue: Equatable, Decodable, CustomStringConvertible {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // What is most frequent comes first: an attempt that fails is slow.
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .bool(try container.decode(Bool.self))
        }
    }

    subscript(_ name: String) -> JSONValue {
        if case .object(let fields) = self { fields[name] ?? .null } else { .null }
    }

    /// Where `self` does not have what `expected` asks for, as a path and both values; `nil` when it has it all.
    ///
    /// Objects may have more fields than expected, arrays match item by item, `null` asks for absence.
    func difference(from expected: JSONValue, at path: String = "") -> String? {
        switch (self, expected) {
        case (.object(let fields), .object(let wanted)):
            for (name, value) in wanted.sorted(by: { $0.key < $1.key }) {
                let found = fields[name] ?? .null
                if let difference = found.difference(from: value, at: path + "." + name) { return difference }
            }
            return nil
        case (.array(let items), .array(let wanted)) where items.count == wanted.count:
            for (index, pair) in zip(items, wanted).enumerated() {
                if let difference = pair.0.difference(from: pair.1, at: path + "[\(index)]") { return difference }
            }
            return nil
        default:
            return self == expected ? nil : "\(path) is \(self), not \(expected)"
        }
    }

    var description: String {
        switch self {
        case .null: "absent"
        case .bool(let value): "\(value)"
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .text(let value): "\"\(value)\""
        case .array(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .object(let fields):
            "{" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}
