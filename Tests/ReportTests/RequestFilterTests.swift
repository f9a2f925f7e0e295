import API
import LifecycleSamples
import Model
import Report
import Testing

@Suite struct RequestFilterTests {
    @Test(arguments: [
        ("", "http", true), ("protocol=tcp", "http", true), ("protocol=udp", "http", false),
        ("direction=outbound", "http", true), ("direction=local", "http", false),
        ("port=80", "http", true), ("port=49152", "http", true), ("port=81", "http", false), ("port=77", "ping", false),
        ("to=example.org", "http", true), ("to=ORG", "http", true), ("to=ample.org", "http", false),
        ("to=example.org", "lookup", true), ("to=nosuch.example", "nxdomain", true),
        ("to=198.51.100.80", "http", true), ("to=198.51.100.80:80", "http", true),
        ("to=198.51.100.80:81", "http", false), ("to=198.51.100.0/24", "http", true), ("to=192.0.2.10", "http", false),
        ("to=::1", "loopback", true), ("to=::/0", "http", false),
        ("failed=true", "refused", true), ("failed=true", "http", false), ("failed=false", "http", true),
        ("failed=false", "refused", false), ("stage=connect", "refused", true), ("stage=name", "refused", false),
        ("stage=connect", "http", false), ("state=refused", "refused", true), ("state=closed", "refused", false),
        ("state=closed", "ping", false), ("since=10s", "http", true), ("since=2026-11-21T10:42:08Z", "http", false),
        ("until=2026-11-21T10:42:07Z", "http", false), ("until=2026-11-21T10:42:08Z", "http", true),
        ("protocol=tcp&failed=true&to=198.51.100.80", "refused", true),
        ("protocol=tcp&failed=true&to=::1", "refused", false),
    ])
    func asksOfLifecycles(_ text: String, _ sample: String, _ isMatch: Bool) throws {
        let filter = try RequestFilter(RequestQuery(queryString: text), now: after(1000))
        #expect(filter.matches(try #require(LifecycleSample.named(sample))) == isMatch)
    }

    private static let curl = Process(
        pid: 42, name: "curl", executable: "/opt/curl-8/bin/curl-with-a-long-name",
        user: Process.User(identifier: 1000, name: "alice"), unit: "web.service", networkNamespace: .own)

    @Test(arguments: [
        ("process=curl", true), ("process=/opt/curl-8/bin/curl-with-a-long-name", true),
        ("process=curl-with-a-long-name", true), ("process=bin", false), ("process=Curl", false),
        ("pid=42", true), ("pid=43", false), ("user=alice", true), ("user=1000", true), ("user=0", false),
        ("user=root", false), ("unit=web.service", true), ("unit=web", true), ("unit=we", false),
        ("process=curl&pid=42&user=alice&unit=web", true), ("process=curl&pid=43", false),
    ])
    func asksWhose(_ text: String, _ isMatch: Bool) throws {
        let filter = try RequestFilter(RequestQuery(queryString: text), now: after(1000))
        var lifecycle = try #require(LifecycleSample.named("http"))
        #expect(!filter.matches(lifecycle), "nobody is known to have asked")
        lifecycle.owner = SocketOwner(Self.curl, .traced)
        #expect(filter.matches(lifecycle) == isMatch)
    }

    @Test func theSocketTellsItsUserWhenNoProcessIsKnown() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        lifecycle.owner = SocketOwner(
            nil, .socket, user: Process.User(identifier: 33, name: "www-data"), reason: "it has ended")
        for (text, isMatch) in [("user=www-data", true), ("user=33", true), ("user=0", false), ("pid=33", false)] {
            let filter = try RequestFilter(RequestQuery(queryString: text), now: after(1000))
            #expect(filter.matches(lifecycle) == isMatch)
        }
    }
}

/// Conditions are asked of lifecycles as the filters are.
@Suite struct ConditionTests {
    @Test(arguments: [
        ("to = example.org", "http", true), ("to = ample.org", "http", false), ("to in 198.51.100.0/24", "http", true),
        ("to = 198.51.100.80:80", "http", true), ("to = 198.51.100.80:81", "http", false),
        ("to ~ 198.51", "http", true),
        ("from in 192.0.2.0/24", "http", true), ("from = 198.51.100.80", "http", false), ("to.port = 80", "http", true),
        ("from.port = 49152", "http", true), ("port = 49152", "http", true), ("port", "ping", false),
        ("name = Example.org.", "http", true), ("name ~ nosuch", "nxdomain", true),
        ("protocol = icmp", "ping", true),
        ("application = http", "http", true), ("direction = outbound", "http", true),
        ("interface = eth0", "http", true),
        ("failed", "refused", true), ("failed", "http", false),
        ("stage = connect and reason = refused", "refused", true),
        ("stage != connect", "http", true), ("outcome = ok", "http", true), ("state = refused", "refused", true),
        ("state", "ping", false), ("verdict = connect.refused", "refused", true),
        ("verdict ~ name.*", "nxdomain", true),
        ("severity >= warning", "refused", true), ("severity = none", "http", true), ("complete", "http", true),
        ("rtt = 10ms", "http", true), ("rtt > 0", "ping", false), ("duration > 1ms", "http", true),
        ("bytes > 0 and sent > 0 and received > 0", "http", true), ("retransmitted", "http", false),
        ("http.status = 200", "http", true), ("nat", "http", false), ("process", "http", false),
        ("process != curl", "http", true), ("user = root", "http", false),
    ])
    func asksOfLifecycles(_ text: String, _ sample: String, _ isMatch: Bool) throws {
        var query = RequestQuery()
        query.expression = try Expression(text)
        let filter = try RequestFilter(query, now: after(1000))
        #expect(filter.matches(try #require(LifecycleSample.named(sample))) == isMatch)
    }

    private static let worker = Process(
        pid: 42, name: "curl", executable: "/opt/curl-8/bin/curl-with-a-long-name",
        user: Process.User(identifier: 1000, name: "alice"), unit: "web.service",
        container: Process.Container(identifier: String(repeating: "0123456789abcdef", count: 4), runtime: "docker"),
        networkNamespace: .own)

    @Test(arguments: [
        ("process = curl", true), ("process = curl-with-a-long-name", true), ("process = /opt/curl-8/bin/curl", false),
        ("process ~ curl-8", true), ("pid = 42", true), ("pid > 42", false), ("user = alice", true),
        ("user = 1000", true),
        ("user != alice", false), ("unit = web", true), ("unit = web.service", true), ("unit = we", false),
        ("container = docker", true), ("container = 0123456789ab", true), ("container = 0123", false),
        ("container", true), ("container ~ 0123*", true),
    ])
    func asksWhose(_ text: String, _ isMatch: Bool) throws {
        var query = RequestQuery()
        query.expression = try Expression(text)
        let filter = try RequestFilter(query, now: after(1000))
        var lifecycle = try #require(LifecycleSample.named("http"))
        lifecycle.owner = SocketOwner(Self.worker, .traced)
        #expect(filter.matches(lifecycle) == isMatch)
    }

    /// No field is left out, and none stops the program, whatever is known.
    @Test func everyFieldCanBeAskedOfEveryRequest() throws {
        for field in RequestField.allCases {
            var query = RequestQuery()
            query.expression = try Expression("\(field.rawValue) or not \(field.rawValue) and \(field.example)")
            let filter = try RequestFilter(query, now: after(1000))
            for sample in LifecycleSample.all { _ = filter.matches(sample.lifecycle) }
        }
    }
}
