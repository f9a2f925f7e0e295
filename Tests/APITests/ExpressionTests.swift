import RecordSamples
import Testing

@testable import API

@Suite struct ExpressionTests {
    /// A request as a table of what is known of it.
    struct Subject: ExpressionSubject {
        var known: [RequestField: [FieldValue]]
        var hosts: [RequestField: Set<String>] = [:]

        func values(of field: RequestField) -> [FieldValue] { known[field] ?? [] }

        func isAt(_ destination: Destination, _ field: RequestField) -> Bool {
            hosts[field]?.contains(destination.description) ?? false
        }
    }

    static let page = Subject(
        known: [
            .process: [.text("curl"), .text("/usr/bin/curl")], .pid: [.number(42)], .toPort: [.number(443)],
            .port: [.number(49152), .number(443)], .name: [.text("www.Example.org.")], .transport: [.text("tcp")],
            .failed: [.flag(true)], .stage: [.text("connect")], .severity: [.text("warning")],
            .duration: [.number(500_000)], .bytes: [.number(1_500_000)], .sent: [.number(0)],
            .httpStatus: [.number(200), .number(503)], .nat: [.text("snat")],
        ],
        hosts: [.to: ["example.org", "10.0.0.0/8", "example.org:443"]])

    @Test(arguments: [
        ("failed", true), ("not failed", false), ("!failed", false), ("failed = true", true), ("failed != true", false),
        ("complete", false), ("not complete", true), ("process = curl", true), ("process=curl", true),
        ("process == curl", true), ("process = Curl", false), ("process = /usr/bin/curl", true),
        ("process != curl", false), ("process != wget", true), ("user != root", true), ("user = root", false),
        ("process ~ CUR", true), ("process ~ c?rl", true), ("process ~ c?r", false), ("process ~ */bin/*", true),
        ("to.port = 443", true), ("to.port in (80,443)", true), ("to.port in (80, 8080)", false),
        ("to.port not in (80, 443)", false), ("to.port in 443", true), ("to.port > 442", true),
        ("to.port > 443", false),
        ("to.port >= 443", true), ("to.port < 444 and to.port <= 443", true), ("port = 49152", true),
        ("name = www.example.org", true), ("name = WWW.example.org.", true), ("name = example.org", false),
        ("name = www.example.org..", true),
        ("name ~ example", true), ("name ~ \"*.example.org.\"", true), ("name", true), ("user", false),
        ("protocol = tcp", true), ("protocol = TCP", true), ("PROTOCOL = tcp", true),
        ("stage in (name, connect)", true),
        ("severity >= notice", true), ("severity > warning", false), ("severity = warning", true),
        ("severity < error", true), ("duration = 500ms", true), ("duration >= 0.5s", true), ("duration > 500ms", false),
        ("duration < 1m", true), ("bytes = 1.5MB", true), ("bytes > 1MiB", true), ("bytes > 1500000", false),
        ("bytes", true), ("sent", false), ("sent = 0", true), ("http.status >= 500", true), ("http.status = 200", true),
        ("http.status != 200", false), ("nat", true), ("nat = dnat", false),
        ("to = example.org", true), ("to in 10.0.0.0/8", true), ("to in (192.0.2.0/24, example.org:443)", true),
        ("to != example.org", false), ("from = 10.0.0.1", false),
        ("failed and to.port = 80 or pid = 42", true), ("failed and (to.port = 80 or pid = 42)", true),
        ("pid = 42 or failed and to.port = 80", true), ("(pid = 42 or failed) and to.port = 80", false),
        ("not failed or pid = 42", true), ("not (failed or pid = 42)", false), ("not not failed", true),
        ("failed && pid == 42", true), ("complete || failed", true), ("process = \"curl\"", true),
        ("process = 'curl'", true), ("process in ('a b', curl)", true), ("failed and\n\tpid = 42", true),
    ])
    func holds(_ text: String, _ isSo: Bool) throws {
        var subject = Self.page
        #expect(try Expression(text).matches(&subject) == isSo)
        let printed = try Expression(text).description
        #expect(try Expression(printed) == Expression(text), "\(printed)")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var text: String
        var offset: Int
        var length: Int
        var message: String
        var testDescription: String { text }

        init(_ text: String, at offset: Int, _ length: Int, _ message: String) {
            self.text = text
            self.offset = offset
            self.length = length
            self.message = message
        }
    }

