import Testing

@testable import Terminal

@Suite struct EscapingTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var escaped: String
    }

    @Test(arguments: [
        Example(testDescription: "plain ASCII stays", text: "example.org", escaped: "example.org"),
        Example(testDescription: "a backslash stays", text: #"a\032b"#, escaped: #"a\032b"#),
        Example(testDescription: "letters of all scripts stay", text: "bücher 例え שלום", escaped: "bücher 例え שלום"),
        Example(testDescription: "clear screen", text: "\u{1B}[2Jx", escaped: #"\x1b[2Jx"#),
        Example(testDescription: "line breaks and tab", text: "a\r\n\tb", escaped: #"a\x0d\x0a\x09b"#),
        Example(testDescription: "NUL, bell and DEL", text: "\0\u{7}\u{7F}", escaped: #"\x00\x07\x7f"#),
        Example(testDescription: "C1 control sequence introducer", text: "\u{9B}31m", escaped: #"\x9b31m"#),
        Example(testDescription: "right-to-left override", text: "a\u{202E}gpj", escaped: #"a\u{202e}gpj"#),
        Example(testDescription: "isolate", text: "\u{2066}x\u{2069}", escaped: #"\u{2066}x\u{2069}"#),
        Example(
            testDescription: "zero width space and joiner", text: "a\u{200B}\u{200D}b", escaped: #"a\u{200b}\u{200d}b"#),
        Example(testDescription: "byte order mark", text: "\u{FEFF}a", escaped: #"\u{feff}a"#),
        Example(testDescription: "variation selector", text: "☎\u{FE0F}", escaped: #"☎\u{fe0f}"#),
        Example(testDescription: "tag characters", text: "\u{E0041}", escaped: #"\u{e0041}"#),
        Example(testDescription: "line separator, wide space", text: "\u{2028}\u{3000}", escaped: #"\u{2028}\u{3000}"#),
        Example(testDescription: "private and unassigned", text: "\u{E000}\u{378}", escaped: #"\u{e000}\u{378}"#),
        Example(testDescription: "Hangul filler", text: "\u{3164}", escaped: #"\u{3164}"#),
        Example(testDescription: "an accent on its base stays", text: "e\u{301}", escaped: "e\u{301}"),
        Example(testDescription: "an accent without a base", text: "\u{301}e", escaped: #"\u{301}e"#),
        Example(
            testDescription: "a pile of marks is cut at three", text: "a\u{301}\u{302}\u{303}\u{304}",
            escaped: "a\u{301}\u{302}\u{303}" + #"\u{304}"#),
        Example(
            testDescription: "bytes that are no UTF-8 arrive as U+FFFD",
            text: String(decoding: [0x61, 0xFF, 0x9B] as [UInt8], as: UTF8.self), escaped: "a\u{FFFD}\u{FFFD}"),
    ])
    func writesOut(_ example: Example) {
        #expect(Escaping.escape(example.text) == example.escaped)
    }

    @Test func nothingThatSteersATerminalPassesALine() {
        for value in 0...0x2_FFFF {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let shown = Line("a" + String(scalar) + "b").rendered(inColor: false)
            for passed in shown.unicodeScalars {
                #expect(passed.value >= 0x20 && !(0x7F...0x9F).contains(passed.value), "U+\(String(value, radix: 16))")
                #expect(!passed.properties.isDefaultIgnorableCodePoint, "U+\(String(value, radix: 16))")
            }
        }
    }
}
