import Testing

@testable import Terminal

@Suite struct LineTests {
    @Test(arguments: [
        ("example.org", 20, "example.org"), ("example.org", 11, "example.org"), ("example.org", 8, "example…"),
        ("例え.jp", 4, "例…"), ("ab", 1, "…"), ("ab", 0, ""), ("ab", -1, ""),
    ])
    func truncatesByCells(_ text: String, _ cells: Int, _ shown: String) {
        let line = Line(text).truncated(to: cells, ellipsis: "…")
        #expect(line.rendered(inColor: false) == shown)
        #expect(line.width <= max(cells, 0))
    }

    @Test func truncatesAcrossRuns() {
        var line = Line("abc", .name)
        line.append("def", .quiet)
        #expect(line.truncated(to: 5, ellipsis: "…").rendered(inColor: false) == "abcd…")
        #expect(line.truncated(to: 3, ellipsis: "...").rendered(inColor: false) == "...")
    }

    @Test func colorsRunsAndTrimsTheEnd() {
        var line = Line("✓", .good)
        line.append(" ok")
        line.pad(to: 20)
        #expect(line.rendered(inColor: true) == "\u{1B}[32m✓\u{1B}[0m ok")
        #expect(line.rendered(inColor: false) == "✓ ok")
        #expect(line.width == 20)
    }

    @Test(arguments: [
        (20, "www.example.org:443"), (14, "www.examp…:443"), (9, "www.…:443"), (8, "www.exa…"), (1, "…"), (0, ""),
    ])
    func keepsTheTail(_ cells: Int, _ shown: String) {
        let line = Line("www.example.org", keeping: ":443").truncated(to: cells, ellipsis: "…")
        #expect(line.rendered(inColor: false) == shown)
    }

    @Test(arguments: [
        ("one two three", 8, ["one two", "three"]), ("one two three", 13, ["one two three"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]), ("a unbreakable", 4, ["a", "unbr", "eaka", "ble"]),
        ("例え 例え", 5, ["例え", "例え"]), ("例え", 1, ["例え"]), ("one  two", 5, ["one", "two"]),
    ])
    func wrapsAtSpaces(_ text: String, _ cells: Int, _ lines: [String]) {
        #expect(Line(text).wrapped(to: cells).map { $0.rendered(inColor: false) } == lines)
    }

    @Test func wrappingKeepsStyles() {
        var line = Line("one ", .bad)
        line.append("two three", .good)
        #expect(line.wrapped(to: 7).map(\.runs.count) == [2, 1])
    }

    @Test func whatIsNeededIsSetBeyondTheLimit() {
        let pieces = ["a reason that is told to its end", "retry", "rtt 3 ms", "mss 1460"].map { Line($0) }
        func packed(_ needed: Int) -> [String] {
            Paragraph.pack(pieces, separator: " · ", width: 24, limit: 1, needed: needed, ellipsis: "…")
                .map { $0.rendered(inColor: false) }
        }
        #expect(packed(0) == ["a reason that is told t…"])
        #expect(packed(1) == ["a reason that is told to", "its end · retry …"])
        #expect(packed(3) == ["a reason that is told to", "its end · retry", "rtt 3 ms · mss 1460"])
    }
}