    @Test(arguments: [
        Mistake("", at: 0, 0, "there is nothing here"), Mistake("  ", at: 2, 0, "there is nothing here"),
        Mistake("proces = curl", at: 0, 6, "there is no field \"proces\"; did you mean process?"),
        Mistake("failed and colour = red", at: 11, 6, "there is no field \"colour\"; there are process, pid,"),
        Mistake("prot = tcp", at: 0, 4, "there is no field \"prot\"; did you mean port?"),
        Mistake("http", at: 0, 4, "there is no field \"http\"; there are process, pid,"),
        Mistake("\"failed\"", at: 0, 8, "there is no field \"failed\"; did you mean failed?"),
        Mistake("process curl", at: 8, 4, "=, !=, in, ~ is expected after process"),
        Mistake("process < curl", at: 8, 1, "process cannot be compared like that; it has =, !=, in, ~"),
        Mistake("failed in (true)", at: 7, 2, "failed cannot be compared like that; it has =, !="),
        Mistake("protocol = sctp", at: 11, 4, "protocol cannot be \"sctp\"; allowed are tcp, udp, icmp, icmpv6"),
        Mistake("to.port = 65536", at: 10, 5, "to.port cannot be \"65536\"; allowed are numbers from 0 to 65535"),
        Mistake("to.port = -1", at: 10, 2, "to.port cannot be \"-1\""),
        Mistake("pid = 99999999999999999999", at: 6, 20, "pid cannot be"),
        Mistake("duration > 500", at: 11, 3, "duration cannot be \"500\"; allowed are a number with a unit"),
        Mistake("duration > 0.0000001s", at: 11, 10, "duration cannot be"),
        Mistake("bytes > 99999999999TB", at: 8, 13, "bytes cannot be"),
        Mistake("to = 10.0.0.0/33", at: 5, 11, "to cannot be \"10.0.0.0/33\"; allowed are a name"),
        Mistake("from = example.org", at: 7, 11, "from cannot be \"example.org\"; allowed are an address"),
        Mistake("to.port in (80, 443", at: 11, 1, "this ( is never closed"),
        Mistake("to.port in (80 443)", at: 15, 3, "a comma or ) is expected here"),
        Mistake("to.port in ()", at: 12, 1, "a value of to.port is expected here: numbers from 0 to 65535"),
        Mistake("to.port not 80", at: 12, 2, "in is expected here"),
        Mistake("(failed", at: 0, 1, "this ( is never closed"), Mistake("failed)", at: 6, 1, "nothing opened this )"),
        Mistake("(failed pid = 1)", at: 8, 3, "=, != is expected after failed"),
        Mistake("process = curl failed", at: 15, 6, "and, or or the end is expected here"),
        Mistake("failed and", at: 10, 0, "a field is expected here"),
        Mistake("or failed", at: 0, 2, "a field is expected"),
        Mistake("process =", at: 9, 0, "a value of process is expected here: a text"),
        Mistake("process = and", at: 10, 3, "a value is expected here; this word is one only in quotation marks"),
        Mistake("process = \"", at: 10, 1, "this quotation mark is never closed"),
        Mistake("process = ''", at: 10, 2, "process cannot be \"\""),
        Mistake("failed & failed", at: 7, 1, "a single &"),
        Mistake("failed | failed", at: 7, 1, "a single |"),
        Mistake("failed\u{1B}[31m", at: 6, 1, "a control character"),
        Mistake("größe = 1", at: 0, 5, "there is no field \"größe\""),
        Mistake("name = \"bücher\" ader failed", at: 16, 4, "and, or or the end"),
    ])
    func pointsAtTheCharacter(_ mistake: Mistake) {
        let error = #expect(throws: ExpressionError.self) { try Expression(mistake.text) }
        #expect(error?.offset == mistake.offset && error?.length == mistake.length, "\(String(describing: error))")
        #expect(error?.message.hasPrefix(mistake.message) == true, "\(String(describing: error))")
    }

