/// Why an expression cannot be used, and where in it. Prints as
/// `character 9: there is no field "prot"; did you mean port?`.
package struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// In Unicode scalars from the start; the end of the text where something is missing there.
    package var offset: Int
    /// Scalars that are meant; 0 at the end.
    package var length: Int
    package var message: String
    /// What may stand there, where that can be listed.
    package var allowed: [String]

    init(_ message: String, at offset: Int, length: Int, allowed: [String] = []) {
        self.offset = offset
        self.length = length
        self.message = message
        self.allowed = allowed
    }

    init(_ message: String, at token: Token, allowed: [String] = []) {
        self.init(message, at: token.offset, length: token.length, allowed: allowed)
    }

    package var description: String { "character \(offset + 1): \(message)" }
}

extension ExpressionError {
    /// No field has this name: the nearest one is suggested.
    static func noField(_ name: String, at token: Token) -> ExpressionError {
        let names = RequestField.allCases.map(\.rawValue)
        let quoted = "there is no field \"\(QueryText.shortened(name))\""
        let letters = name.lowercased().sorted()
        let ranked = names.map { (name: $0, distance: Spelling.distance(name, $0), isSwap: $0.sorted() == letters) }
        // Of the same distance, what has its letters in another order is the likelier slip.
        let near = ranked.min { ($0.distance, $0.isSwap ? 0 : 1) < ($1.distance, $1.isSwap ? 0 : 1) }
        if let near, near.distance <= 2, near.isSwap || near.distance * 2 < near.name.utf8.count {
            return ExpressionError("\(quoted); did you mean \(near.name)?", at: token, allowed: names)
        }
        return ExpressionError("\(quoted); there are \(names.joined(separator: ", "))", at: token, allowed: names)
    }
}

/// How far two words are apart.
enum Spelling {
    /// Longer words are none of ours.
    private static let longest = 24

    /// Letters to be added, left out or replaced (Levenshtein).
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased().utf8), Array(right.utf8))
        guard left.count <= longest, right.count <= longest else { return .max }
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let replaced = diagonal + (right[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[right.count]
    }
}
