import Foundation

/// A JSON value, for reading what the programs write without the types that wrote it.
enum JSON: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    init(parsing text: String) throws {
        do { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) } catch {
            throw Trouble("no JSON: \(text.prefix(300))")
        }
    }

    /// A member, or `null`.
    subscript(_ name: String) -> JSON {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    subscript(_ index: Int) -> JSON { items.indices.contains(index) ? items[index] : .null }

    var items: [JSON] { if case .list(let items) = self { items } else { [] } }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// Every leaf by its path: `client.port`, `server.names.0.name`, and stages by their names,
    /// `stages.connect.facts.syn_count`.
    var leaves: [String: JSON] {
        var leaves: [String: JSON] = [:]
        collect(into: &leaves, at: "")
        return leaves
    }

    private func collect(into leaves: inout [String: JSON], at path: String) {
        switch self {
        case .object(let members) where !members.isEmpty:
            for (name, value) in members { value.collect(into: &leaves, at: path.isEmpty ? name : "\(path).\(name)") }
        case .list(let items) where items.contains { if case .object = $0 { true } else { false } }:
            for (index, item) in items.enumerated() {
                item.collect(into: &leaves, at: "\(path).\(item["stage"].text ?? String(index))")
            }
        case .null, .flag, .number, .text, .list, .object: leaves[path] = self
        }
    }
}

extension JSON: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let items = try? container.decode([JSON].self) {
            self = .list(items)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(integerLiteral value: Int) { self = .number(Double(value)) }
    init(stringLiteral value: String) { self = .text(value) }
}

extension JSON: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
}

extension JSON: CustomStringConvertible {
    var description: String {
        switch self {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .number(let number): Int64(exactly: number).map { "\($0)" } ?? "\(number)"
        case .text(let text): "\"\(text)\""
        case .list(let items): "\(items)"
        case .object(let members): "\(members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })"
        }
    }
}

extension JSON {
    /// What of `expected` this record does not say, a line each. A path that is expected to be `null` must be absent.
    func differences(from expected: [String: JSON]) -> [String] {
        let leaves = leaves
        return expected.sorted { $0.key < $1.key }.compactMap { path, value in
            let found = leaves[path] ?? .null
            return found == value ? nil : "\(path): expected \(value), found \(found)"
        }
    }
}
