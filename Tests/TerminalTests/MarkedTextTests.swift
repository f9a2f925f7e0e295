import Testing

@testable import Terminal

@Suite struct MarkedTextTests {
    @Test(arguments: [
        ("a bc d", 2, 2, ["a bc d", "  ^~"]), ("abc", 3, 0, ["abc", "   ^"]), ("", 0, 0, ["", "^"]),
        ("a\nbc", 2, 1, ["a\\x0abc", "     ^"]), ("例 x", 2, 1, ["例 x", "   ^"]), ("abc", 99, 99, ["abc", "   ^"]),
        ("abc", -1, 1, ["abc", "^"]), ("\u{1B}[31mx", 0, 1, ["\\x1b[31mx", "^~~~"]),
    ])
    func marks(_ text: String, _ offset: Int, _ length: Int, _ lines: [String]) {
        let found = MarkedText(text, offset: offset, length: length).lines(width: 40)
        #expect(found.map { $0.rendered(inColor: false) } == lines)
    }

    @Test(arguments: [0, 10, 39, 40, 100, 3999, 4000])
    func longTextsAreCutAroundTheMark(_ offset: Int) {
        for letter in ["a", "例", "\u{0}"] {
            let lines = MarkedText(String(repeating: letter, count: 4000), offset: offset, length: 1).lines(width: 40)
            #expect(lines.allSatisfy { $0.width <= 40 })
            #expect(lines[1].rendered(inColor: false).contains("^"))
        }
    }
}
