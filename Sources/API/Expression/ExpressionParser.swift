/// Reads an expression by recursive descent; every level down is counted and bounded.
struct ExpressionParser {
    private var lexer: ExpressionLexer
    private var token: Token
    private var depth = 0
    private var terms = 0

    init(_ text: String) throws(ExpressionError) {
        guard text.utf8.count <= Expression.byteLimit else {
            throw ExpressionError(
                "the expression is longer than \(Expression.byteLimit) bytes", at: 0, length: 0)
        }
        lexer = ExpressionLexer(text)
        token = try lexer.next()
    }

    mutating func parse() throws(ExpressionError) -> Expression.Node {
        if token.kind == .end {
            throw ExpressionError("there is nothing here; write for example: failed and to.port = 443", at: token)
        }
        let node = try condition()
        switch token.kind {
        case .end: return node
        case .close: throw ExpressionError("nothing opened this )", at: token)
        default: throw ExpressionError("and, or or the end is expected here", at: token, allowed: ["and", "or"])
        }
    }

    private mutating func advance() throws(ExpressionError) { token = try lexer.next() }

    private mutating func condition() throws(ExpressionError) -> Expression.Node {
        var nodes = [try conjunction()]
        while token.kind == .or {
            try advance()
            nodes.append(try conjunction())
        }
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private mutating func conjunction() throws(ExpressionError) -> Expression.Node {
        var nodes = [try one()]
        while token.kind == .and {
            try advance()
            nodes.append(try one())
        }
        return nodes.count == 1 ? nodes[0] : .all(nodes)
    }

    private mutating func one() throws(ExpressionError) -> Expression.Node {
        let start = token
        switch token.kind {
        case .not:
            try descend(start)
            defer { depth -= 1 }
            try advance()
            return .not(try one())
        case .open:
            try descend(start)
            defer { depth -= 1 }
            try advance()
            let node = try condition()
            guard token.kind == .close else {
                if token.kind == .end { throw ExpressionError("this ( is never closed", at: start) }
                throw ExpressionError("and, or or ) is expected here", at: token, allowed: ["and", "or", ")"])
            }
            try advance()
            return node
        case .word(let name): return try test(name)
        case .quoted(let text): throw .noField(text, at: token)
        case .end: throw ExpressionError("a field is expected here, as in: failed", at: token)
        case .comparison, .and, .or, .close, .comma:
            throw ExpressionError("a field is expected before this", at: token)
        }
    }

    private mutating func descend(_ start: Token) throws(ExpressionError) {
        guard depth < Expression.depthLimit else {
            throw ExpressionError("not and ( are nested more than \(Expression.depthLimit) deep", at: start)
        }
        depth += 1
    }

    private mutating func count() throws(ExpressionError) {
        terms += 1
        guard terms <= Expression.termLimit else {
            throw ExpressionError("there are more than \(Expression.termLimit) tests and values", at: token)
        }
    }
}

// One field and what it is compared with.
extension ExpressionParser {
    private mutating func test(_ name: String) throws(ExpressionError) -> Expression.Node {
        guard let field = RequestField(rawValue: name.lowercased()) else { throw .noField(name, at: token) }
        try count()
        try advance()
        switch token.kind {
        case .comparison(let comparison):
            guard field.comparisons.contains(comparison) else { throw Self.wrongComparison(field, at: token) }
            try advance()
            return .test(FieldTest(field: field, comparison: comparison, operands: try operands(field, comparison)))
        case .not:
            // `to.port not in (80, 443)`
            try advance()
            guard token.kind == .comparison(.among), field.comparisons.contains(.among) else {
                throw ExpressionError("in is expected here, as in: to.port not in (80, 443)", at: token)
            }
            try advance()
            return .not(
                .test(FieldTest(field: field, comparison: .among, operands: try operands(field, .among))))
        case .word, .quoted:
            throw ExpressionError("\(Self.choice(field)) is expected after \(field.rawValue)", at: token)
        case .and, .or, .open, .close, .comma, .end: return .test(FieldTest(field: field))
        }
    }

    private static func choice(_ field: RequestField) -> String {
        field.comparisons.map(\.rawValue).joined(separator: ", ")
    }

    private static func wrongComparison(_ field: RequestField, at token: Token) -> ExpressionError {
        ExpressionError(
            "\(field.rawValue) cannot be compared like that; it has \(choice(field))", at: token,
            allowed: field.comparisons.map(\.rawValue))
    }

    private mutating func operands(
        _ field: RequestField, _ comparison: Comparison
    ) throws(ExpressionError) -> [Operand] {
        guard comparison == .among, token.kind == .open else { return [try operand(field, comparison)] }
        let start = token
        var operands: [Operand] = []
        repeat {
            try advance()
            operands.append(try operand(field, comparison))
        } while token.kind == .comma
        guard token.kind == .close else {
            if token.kind == .end { throw ExpressionError("this ( is never closed", at: start) }
            throw ExpressionError("a comma or ) is expected here", at: token, allowed: [",", ")"])
        }
        try advance()
        return operands
    }

    private mutating func operand(
        _ field: RequestField, _ comparison: Comparison
    ) throws(ExpressionError) -> Operand {
        let text: String
        switch token.kind {
        case .word(let word): text = word
        case .quoted(let value): text = value
        case .and, .or, .not, .comparison(.among):
            throw ExpressionError(
                "a value is expected here; this word is one only in quotation marks", at: token, allowed: field.values)
        case .comparison, .open, .close, .comma, .end:
            throw ExpressionError(
                "a value of \(field.rawValue) is expected here: \(field.values.joined(separator: ", "))", at: token,
                allowed: field.values)
        }
        guard text.utf8.count <= Expression.valueLimit else {
            throw ExpressionError("this value is longer than \(Expression.valueLimit) bytes", at: token)
        }
        guard let operand = Operand(text, of: field, comparison) else {
            throw ExpressionError(
                "\(field.rawValue) cannot be \"\(QueryText.shortened(text))\"; allowed are "
                    + field.values.joined(separator: ", "),
                at: token, allowed: field.values)
        }
        try count()
        try advance()
        return operand
    }
}

extension Operand {
    /// `nil` when the field cannot be that.
    init?(_ text: String, of field: RequestField, _ comparison: Comparison) {
        guard !text.isEmpty else { return nil }
        if comparison == .like {
            self = .text(text)
            return
        }
        switch field.kind {
        case .text: self = .text(text)
        case .name: self = .text(Self.name(text))
        case .host:
            guard let destination = Destination(text) else { return nil }
            if field == .from, case .name = destination.host { return nil }
            self = .host(destination)
        case .number(let range):
            guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt64(text), range.contains(number)
            else { return nil }
            self = .number(number)
        case .span:
            guard let microseconds = Quantities.spans.number(text) else { return nil }
            self = .span(microseconds)
        case .size:
            guard let bytes = Quantities.sizes.number(text) else { return nil }
            self = .size(bytes)
        case .flag:
            guard text == "true" || text == "false" else { return nil }
            self = .flag(text == "true")
        case .word(let words), .rank(let words):
            guard let place = words.firstIndex(of: text.lowercased()) else { return nil }
            self = .rank(words[place], place)
        }
    }

    /// As names are compared: in lower case, without the final dot, however often it is written.
    static func name(_ text: String) -> String {
        var name = text.lowercased().unicodeScalars
        while name.count > 1, name.last == "." { name.removeLast() }
        return String(name)
    }
}
