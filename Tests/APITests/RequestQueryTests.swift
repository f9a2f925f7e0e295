import API
import Testing

@Suite struct RequestQueryTests {
    @Test func readsEveryParameter() throws {
        let text =
            "process=curl&pid=4711&user=alice&unit=nginx.service&to=example.org%3A443&port=443&protocol=tcp"
            + "&direction=outbound&stage=connect&failed=true&state=no_answer&since=15m"
            + "&until=2026-11-21T10%3A42%3A07.000000000Z&where=failed%20and%20to.port%3D443&limit=10&cursor=a%2Bb"
        let query = try RequestQuery(queryString: text)
        #expect(query.queryString == text)
        #expect(query.process == "curl" && query.pid == 4711 && query.user == "alice" && query.unit == "nginx.service")
        #expect(query.to?.host == .name("example.org") && query.to?.port == 443 && query.port == 443)
        #expect(query.transport == .tcp && query.direction == .outbound && query.stage == .connect)
        #expect(query.failed == true && query.state == .noAnswer && query.since == .ago(seconds: 900))
        #expect(query.until == .time(Time(nanoseconds: 1_795_257_727_000_000_000)))
        #expect(query.expression?.description == "failed and to.port = 443")
        #expect(query.limit == 10 && query.cursor == "a+b")
    }

    @Test func emptyQueryHasNoFilter() throws {
        #expect(try RequestQuery(queryString: "") == RequestQuery())
        #expect(RequestQuery().queryString.isEmpty)
    }

    @Test(arguments: [
        ("protocol=sctp", #"protocol cannot be "sctp"; allowed are tcp, udp, icmp, icmpv6"#),
        ("port=65536", #"port cannot be "65536"; allowed are numbers from 0 to 65535"#),
        ("port=+1", #"port cannot be " 1"; allowed are numbers from 0 to 65535"#),
        ("pid=0", #"pid cannot be "0"; allowed are numbers from 1 to 4194304"#),
        ("limit=0", #"limit cannot be "0"; allowed are numbers from 1 to 1000"#),
        ("limit=99999999999999999999", #"limit cannot be "99999999999999999999"; allowed are numbers from 1 to 1000"#),
        ("failed", #"failed cannot be ""; allowed are true, false"#),
        ("process=", #"process cannot be ""; allowed are the name or path of a program, 1 to 256 bytes long"#),
        (
            "since=yesterday",
            #"since cannot be "yesterday"; allowed are an RFC 3339 time (2026-11-21T10:42:07Z), "#
                + "a span before now (90s, 15m, 2h, 7d)"
        ),
        ("failed=true&failed=true", "failed is given twice; give it once"),
        ("protocol=tcp%0A", #"protocol cannot be "tcp?"; allowed are tcp, udp, icmp, icmpv6"#),
    ])
    func saysWhatIsAllowed(_ text: String, _ message: String) {
        let error = #expect(throws: QueryError.self) { try RequestQuery(queryString: text) }
        #expect(error?.description == message)
    }

    @Test func saysWhereInAnExpression() throws {
        let error = #expect(throws: QueryError.self) {
            try RequestQuery(queryString: "where=failed+and+protocol%3Dsctp")
        }
        #expect(
            error?.description
                == #"where, character 21: protocol cannot be "sctp"; allowed are tcp, udp, icmp, icmpv6"#)
        let problem = Problem.badParameter(try #require(error))
        #expect(problem.parameter == "where" && problem.offset == 20 && problem.status == 400)
        #expect(problem.allowed == ["tcp", "udp", "icmp", "icmpv6"])
    }

    @Test func namesTheParametersThatThereAre() {
        let error = #expect(throws: QueryError.self) { try RequestQuery(queryString: "proto=tcp") }
        #expect(error?.parameter == "proto")
        #expect(error?.description.hasPrefix(#"there is no parameter "proto"; allowed are process, pid, "#) == true)
    }

    @Test(arguments: [
        ("example.org", "example.org"), ("Example.ORG.", "example.org"), ("example.org:443", "example.org:443"),
        ("localhost", "localhost"), ("_dmarc.example.org", "_dmarc.example.org"), ("4chan.example", "4chan.example"),
        ("192.0.2.1", "192.0.2.1"), ("192.0.2.1:80", "192.0.2.1:80"), ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.0/24:80", "192.0.2.0/24:80"), ("2001:db8::1", "2001:db8::1"), ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "[2001:db8::1]:443"), ("2001:db8::/32", "2001:db8::/32"),
        ("[2001:db8::/32]:443", "[2001:db8::/32]:443"), ("::", "::"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
    ])
    func readsDestinations(_ text: String, _ printed: String) throws {
        let destination = try #require(Destination(text))
        #expect(destination.description == printed)
        #expect(Destination(printed) == destination)
    }

    @Test(arguments: [
        "", ":", ":80", "192.0.2.256", "192.0.2", "01.2.3.4", "192.0.2.0/33", "192.0.2.0/", "2001:db8::/129", "1:2:3",
        "1:::2", "1::2::3", "[192.0.2.1]", "[2001:db8::1", "[2001:db8::1]443", "[]:80", "example.org:",
        "example.org:http",
        "example.org:65536", "example.org/24", "a b", "::1%lo", "12345",
        "example.org..", "example.org..:80",
    ])
    func refusesDestination(_ text: String) { #expect(Destination(text) == nil) }

    @Test(arguments: [("90s", "90s"), ("15m", "15m"), ("120m", "2h"), ("48h", "2d"), ("7d", "7d"), ("0s", "0s")])
    func readsSpans(_ text: String, _ printed: String) throws {
        #expect(try #require(Moment(text)).description == printed)
    }

    @Test(arguments: ["", "s", "-1s", "1.5h", "15", "15 m", "1w", "99999999999999999999d", "1000001d"])
    func refusesSpan(_ text: String) { #expect(Moment(text) == nil) }

    @Test func momentsSaturate() {
        let early = Time(nanoseconds: .min)
        #expect(Moment.ago(seconds: 86_400_000_000).time(now: early) == early)
        #expect(
            Moment.ago(seconds: 60).time(now: Time(nanoseconds: 61_000_000_000)) == Time(nanoseconds: 1_000_000_000))
    }

    @Test(arguments: ["", "a b&c=d", "100%", "%zz%4", "é👩‍👧", "\u{0}\n"])
    func encodingReadsBack(_ text: String) { #expect(QueryText.decode(QueryText.encode(text)) == text) }

    @Test(arguments: [("a+b", "a b"), ("%41%4a", "AJ"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%ff", "\u{FFFD}")])
    func decodes(_ text: String, _ decoded: String) { #expect(QueryText.decode(text) == decoded) }

    @Test func socketPathComesFromTheEnvironment() {
        #expect(SocketPath.resolved(environment: [:]) == "/run/waybill/waybill.sock")
        #expect(SocketPath.resolved(environment: ["WAYBILL_SOCKET": ""]) == "/run/waybill/waybill.sock")
        #expect(SocketPath.resolved(environment: ["WAYBILL_SOCKET": "/tmp/w.sock"]) == "/tmp/w.sock")
    }
}
