import Terminal

/// Writes frames to a terminal: of each only the lines that are not there already, for slow connections.
struct FrameWriter {
    private var shown: [String] = []

    /// The next frame is written as a whole: what is on the screen is not known.
    mutating func forget() { shown = [] }

    /// The bytes that make the screen show `lines`; empty when it does. Positions count from 1 (CUP, ECMA-48 §8.3.21).
    mutating func bytes(for lines: [Line], isColored: Bool) -> String {
        let texts = lines.map { $0.rendered(inColor: isColored) }
        var output = shown.count == texts.count ? "" : "\u{1B}[2J"
        for (row, text) in texts.enumerated() where shown.count != texts.count || shown[row] != text {
            // A line as wide as the terminal leaves nothing to erase, and erasing there would take its last cell.
            output += "\u{1B}[\(row + 1);1H\u{1B}[2K\(text)"
        }
        shown = texts
        return output
    }
}