    @Test func depthAndLengthAreBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "failed" + String(repeating: ")", count: depth)
        }
        _ = try Expression(nested(Expression.depthLimit))
        _ = try Expression(String(repeating: "not ", count: Expression.depthLimit) + "failed")
        for text in [
            nested(Expression.depthLimit + 1), String(repeating: "not ", count: 900) + "failed",
            String(repeating: "!(", count: 2000), String(repeating: "(", count: 4096),
        ] {
            let error = #expect(throws: ExpressionError.self) { try Expression(text) }
            #expect(error?.message.contains("nested more than") == true)
        }
        let ports = (1...Expression.termLimit).map(String.init).joined(separator: ",")
        let tooMany = #expect(throws: ExpressionError.self) { try Expression("port in (\(ports))") }
        #expect(tooMany?.message.contains("more than 256 tests and values") == true)
        let tests = Array(repeating: "failed", count: Expression.termLimit).joined(separator: " or ")
        _ = try Expression(tests)
        #expect(throws: ExpressionError.self) { try Expression(tests + " or failed") }
        let long = "process = " + String(repeating: "a", count: Expression.byteLimit)
        _ = try Expression("process ~ " + String(repeating: "*", count: Expression.valueLimit))
        let value = #expect(throws: ExpressionError.self) {
            try Expression("process ~ " + String(repeating: "*", count: Expression.valueLimit + 1))
        }
        #expect(value?.offset == 10 && value?.message == "this value is longer than 256 bytes")
        let tooLong = #expect(throws: ExpressionError.self) { try Expression(long) }
        #expect(tooLong?.message.contains("longer than 4096 bytes") == true)
    }

    @Test func bothAreOne() throws {
        let left = try Expression("failed or complete")
        let right = try Expression("pid = 1")
        #expect(try Expression.both(left, right)?.text == "(failed or complete) and (pid = 1)")
        #expect(try Expression.both(nil, right) == right)
        #expect(try Expression.both(left, nil) == left)
        #expect(try Expression.both(nil, nil) == nil)
    }

    @Test func everyExampleIsOne() throws {
        for field in RequestField.allCases {
            let expression = try Expression(field.example)
            #expect(try Expression(expression.description) == expression)
            #expect(field.example.contains(field.rawValue), "\(field)")
        }
    }

    @Test(arguments: [
        ("*", "", true), ("*", "abc", true), ("a*c", "abbbc", true), ("a*c", "abbb", false), ("?", "", false),
        ("??", "ab", true), ("*a*b*", "xaxbx", true), ("*.org", "example.org.", false), ("a", "bAb", true),
        ("é", "CAFÉ", true), ("**", "a", true), ("*aab", "aaaab", true), ("*aaab", "aaaaaaab", true),
        ("a?", "a*", true),
    ])
    func wildcards(_ pattern: String, _ text: String, _ isSo: Bool) {
        #expect(Wildcard(pattern).matches(text) == isSo)
    }

    /// Exponential in a naive matcher.
    @Test func wildcardsTakeLittleTime() {
        let pattern = String(repeating: "*a", count: 100) + "*b"
        #expect(!Wildcard(pattern).matches(String(repeating: "a", count: 4000)))
    }

    @Test(
        arguments: [
            (Quantities.spans, "500ms", 500_000, "500ms"), (.spans, "1.5s", 1_500_000, "1500ms"), (.spans, "0", 0, "0"),
            (.spans, "90s", 90_000_000, "90s"), (.spans, "120s", 120_000_000, "2m"),
            (.spans, "7D", 604_800_000_000, "7d"),
            (.spans, "3µs", 3, "3us"), (.sizes, "1MB", 1_000_000, "1MB"), (.sizes, "1mb", 1_000_000, "1MB"),
            (.sizes, "1KiB", 1024, "1024B"), (.sizes, "12", 12, "12B"), (.sizes, "0.5k", 500, "500B"),
            (.sizes, "18446744073709551615", .max, "18446744073709551615B"),
        ] as [(Quantities, String, UInt64, String)])
    func quantities(_ kind: Quantities, _ text: String, _ number: UInt64, _ printed: String) {
        #expect(kind.number(text) == number)
        #expect(kind.text(number) == printed)
        #expect(kind.number(printed) == number)
    }

    @Test(arguments: ["", "ms", "-1ms", "1.ms", ".5s", "1 ms", "1w", "1e3s", "٣s", "99999999999d", "0.1234567890s"])
    func refusesSpan(_ text: String) { #expect(Quantities.spans.number(text) == nil) }
}

/// Random expressions, made from the grammar and from noise.
@Suite struct ExpressionPropertyTests {
    @Test func whatIsPrintedReadsBack() throws {
        for seed in 0..<3000 {
            var writer = ExpressionWriter(seed: UInt64(seed))
            let text = writer.condition(depth: 5)
            let expression: Expression
            do throws(ExpressionError) {
                expression = try Expression(text)
            } catch {
                #expect(error.message.contains(" than "), "\(text): \(error)")
                continue
            }
            let printed = expression.description
            guard printed.utf8.count <= Expression.byteLimit else { continue }
            #expect(try Expression(printed) == expression, "\(text)\n\(printed)")
            var subject = ExpressionTests.page
            #expect(try Expression(printed).matches(&subject) == expression.matches(&subject))
        }
    }

