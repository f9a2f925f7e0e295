/// Which known word somebody meant.
enum Suggestion {
    /// The known word that takes the fewest changes; `nil` when none is near.
    static func nearest(to word: String, among known: [String]) -> String? {
        // Longer than any key could become by a slip: not worth the comparison.
        guard word.utf8.count <= 64 else { return nil }
        let ranked = known.map { (name: $0, distance: distance(Array(word.lowercased().utf8), Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(2, best.name.utf8.count / 3) ? best.name : nil
    }

    /// Insertions, deletions and replacements of bytes that turn one into the other (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let change = diagonal + (byte == right[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
