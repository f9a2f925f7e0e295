import Terminal
import Testing

@testable import waybill

/// What a terminal shows after the bytes of several frames, by the few sequences that they may have.
@Suite struct FrameWriterTests {
    /// Rows of a terminal that only knows how to go to the beginning of a row (CUP) and to empty it (EL).
    private struct Rows {
        var rows: [String]

        init(_ count: Int, showing text: String) { rows = Array(repeating: text, count: count) }

        mutating func take(_ bytes: String) throws {
            for piece in bytes.split(separator: "\u{1B}[") {
                let end = try #require(piece.firstIndex { "HK".contains($0) }, "\(piece.debugDescription)")
                let text = String(piece[piece.index(after: end)...])
                if piece[end] == "H" {
                    try #require(piece[..<end].hasSuffix(";1"))
                    row = try #require(Int(piece[..<end].dropLast(2))) - 1
                    #expect(rows.indices.contains(row) && text.isEmpty)
                } else {
                    try #require(piece[..<end] == "2")
                    rows[row] = text
                }
            }
        }

        private var row = 0
    }

    private static func frame(_ rows: Int, _ text: String) -> [Line] {
        (0..<rows).map { Line($0 % 3 == 0 ? "" : "\(text) \($0)") }
    }

    /// However often the size changes and whatever stood there before: nothing of it is left, and without a sequence that
    /// pushes lines into a history.
    @Test func nothingOfAnEarlierFrameIsLeft() throws {
        var writer = FrameWriter()
        for (turn, rows) in [24, 50, 24, 8, 12, 90, 1, 24].enumerated() {
            var terminal = Rows(rows, showing: "another's")
            writer.forget()
            let first = Self.frame(rows, "turn \(turn)")
            let texts = first.map { $0.rendered(inColor: false) }
            try terminal.take(writer.bytes(for: first, isColored: false))
            #expect(terminal.rows == texts)
            let again = writer.bytes(for: first, isColored: false)
            #expect(again == "", "it shows that already")
            var second = first
            second[rows / 2] = Line("otherwise")
            let bytes = writer.bytes(for: second, isColored: false)
            #expect(bytes.split(separator: "H").count == 2, "one row alone: \(bytes.debugDescription)")
            try terminal.take(bytes)
            #expect(terminal.rows[rows / 2] == "otherwise")
            try terminal.take(FrameWriter.erasing(rows: rows))
            #expect(terminal.rows == Array(repeating: "", count: rows), "at the end it leaves nothing")
        }
    }
}
