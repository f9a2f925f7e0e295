import API
import FoundationEssentials
import Testing

/// The table of fields as the manual page and OpenAPI have it. With `WAYBILL_SNAPSHOTS=write` it is written there.
@Suite struct ExpressionDocumentTests {
    @Test func theManualPageHasTheFields() throws {
        let items = RequestField.allCases.map { field in
            ".It Li \(Self.quotedForRoff(field.example))\n\(Self.escapedForRoff(Self.meaning(of: field)))."
        }
        try check(
            "docs/man/waybill.1", between: ".\\\" Fields of conditions, as `waybill fields` has them.",
            ".\\\" End of fields.", items.joined(separator: "\n"))
    }

    @Test func openAPIHasTheFields() throws {
        let indent = "        "
        var lines = [
            "A condition on the fields of a request: tests `field operator value` joined with `and`, `or`, `not` and",
            "parentheses. Operators are `=`, `!=`, `in`, for texts `~` (contains, or matches as a whole where there is `*` or",
            "`?`), for quantities `<`, `<=`, `>` and `>=`. A field by itself holds where it is known, and neither false nor 0.",
            "`a != b` is `not a = b`, so it holds too where the field is not known. Values that hold blanks or signs are",
            "quoted. At most \(Expression.depthLimit) levels deep, \(Expression.termLimit) tests and values. Fields by an example each:",
            "",
        ]
        lines += RequestField.allCases.map { "- `\($0.example)`: \(Self.meaning(of: $0))" }
        let text = lines.map { $0.isEmpty ? "" : indent + $0 }.joined(separator: "\n")
        try check(
            "docs/openapi.yaml", between: "      # Written by ExpressionDocumentTests.\n      description: |",
            "      # End of fields.", text)
    }

    /// The summary, and the words of a closed vocabulary.
    private static func meaning(of field: RequestField) -> String {
        switch field.kind {
        case .word(let words), .rank(let words): "\(field.summary): \(words.joined(separator: ", "))"
        case .text, .name, .host, .number, .span, .size, .flag: field.summary
        }
    }

    private static func quotedForRoff(_ text: String) -> String { "\"\(escapedForRoff(text))\"" }

    /// roff(7): a tilde and a hyphen would be typeset as other characters.
    private static func escapedForRoff(_ text: String) -> String {
        text.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "\\(ti")
    }

    private func check(_ file: String, between start: String, _ end: String, _ text: String) throws {
        let folders = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let path = (folders + [Substring(file)]).joined(separator: "/")
        let document = try String(contentsOfFile: path, encoding: .utf8)
        let open = try #require(document.firstRange(of: start + "\n")).upperBound
        let close = try #require(document[open...].firstRange(of: "\n" + end)).lowerBound
        if ProcessInfo.processInfo.environment["WAYBILL_SNAPSHOTS"] == "write" {
            let written = document[..<open] + text + document[close...]
            try written.write(toFile: path, atomically: true, encoding: .utf8)
            return
        }
        #expect(document[open..<close] == text[...], "\(file) has other fields; write it with WAYBILL_SNAPSHOTS=write")
    }
}
