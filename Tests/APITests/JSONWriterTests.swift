import API
import Testing

@Suite struct JSONWriterTests {
    @Test(arguments: [
        ("", #""""#), ("example.org", #""example.org""#), (#"a"b\c/d"#, #""a\"b\\c/d""#),
        ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1F}\u{8}", #""\u0000\u001f\u0008""#),
        ("\u{7F}\u{80}\u{9F}\u{A0}", "\"\\u007f\\u0080\\u009f\u{A0}\""),
        (
            "\u{61C}\u{200E}\u{200F}\u{202A}\u{202E}\u{2066}\u{2069}\u{2028}",
            #""\u061c\u200e\u200f\u202a\u202e\u2066\u2069\u2028""#
        ),
        ("né名👩‍👧", "\"né名👩‍👧\""),
    ])
    func escapes(_ text: String, _ json: String) {
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.text == json)
    }

    @Test(
        arguments: [
            (0, "0"), (7, "7"), (10, "10"), (-1, "-1"), (1_000_000, "1000000"), (.max, "9223372036854775807"),
            (.min, "-9223372036854775808"),
        ] as [(Int64, String)])
    func writesIntegers(_ value: Int64, _ json: String) {
        var writer = JSONWriter()
        writer.integer(value)
        #expect(writer.text == json)
    }

    @Test func writesTheLargestInteger() {
        var writer = JSONWriter()
        writer.integer(UInt64.max)
        #expect(writer.text == "18446744073709551615")
    }

    @Test func separatesValues() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("a", 1)
        writer.field("b", nil as Int?)
        writer.field("c", [1, 2])
        writer.field("d", [] as [String])
        writer.key("e")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.beginObject()
        writer.endObject()
        writer.boolean(true)
        writer.null()
        writer.endArray()
        writer.field("f", "x,")
        writer.field("g", false)
        writer.endObject()
        writer.endLine()
        writer.beginObject()
        writer.endObject()
        #expect(writer.text == "{\"a\":1,\"c\":[1,2],\"d\":[],\"e\":[{},{},true,null],\"f\":\"x,\",\"g\":false}\n{}")
    }

    @Test func reusesItsBuffer() {
        var writer = JSONWriter()
        writer.string("first")
        writer.removeAll()
        writer.string("second")
        #expect(writer.text == #""second""#)
    }
}
