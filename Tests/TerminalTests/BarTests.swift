import Testing

@testable import Terminal

@Suite struct BarTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var start: Double
        var end: Double
        var unicode: String
        var ascii: String
    }

    @Test(arguments: [
        Example(testDescription: "the whole", start: 0, end: 1, unicode: "━━━━━━━━", ascii: "[======]"),
        Example(testDescription: "the first half", start: 0, end: 0.5, unicode: "━━━━", ascii: "[==]"),
        Example(testDescription: "half cells", start: 0.0625, end: 0.3125, unicode: "╺━╸", ascii: " []"),
        Example(testDescription: "one half on the right", start: 0.0625, end: 0.125, unicode: "╺", ascii: " |"),
        Example(testDescription: "no time at all", start: 0.5, end: 0.5, unicode: "    ╸", ascii: "    |"),
        Example(testDescription: "no time at the end", start: 1, end: 1, unicode: "       ╺", ascii: "       |"),
        Example(testDescription: "outside is clamped", start: -3, end: 7, unicode: "━━━━━━━━", ascii: "[======]"),
        Example(testDescription: "end before start", start: 0.5, end: 0.1, unicode: "    ╸", ascii: "    |"),
        Example(testDescription: "not a number", start: .nan, end: .nan, unicode: "╸", ascii: "|"),
    ])
    func draws(_ example: Example) {
        let bar = Bar(start: example.start, end: example.end, style: .plain)
        #expect(bar.line(cells: 8, .unicode).rendered(inColor: false) == example.unicode)
        #expect(bar.line(cells: 8, .ascii).rendered(inColor: false) == example.ascii)
        #expect(bar.line(cells: 8, .words).isEmpty)
    }

    @Test func neverLeavesItsCells() {
        for start in stride(from: 0.0, through: 1, by: 0.01) {
            for end in stride(from: start, through: 1, by: 0.01) {
                for drawing in [Drawing.unicode, .ascii] {
                    for cells in [0, 1, 7] {
                        let width = Bar(start: start, end: end, style: .plain).line(cells: cells, drawing).width
                        #expect(width <= cells)
                        #expect(cells == 0 || width > 0)
                    }
                }
            }
        }
    }
}
