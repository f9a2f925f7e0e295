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

    @Test(arguments: ["process=curl", "pid=1", "user=root", "unit=nginx.service"])
    func refusesWhatIsNotObserved(_ text: String) throws {
        let query = try RequestQuery(queryString: text)
        let error = #expect(throws: QueryError.self) { try RequestFilter(query, now: after(0)) }
        #expect(error?.description.hasSuffix("cannot be used here: socket owners are not observed") == true)
    }
}
