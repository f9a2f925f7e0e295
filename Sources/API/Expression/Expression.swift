/// A condition on requests: `process = curl and failed and to.port in (80, 443)`.
///
///     condition  = all *( "or" all )
///     all        = one *( "and" one )
///     one        = "not" one / "(" condition ")" / test
///     test       = field [ comparison value / [ "not" ] "in" ( value / "(" value *( "," value ) ")" ) ]
///
/// A field by itself holds where it is known, and neither `false` nor 0. `a != b` is `not a = b`, and so holds as well
/// where the field is not known. `&&`, `||`, `!` and `==` stand for `and`, `or`, `not` and `=`.
///
/// Expressions come from anywhere: their length, depth and number of values are bounded, so that reading one and
/// asking it of a request are too.
package struct Expression: Sendable {
    /// As it was written.
    package let text: String
    package let root: Node

    /// In UTF-8.
    package static let byteLimit = 4096
    /// Of one value, in UTF-8.
    package static let valueLimit = 256
    /// Of `not` and parentheses.
    package static let depthLimit = 32
    /// Tests and values, all together.
    package static let termLimit = 256

    /// How its parts are joined.
    package indirect enum Node: Sendable, Equatable {
        case all([Node])
        case any([Node])
        case not(Node)
        case test(FieldTest)
    }

    /// - Throws: ``ExpressionError``, which says where and what is allowed there.
    package init(_ text: String) throws(ExpressionError) {
        var parser = try ExpressionParser(text)
        root = try parser.parse()
        self.text = text
    }

    /// That a field has a value; `nil` when it cannot have it.
    package init?(_ field: RequestField, is value: String) {
        try? self.init("\(field.rawValue) = \(Operand.quotedWhereNeeded(value))")
    }

    /// Both must hold; either may be absent.
    package static func both(_ left: Expression?, _ right: Expression?) throws(ExpressionError) -> Expression? {
        guard let left, let right else { return left ?? right }
        return try Expression("(\(left.text)) and (\(right.text))")
    }
}

/// One field compared with a value, or with several.
package struct FieldTest: Sendable, Equatable {
    package var field: RequestField
    /// `nil`: the field by itself.
    package var comparison: Comparison?
    /// One, but for `in`.
    package var operands: [Operand] = []
}

/// A value that a field is compared with, in the field's own kind.
package enum Operand: Sendable, Equatable {
    case text(String)
    case host(Destination)
    case number(UInt64)
    /// Microseconds.
    case span(UInt64)
    /// Bytes.
    case size(UInt64)
    case flag(Bool)
    /// One of a vocabulary, by its place there.
    case rank(String, Int)
}

extension Expression: Equatable {
    /// Whether they mean the same by the same words.
    package static func == (left: Expression, right: Expression) -> Bool { left.root == right.root }
}

extension Expression {
    /// All hosts that it compares with.
    package var destinations: [Destination] {
        func found(in node: Node) -> [Destination] {
            switch node {
            case .all(let nodes), .any(let nodes): nodes.flatMap(found)
            case .not(let node): found(in: node)
            case .test(let test):
                test.operands.compactMap { operand in
                    if case .host(let destination) = operand { destination } else { nil }
                }
            }
        }
        return found(in: root)
    }
}

// MARK: - Printing

/// Reads back as an equal expression.
extension Expression: CustomStringConvertible {
    package var description: String { Self.print(root) }

    private static func print(_ node: Node) -> String {
        switch node {
        case .all(let nodes): nodes.map(printGrouped).joined(separator: " and ")
        case .any(let nodes):
            nodes.map { node in
                if case .any = node { return "(\(print(node)))" }
                return print(node)
            }.joined(separator: " or ")
        case .not(let node): "not \(printGrouped(node))"
        case .test(let test): test.description
        }
    }

    private static func printGrouped(_ node: Node) -> String {
        switch node {
        case .all, .any: "(\(print(node)))"
        case .not, .test: print(node)
        }
    }
}

extension FieldTest: CustomStringConvertible {
    package var description: String {
        guard let comparison else { return field.rawValue }
        let values = operands.map(\.description).joined(separator: ", ")
        let list = comparison == .among ? "(\(values))" : values
        return "\(field.rawValue) \(comparison.rawValue) \(list)"
    }
}

extension Operand: CustomStringConvertible {
    package var description: String {
        switch self {
        case .text(let text): Self.quotedWhereNeeded(text)
        case .host(let destination): Self.quotedWhereNeeded(destination.description)
        case .number(let number): String(number)
        case .span(let microseconds): Quantities.spans.text(microseconds)
        case .size(let bytes): Quantities.sizes.text(bytes)
        case .flag(let flag): flag ? "true" : "false"
        case .rank(let word, _): word
        }
    }

    static func quotedWhereNeeded(_ text: String) -> String {
        let isWord =
            !text.isEmpty && ExpressionLexer.keyword(text) == nil
            && text.unicodeScalars.allSatisfy(ExpressionLexer.isPartOfWord)
        if isWord { return text }
        var quoted = String.UnicodeScalarView("\"".unicodeScalars)
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        quoted.append("\"")
        return String(quoted)
    }
}
