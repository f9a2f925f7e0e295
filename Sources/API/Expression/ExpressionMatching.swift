/// What an expression asks of a request.
package protocol ExpressionSubject {
    /// What is known of a field; nothing where it is not known, several values where it has them.
    mutating func values(of field: RequestField) -> [FieldValue]

    /// Whether one side is at `destination`; asked of fields whose kind is ``RequestField/Kind/host``.
    mutating func isAt(_ destination: Destination, _ field: RequestField) -> Bool
}

/// One value of a field.
package enum FieldValue: Sendable, Equatable {
    /// Texts, names, words; of a host its names and its address.
    case text(String)
    /// Numbers, bytes, and microseconds.
    case number(UInt64)
    case flag(Bool)
}

extension Expression {
    /// Whether the request is meant. Tests are asked from left to right, and no more of them than it takes.
    package func matches(_ subject: inout some ExpressionSubject) -> Bool { Self.matches(root, &subject) }

    private static func matches(_ node: Node, _ subject: inout some ExpressionSubject) -> Bool {
        switch node {
        case .all(let nodes):
            for node in nodes where !matches(node, &subject) { return false }
            return true
        case .any(let nodes):
            for node in nodes where matches(node, &subject) { return true }
            return false
        case .not(let node): return !matches(node, &subject)
        case .test(let test): return test.matches(&subject)
        }
    }
}

extension FieldTest {
    fileprivate func matches(_ subject: inout some ExpressionSubject) -> Bool {
        guard let comparison else { return subject.values(of: field).contains(where: \.holds) }
        switch comparison {
        case .equal, .among: return isAny(&subject)
        case .notEqual: return !isAny(&subject)
        case .like:
            let values = subject.values(of: field)
            return operands.contains { operand in
                guard case .text(let pattern) = operand else { return false }
                let wildcard = Wildcard(pattern)
                return values.contains { value in
                    if case .text(let text) = value { wildcard.matches(text) } else { false }
                }
            }
        case .less: return compares(&subject) { $0 < $1 }
        case .atMost: return compares(&subject) { $0 <= $1 }
        case .more: return compares(&subject) { $0 > $1 }
        case .atLeast: return compares(&subject) { $0 >= $1 }
        }
    }

    private func isAny(_ subject: inout some ExpressionSubject) -> Bool {
        if field.kind == .host {
            for operand in operands {
                if case .host(let destination) = operand, subject.isAt(destination, field) { return true }
            }
            return false
        }
        let isName = field.kind == .name
        let values = subject.values(of: field)
        return operands.contains { operand in
            values.contains { value in
                switch (operand, value) {
                case (.text(let wanted), .text(let text)): wanted == (isName ? Operand.name(text) : text)
                case (.rank(let wanted, _), .text(let text)): wanted == text
                case (.number(let wanted), .number(let number)), (.span(let wanted), .number(let number)),
                    (.size(let wanted), .number(let number)):
                    wanted == number
                case (.flag(let wanted), .flag(let flag)): wanted == flag
                default: false
                }
            }
        }
    }

    private func compares(
        _ subject: inout some ExpressionSubject, _ isSo: (_ value: UInt64, _ wanted: UInt64) -> Bool
    ) -> Bool {
        guard let operand = operands.first else { return false }
        return subject.values(of: field).contains { value in
            switch (operand, value) {
            case (.number(let wanted), .number(let number)), (.span(let wanted), .number(let number)),
                (.size(let wanted), .number(let number)):
                return isSo(number, wanted)
            case (.rank(_, let place), .text(let text)):
                guard case .rank(let words) = field.kind, let own = words.firstIndex(of: text) else { return false }
                return isSo(UInt64(own), UInt64(place))
            default: return false
            }
        }
    }
}

extension FieldValue {
    /// What a field by itself asks.
    fileprivate var holds: Bool {
        switch self {
        case .text: true
        case .number(let number): number > 0
        case .flag(let flag): flag
        }
    }
}

/// A text that is looked for: anywhere, or, where it has `*` (any characters) or `?` (one), as the whole. Upper and lower
/// case are the same.
struct Wildcard {
    private let pattern: [Unicode.Scalar]
    private let isGlob: Bool

    init(_ text: String) {
        isGlob = text.unicodeScalars.contains { $0 == "*" || $0 == "?" }
        pattern = Array((isGlob ? text : "*\(text)*").lowercased().unicodeScalars)
    }

    /// Takes at most the product of both lengths, whatever the pattern.
    func matches(_ text: String) -> Bool {
        let text = Array(text.lowercased().unicodeScalars)
        var (place, position) = (0, 0)
        /// Behind the last star, and how much of the text it has taken.
        var star: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == "*" {
                place += 1
                star = (place, position)
            } else if place < pattern.count, pattern[place] == text[position] || pattern[place] == "?" {
                place += 1
                position += 1
            } else if let last = star {
                star = (last.place, last.position + 1)
                (place, position) = (last.place, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}
