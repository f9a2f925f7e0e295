/// A piece of an expression, and where it stands.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// As it is: a field, a keyword or a value.
        case word(String)
        /// What stood in quotation marks: always a value.
        case quoted(String)
        case comparison(Comparison)
        case not, and, or
        case open, close, comma
        case end
    }

    var kind: Kind
    /// In Unicode scalars from the start of the expression.
    var offset: Int
    var length: Int
}

/// Cuts an expression into tokens; words end at blanks, operators, parentheses, commas and quotation marks.
struct ExpressionLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The keywords, which have to be quoted to be values.
    static func keyword(_ word: String) -> Token.Kind? {
        switch word.lowercased() {
        case "and": .and
        case "or": .or
        case "not": .not
        case "in": .comparison(.among)
        default: nil
        }
    }

    static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
        !scalar.properties.isWhitespace && scalar.value >= 0x20 && scalar.value != 0x7F
            && !"()=,!<>~\"'&|".unicodeScalars.contains(scalar)
    }

    /// - Throws: ``ExpressionError`` for a sign that has no meaning, and for a quotation mark that is not closed.
    mutating func next() throws(ExpressionError) -> Token {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        let start = position
        guard start < scalars.count else { return Token(kind: .end, offset: scalars.count, length: 0) }
        let scalar = scalars[start]
        if scalar == "\"" || scalar == "'" { return try quoted(by: scalar) }
        if Self.isPartOfWord(scalar) {
            while position < scalars.count, Self.isPartOfWord(scalars[position]) { position += 1 }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<position])
            let word = String(view)
            return Token(kind: Self.keyword(word) ?? .word(word), offset: start, length: position - start)
        }
        let following = start + 1 < scalars.count ? scalars[start + 1] : nil
        let (kind, length) = try Self.sign(scalar, following, at: start)
        position += length
        return Token(kind: kind, offset: start, length: length)
    }

    private static func sign(
        _ scalar: Unicode.Scalar, _ following: Unicode.Scalar?, at offset: Int
    ) throws(ExpressionError) -> (Token.Kind, length: Int) {
        switch (scalar, following) {
        case ("(", _): return (.open, 1)
        case (")", _): return (.close, 1)
        case (",", _): return (.comma, 1)
        case ("=", "="): return (.comparison(.equal), 2)
        case ("=", _): return (.comparison(.equal), 1)
        case ("!", "="): return (.comparison(.notEqual), 2)
        case ("!", _): return (.not, 1)
        case ("<", "="): return (.comparison(.atMost), 2)
        case ("<", _): return (.comparison(.less), 1)
        case (">", "="): return (.comparison(.atLeast), 2)
        case (">", _): return (.comparison(.more), 1)
        case ("~", _): return (.comparison(.like), 1)
        case ("&", "&"): return (.and, 2)
        case ("|", "|"): return (.or, 2)
        case ("&", _): throw ExpressionError("a single & means nothing; write and", at: offset, length: 1)
        case ("|", _): throw ExpressionError("a single | means nothing; write or", at: offset, length: 1)
        default: throw ExpressionError("a control character has no place here", at: offset, length: 1)
        }
    }

    /// A backslash takes what follows it as it is.
    private mutating func quoted(by mark: Unicode.Scalar) throws(ExpressionError) -> Token {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == mark {
                return Token(kind: .quoted(String(text)), offset: start, length: position - start)
            }
            if scalar == "\\", position < scalars.count {
                text.append(scalars[position])
                position += 1
            } else {
                text.append(scalar)
            }
        }
        throw ExpressionError("this quotation mark is never closed", at: start, length: 1)
    }
}
