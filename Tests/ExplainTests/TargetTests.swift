import API
import Explain
import Testing

/// What a word stands for.
@Suite struct TargetTests {
    @Test(
        arguments: [
            ("192.0.2.1", .destination(Destination("192.0.2.1")!)),
            ("192.0.2.0/24", .destination(Destination("192.0.2.0/24")!)),
            ("192.0.2.1:443", .destination(Destination("192.0.2.1:443")!)),
            ("2001:db8::1", .destination(Destination("2001:db8::1")!)),
            ("[2001:db8::1]:443", .destination(Destination("[2001:db8::1]:443")!)),
            ("www.example.org", .destination(Destination("www.example.org")!)),
            ("www.example.org:8443", .destination(Destination("www.example.org:8443")!)),
            ("https://www.example.org/a?b#c", .destination(Destination("www.example.org:443")!)),
            ("http://user:secret@www.example.org:81/", .destination(Destination("www.example.org:81")!)),
            ("HTTPS://[2001:db8::1]/", .destination(Destination("[2001:db8::1]:443")!)),
            ("gopher://www.example.org", .destination(Destination("www.example.org")!)),
            ("curl", .word("curl")), ("/usr/bin/curl", .process("/usr/bin/curl")),
            ("backup.service", .unit("backup.service")), (":443", .port(443)), ("pid:17", .pid(17)),
            ("id:4TX9", .id("4tx9")), ("process:a b", .process("a b")), ("user:1000", .user("1000")),
            ("unit:backup", .unit("backup")), ("to:printer", .destination(Destination("printer")!)),
        ] as [(String, Target)])
    func means(_ text: String, _ target: Target) throws { #expect(try Target(text) == target) }

    @Test(arguments: [
        "", "8080", ":0", ":65536", ":x", "pid:x", "pid:", "id:", "to:1.2.3", "https://", "https:///a", "1.2.3.4.5/x",
        String(repeating: "a", count: 3000),
    ])
    func meansNothing(_ text: String) {
        #expect(throws: TargetError.self) { try Target(text) }
    }

    @Test(arguments: [
        ("www.example.org:99999", "\"99999\" is no port: a port is a number from 1 to 65535"),
        ("192.0.2.1:http", "\"http\" is no port"), ("[2001:db8::1]:x", "\"x\" is no port"),
        ("https://www.example.org:99999/a", "\"99999\" is no port"), ("https:///a", "the URL names no host"),
        (":99999", "a port is a number from 1 to 65535"), ("pid:x", "\"pid:x\" cannot be explained: a pid is a number"),
        ("", "it is empty"), (String(repeating: "a", count: 3000), "it is longer than 2048 bytes"),
        ("a:b:c", "it is neither a name nor an address"),
    ])
    func saysWhatIsWrong(_ text: String, _ reason: String) {
        do {
            _ = try Target(text)
            Issue.record("\(text.prefix(80)) is taken")
        } catch { #expect(error.description.contains(reason), "\(error)") }
    }

    @Test func saysWhatANumberMayBe() {
        #expect(throws: TargetError.self) { try Target("8080") }
        do { _ = try Target("8080") } catch {
            #expect(error.description.contains("a port (:8080) or a process (pid:8080)"))
        }
    }

    @Test func lookupsOfANameCountWhateverThePort() throws {
        let target = try Target("https://www.example.org/")
        #expect(target.queries.map(\.queryString) == ["to=www.example.org"])
        #expect(target.includes(.sample(1)))
        var other = Request.sample(1)
        other.server.port = 80
        #expect(!target.includes(other))
        other.application = "dns"
        #expect(target.includes(other))
        #expect(try Target("192.0.2.1:443").queries.map(\.queryString) == ["to=192.0.2.1%3A443"])
    }

    @Test func aWordIsAProgramThenANameThenAnIdentifier() throws {
        let word = try Target("abcd")
        #expect(word.queries.map(\.queryString) == ["process=abcd", "to=abcd"] && word.id == "abcd")
        #expect(try Target("curl").id == "curl" && Target("ssh").id == nil)
    }
}
