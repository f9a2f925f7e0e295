import Diagnose
import LifecycleSamples
import Model
import Testing

/// From the name to the handshake, and NAT.
@Suite struct PathVerdictTests {
    @Test(arguments: [
        ("forbidden", "connect.filtered", "certain"), ("rejected by ICMP", "connect.port_unreachable", "likely"),
        ("no network", "connect.net_unreachable", "certain"), ("no protocol", "connect.unreachable", "certain"),
        ("in a circle", "connect.ttl_exceeded", "likely"), ("traceroute", "exchange.ttl_exceeded", "likely"),
        ("datagram rejected on the way", "exchange.port_unreachable", "likely"),
        ("datagram to a closed port", "exchange.port_unreachable", "certain"),
        ("datagram to nobody", "exchange.host_unreachable", "certain"),
        ("no carrier", "neighbour.no_carrier", "certain"),
        ("refused by the kernel", "route.refused", "certain"),
        ("two MACs, and refused", "neighbour.two_macs", "likely"),
        ("the client's side alone", "connect.one_sided", "likely"),
        ("the server's side alone", "connect.one_sided", "likely"),
        ("never accepted", "connect.not_accepted", "likely"), ("not accepted so far", "pending", "certain"),
        ("accept deferred until data comes", "unseen", "possible"),
        ("port remembered, then taken", "port.reused", "likely"), ("port remembered for good", "port.reused", "likely"),
        ("hairpin", "connect.hairpin", "likely"),
        ("answered by another address", "connect.answered_elsewhere", "certain"),
        ("full accept queue", "connect.not_accepted", "likely"),
        ("accept queue with room", "connect.no_answer", "certain"),
        ("bound to loopback", "connect.loopback_only", "certain"),
        ("bound to another address", "connect.refused", "certain"),
        ("nobody behind the port forward", "connect.forward_refused", "certain"),
        ("hairpin, seen by the router", "connect.hairpin", "likely"),
        ("no room in conntrack's table", "translation.table_full", "likely"), ("slow name", "name.slow", "certain"),
        ("very slow name", "name.slow", "certain"), ("slow name, kept", "healthy", "certain"),
        ("slow half of a pair", "name.slow", "certain"), ("silent first server", "name.server_silent", "likely"),
        ("several servers at once", "healthy", "certain"), ("search list", "name.search_detour", "likely"),
        ("made by the search list", "name.nxdomain", "likely"), ("no address at all", "name.no_data", "certain"),
        ("no common family", "route.no_common_family", "certain"),
        ("other family not routed", "route.no_route", "certain"),
    ])
    func finds(_ sample: String, _ id: String, _ confidence: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(verdict.id == id)
        #expect(verdict.confidence.rawValue == confidence)
    }

    @Test(arguments: [
        ("traceroute", Verdict.Severity.notice), ("in a circle", .error), ("slow name", .notice),
        ("very slow name", .warning), ("silent first server", .warning), ("search list", .notice),
        ("made by the search list", .notice), ("no data", .notice), ("no address at all", .error),
        ("the client's side alone", .notice), ("port remembered, then taken", .warning),
        ("port remembered for good", .error),
    ])
    func weighs(_ sample: String, _ severity: Verdict.Severity) throws {
        #expect(Diagnosis.verdict(on: try #require(LifecycleSample.named(sample))).severity == severity)
    }

    @Test(arguments: [
        (
            "forbidden", "198.51.100.80:80 is not to be reached: 192.0.2.1 on the way says that a firewall forbids it.",
            "ICMP admin_prohibited from 192.0.2.1, 5.000 ms after the first packet"
        ),
        (
            "hairpin",
            "198.51.100.80:80 leads to 192.0.2.99:8080 on the client's own network, which answered the client directly: that "
                + "expects the answer from where it asked, and refuses it.",
            "SYN-ACK from 192.0.2.99:8080, 1.000 ms after the first SYN to 198.51.100.80:80, whose sequence number it "
                + "acknowledges"
        ),
        (
            "full accept queue",
            "The service at 198.51.100.80:80 does not accept connections fast enough: its queue is full, and this one was not "
                + "answered.", "3 SYNs came, no answer"
        ),
        (
            "silent first server",
            "The DNS server 192.0.2.153 did not answer the question for example.org; 192.0.2.53 did, and 1.00 s were lost.",
            "192.0.2.153:53: asked 1.00 s before the next, no answer"
        ),
        (
            "search list", "1 other name was tried before example.org, by the search list: 4.000 ms were lost.",
            "example.org.lan: NXDOMAIN after 3.000 ms"
        ),
        (
            "no common family",
            "example.org has IPv6 addresses only, and this host has no IPv6 route, so nothing was sent.",
            "the kernel found no route to 2001:db8::80, and sent nothing"
        ),
    ])
    func says(_ sample: String, _ summary: String, _ evidence: String) throws {
        let verdict = Diagnosis.verdict(on: try #require(LifecycleSample.named(sample)))
        #expect(verdict.summary == summary)
        #expect(verdict.evidence.first == evidence)
    }

    /// The dead family and the time that it cost.
    @Test func aFallbackSaysWhatWasLost() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        let dead = Endpoint(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 0x80), 80)
        lifecycle.attempts = [
            ConnectAttempt(
                client: clientEndpoint, server: dead, started: after(-200), outcome: .abandoned, reason: "no_answer"),
            ConnectAttempt(client: clientEndpoint, server: serverEndpoint, started: sampleStart, outcome: .won),
        ]
        let verdict = Diagnosis.verdict(on: lifecycle)
        #expect(
            verdict.summary
                == "It works over IPv4, but IPv6 (2001:db8::80) did not answer: the client lost 200.0 ms on it.")
    }
}
