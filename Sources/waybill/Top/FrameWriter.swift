import Terminal

/// Writes frames to a terminal: of each only the lines that are not there already, for slow connections.
struct FrameWriter {
    private var shown: [String] = []

    /// The next frame is written as a whole: what is on the screen is not known.
    mutating func forget() { shown = [] }

    /// The bytes that make the screen show `lines`, one for each of its rows; empty when it does. Positions count from 1
    /// (CUP, ECMA-48 §8.3.21).
    mutating func bytes(for lines: [Line], isColored: Bool) -> String {
        let texts = lines.map { $0.rendered(inColor: isColored) }
        var output = ""
        for (row, text) in texts.enumerated() where shown.count != texts.count || shown[row] != text {
            // A line as wide as the terminal leaves nothing to erase, and erasing there would take its last cell.
            output += Self.erasing(row: row) + text
        }
        shown = texts
        return output
    }

    /// The bytes that leave nothing in the first `rows` rows, and the cursor at their beginning.
    static func erasing(rows: Int) -> String { (0..<rows).map { erasing(row: $0) }.joined() + "\u{1B}[1;1H" }

    /// Moves to the beginning of a row and empties it (EL).
    private static func erasing(row: Int) -> String { "\u{1B}[\(row + 1);1H\u{1B}[2K" }
}
