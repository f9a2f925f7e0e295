import Testing

@testable import Terminal

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("example.org", 11), ("bücher", 6), ("e\u{301}", 1), ("例え", 4), ("한글", 4), ("ｆｕｌｌ", 8), ("😀", 2),
        ("⌚", 2), ("☎", 1), ("│━╸…", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("𠀀", 2), ("\u{FFFD}", 1), ("שלום", 4),
    ])
    func counts(_ text: String, _ cells: Int) {
        #expect(DisplayWidth.cells(text) == cells)
    }

    @Test(arguments: [
        ("example", 3, "exa"), ("例え", 3, "例"), ("例え", 1, ""), ("e\u{301}e\u{301}", 1, "e\u{301}"), ("abc", 9, "abc"),
        ("abc", 0, ""),
    ])
    func cutsBetweenCharacters(_ text: String, _ cells: Int, _ prefix: String) {
        #expect(DisplayWidth.prefix(text, cells: cells) == prefix)
    }
}
