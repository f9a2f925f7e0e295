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
}