    @Test func noiseIsReadOrRefusedAtAPlace() {
        for seed in 0..<20_000 {
            var writer = ExpressionWriter(seed: UInt64(seed))
            let text = writer.noise()
            do throws(ExpressionError) {
                var subject = ExpressionTests.page
                _ = try Expression(text).matches(&subject)
            } catch {
                let count = text.unicodeScalars.count
                #expect((0...count).contains(error.offset) && error.offset + error.length <= count, "\(text)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}

private struct ExpressionWriter {
    private var random: RecordGenerator

    init(seed: UInt64) { random = RecordGenerator(seed: seed) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    mutating func condition(depth: Int) -> String {
        switch depth > 0 ? Int.random(in: 0..<6, using: &random) : 5 {
        case 0:
            return (0...Int.random(in: 1...3, using: &random)).map { _ in one(depth) }.joined(
                separator: pick([" and ", "&&"]))
        case 1:
            return (0...Int.random(in: 1...3, using: &random)).map { _ in one(depth) }.joined(
                separator: pick([" or ", " || "]))
        case 2: return "\(one(depth)) and \(one(depth)) or \(one(depth))"
        default: return one(depth)
        }
    }

    private mutating func one(_ depth: Int) -> String {
        switch depth > 0 ? Int.random(in: 0..<5, using: &random) : 4 {
        case 0: "not \(one(depth - 1))"
        case 1: "(\(condition(depth: depth - 1)))"
        default: test()
        }
    }

    private mutating func test() -> String {
        let field = pick(RequestField.allCases)
        guard Bool.random(using: &random) else { return field.rawValue }
        let comparison = pick(field.comparisons)
        guard comparison == .among, Bool.random(using: &random) else {
            return "\(field.rawValue)\(comparison == .among ? " in " : comparison.rawValue)\(value(field, comparison))"
        }
        let values = (0...Int.random(in: 0...3, using: &random)).map { _ in value(field, comparison) }
        return "\(field.rawValue) \(pick(["in", "not in"])) (\(values.joined(separator: ",")))"
    }

    private mutating func value(_ field: RequestField, _ comparison: Comparison) -> String {
        if comparison == .like { return text() }
        switch field.kind {
        case .text, .name: return text()
        case .host:
            let hosts = ["10.0.0.0/8", "192.0.2.1:80", "[2001:db8::1]:443", "2001:db8::/32", "::"]
            return pick(field == .to ? hosts + ["Example.org.", "a.example:1"] : hosts)
        case .number(let range): return String(UInt64.random(in: range, using: &random))
        case .span:
            return "\(UInt64.random(in: 0...10_000, using: &random))\(pick(["us", "ms", "s", "M", "h", "d", ".5s"]))"
        case .size:
            return "\(UInt64.random(in: 0...10_000, using: &random))\(pick(["", "B", "kb", "MiB", "G", "TB", ".5k"]))"
        case .flag: return pick(["true", "false"])
        case .word(let words), .rank(let words): return pick(words)
        }
    }

    private mutating func text() -> String {
        let letters = Array("ab.*?-/ \"'\\(),=é界\u{301}\n".unicodeScalars)
        var quoted = "\""
        for _ in 0...Int.random(in: 0...6, using: &random) {
            let letter = pick(letters)
            if letter == "\"" || letter == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(letter)
        }
        return pick([quoted + "\"", "curl", "a.b", "*x", "'and'"])
    }

    /// Pieces of the language and of nothing, in any order.
    mutating func noise() -> String {
        let pieces =
            [
                "and", "or", "not", "in", "(", ")", ",", "=", "!=", "<", "<=", "~", "!", "&", "|", "\"", "'", "\\", " ",
                " ",
                "80", "1.5MB", "500ms", "10.0.0.0/8", "true", "tcp", "\u{0}", "\u{1B}", "\u{301}", "\u{202E}", "👩‍👧", "é",
            ]
            + RequestField.allCases.map(\.rawValue)
        return (0..<Int.random(in: 0...24, using: &random)).map { _ in pick(pieces) }.joined(
            separator: pick(["", " "]))
    }
}
