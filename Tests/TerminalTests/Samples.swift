import API
import Terminal

/// Records as a daemon would send them, all of one afternoon.
enum Samples {
    /// 2026-11-21T14:03:07.123Z
    static let start = Time("2026-11-21T14:03:07.123Z") ?? Time(nanoseconds: 0)
    static let clock = Clock(now: after(90_000))

    static func after(_ milliseconds: Double) -> Time {
        Time(nanoseconds: start.nanoseconds + Int64((milliseconds * 1_000_000).rounded()))
    }

    static func span(_ milliseconds: Double) -> Milliseconds {
        Milliseconds(microseconds: Int64((milliseconds * 1000).rounded()))
    }

    static func side(_ address: String, _ port: UInt16?, segments: UInt64 = 0, bytes: UInt64 = 0) -> RequestSide {
        RequestSide(address: address, port: port, segments: segments, payloadBytes: bytes)
    }

    static func lookup(_ name: String, _ address: String, status: String = "answered") -> NameLookup {
        NameLookup(
            name: name, type: "A", server: "10.77.0.1:53", status: status, queried: start, answered: after(21.3),
            rtt: span(21.3), retries: 0, rcode: "NOERROR", chain: [], addresses: [address], ttl: 300)
    }

    static func made(
        _ id: String, _ transport: Transport = .tcp, to server: RequestSide, at offset: Double, took: Double,
        outcome: Outcome, state: TCPState? = nil
    ) -> Request {
        var request = Request(
            id: id, transport: transport, direction: .outbound,
            client: side("10.77.0.2", 41234, segments: 7, bytes: 78),
            server: server, first: after(offset), last: after(offset + took), duration: span(took), outcome: outcome,
            complete: true)
        request.interface = "eth0"
        request.state = state
        return request
    }

    /// The same, of a program that the kernel told of.
    static let owned: Request = {
        var request = page
        request.stages[0] = Stage(
            .process, .ok,
            facts: [
                Fact("process", .text("curl"), from: .kernel), Fact("pid", .integer(4242), from: .kernel),
                Fact("process_age_ms", .span(span(31.4)), from: .kernel),
                Fact("executable", .text("/usr/bin/curl"), from: .kernel),
                Fact(
                    "command_line",
                    .list(["curl", "-sS", "-H", "Accept: text/html", "https://www.example.org/index.html?a=\u{1B}[31m"]
                    ),
                    from: .kernel),
                Fact("user", .text("alice"), from: .kernel), Fact("unit", .text("session-3.scope"), from: .kernel),
                Fact("parents", .list(["bash (4100)", "sshd (4098)", "systemd (1)"]), from: .kernel),
                Fact("found_by", .text("traced"), from: .kernel),
            ])
        return request
    }()

    /// Name, neighbour, connect, TLS, one exchange, close: everything worked.
    static let page: Request = {
        var server = side("203.0.113.80", 443, segments: 14, bytes: 14_231)
        server.names = [
            Name(name: "www.example.org", how: "answer", lookup: lookup("www.example.org", "203.0.113.80")),
            Name(name: "www.example.org", how: "sni"),
        ]
        var request = made("3k9x2m7qb4vd", to: server, at: 22.1, took: 124.6, outcome: .ok, state: .closed)
        request.application = "tls"
        request.endedBecause = "closed"
        request.connState = "SF"
        request.history = "ShADadtFf"
        request.stages = [
            Stage(.process, .unseen, reason: "no kernel was asked for the socket's owner"),
            Stage(
                .name, .ok, start: start, duration: span(21.3),
                facts: [
                    Fact("name", .text("www.example.org")), Fact("how", .text("answer")), Fact("type", .text("A")),
                    Fact("rcode", .text("NOERROR")), Fact("chain", .list(["edge.example.net"])),
                    Fact("addresses", .list(["203.0.113.80", "203.0.113.81", "203.0.113.82"])),
                    Fact("server", .text("10.77.0.1:53")), Fact("rtt_ms", .span(span(21.3))),
                    Fact("age_ms", .span(span(0.8))), Fact("ttl", .integer(300)), Fact("retries", .integer(0)),
                ]),
            Stage(.route, .unseen, reason: "routes_are_not_observed", facts: [Fact("interface", .text("eth0"))]),
            Stage(
                .neighbour, .ok, start: after(21.5), duration: span(0.412),
                facts: [
                    Fact("next_hop", .text("10.77.0.1")), Fact("mac", .text("52:54:00:12:34:56")),
                    Fact("requests", .integer(1)), Fact("awaited", .flag(true)),
                ]),
            Stage(.port, .ok, start: after(22.1), facts: [Fact("source_port", .integer(41234))]),
            Stage(.translation, .unseen, reason: "translations_are_not_observed"),
            Stage(
                .connect, .ok, start: after(22.1), duration: span(24.1),
                facts: [
                    Fact("handshake_rtt_ms", .span(span(24.1))), Fact("server_rtt_ms", .span(span(24.0))),
                    Fact("client_rtt_ms", .span(span(0.1))), Fact("syn_count", .integer(1)),
                    Fact("syn_ack_count", .integer(1)), Fact("client_mss", .integer(1460)),
                    Fact("server_mss", .integer(1380)), Fact("client_window_scale", .integer(7)),
                    Fact("server_window_scale", .integer(9)), Fact("sack", .flag(true)),
                    Fact("timestamps", .flag(true)), Fact("fast_open", .flag(false)),
                ]),
            Stage(
                .secure, .ok, start: after(46.5), duration: span(34),
                facts: [
                    Fact("server_name", .text("www.example.org")), Fact("version", .text("TLS 1.3")),
                    Fact("alpn", .list(["h2", "http/1.1"])),
                ]),
            Stage(
                .exchange, .ok, start: after(80.7), duration: span(63.2),
                facts: [
                    Fact("protocol", .text("tls")), Fact("first_byte_ms", .span(span(38))),
                    Fact("client_bytes", .integer(78)), Fact("server_bytes", .integer(14_231)),
                ]),
            Stage(
                .close, .ok, start: after(145.1), duration: span(1.6),
                facts: [
                    Fact("by", .text("client")), Fact("client_fin", .flag(true)), Fact("server_fin", .flag(true)),
                    Fact("client_segments", .integer(7)), Fact("server_segments", .integer(14)),
                    Fact("retransmitted_segments", .integer(0)),
                ]),
        ]
        request.verdict = Verdict(
            id: "healthy", severity: .none, stage: nil, summary: "Every stage that was seen succeeded.", evidence: [],
            confidence: .certain, next: [])
        return request
    }()

    /// The name came from a lookup of five minutes before; the port is closed.
    static let refused: Request = {
        var server = side("203.0.113.80", 81, segments: 1)
        server.names = [
            Name(name: "www.example.org", how: "host_answer", lookup: lookup("www.example.org", "203.0.113.80"))
        ]
        var request = made("7mmq0zr81c2e", to: server, at: 2000, took: 24.3, outcome: .failed, state: .refused)
        request.failure = Failure(stage: .connect, reason: "refused")
        request.stages = [
            Stage(.process, .unseen, reason: "no kernel was asked for the socket's owner"),
            Stage(
                .name, .ok, start: after(-300_000), duration: span(12),
                facts: [Fact("name", .text("www.example.org")), Fact("addresses", .list(["203.0.113.80"]))]),
            Stage(.neighbour, .unseen, reason: "known_before"),
            Stage(.port, .ok, start: after(2000), facts: [Fact("source_port", .integer(41236))]),
            Stage(
                .connect, .failed, start: after(2000), duration: span(24.3), reason: "refused",
                facts: [
                    Fact("error", .text("RST")), Fact("from", .text("203.0.113.80")), Fact("syn_count", .integer(1)),
                ]),
            Stage(.secure, .notApplicable), Stage(.exchange, .notApplicable), Stage(.close, .notApplicable),
        ]
        request.verdict = Verdict(
            id: "connect.refused", severity: .error, stage: .connect,
            summary: "203.0.113.80 is up and refuses connections to port 81: nothing listens there.",
            evidence: [
                "RST from 203.0.113.80 24.3 ms after the SYN",
                "its TTL fits the answers of port 443: it came from the server itself, not from a firewall on the way",
            ],
            confidence: .likely, next: ["ss -ltn 'sport = :81'", "curl -v http://www.example.org:81/"])
        return request
    }()

    /// Seven SYNs and nothing came back.
    static let silent: Request = {
        var request = made(
            "9qd3k2m0x7aa", to: side("2001:db8:77::9", 8443), at: -60_000, took: 63_500, outcome: .failed,
            state: .noAnswer)
        request.client = side("2001:db8:77::2", 50514, segments: 7)
        request.failure = Failure(stage: .connect, reason: "no_answer")
        request.stages = [
            Stage(.name, .unseen, reason: "no_lookup_seen"),
            Stage(
                .connect, .failed, start: after(-60_000), duration: span(63_500), reason: "no_answer",
                facts: [Fact("syn_count", .integer(7)), Fact("client_mss", .integer(1440))]),
        ]
        request.coverage.cutFrames = 7
        request.verdict = Verdict(
            id: "connect.no_answer", severity: .error, stage: .connect,
            summary: "No answer to 7 SYNs in 1 m 03 s: a firewall drops them, or the host is down.",
            evidence: ["7 SYNs, 0 answers, 0 ICMP errors", "the next hop answers ARP"], confidence: .possible,
            next: ["ping -c 3 2001:db8:77::9", "tracepath 2001:db8:77::9"])
        return request
    }()

    /// Open for an hour, busy for 40 ms.
    static let idle: Request = {
        var request = made(
            "b0b0b0b0b0b0", to: side("192.0.2.7", 22, segments: 20, bytes: 4000), at: 0, took: 3_600_000, outcome: .ok,
            state: .closed)
        request.stages = [
            Stage(.connect, .ok, start: after(0), duration: span(10)),
            Stage(.exchange, .ok, start: after(10), duration: span(30), facts: [Fact("server_bytes", .integer(4000))]),
            Stage(.close, .ok, start: after(3_600_000), duration: span(1), facts: [Fact("by", .text("server"))]),
        ]
        return request
    }()

    /// Three exchanges on one connection: an answer, an error, and one that the server broke off.
    static let exchanges: Request = {
        var request = made(
            "h1h1h1h1h1h1", to: side("192.0.2.80", 80, segments: 9, bytes: 9500), at: 0, took: 50, outcome: .failed,
            state: .closed)
        request.application = "http"
        request.failure = Failure(stage: .exchange, reason: "response_incomplete")
        func exchange(_ number: Int, _ method: String, _ path: String, at start: Double, took: Double) -> HTTPExchange {
            var exchange = HTTPExchange(number: number)
            exchange.method = method
            exchange.host = "www.example.org"
            exchange.path = path
            exchange.status = number == 2 ? 404 : 200
            exchange.requested = after(start)
            exchange.responded = after(start + 1)
            exchange.responseEnded = after(start + took)
            exchange.interrupted = number == 3 ? "closed_by_server" : nil
            return exchange
        }
        var http = HTTP()
        http.exchanges = [
            exchange(1, "GET", "/", at: 2, took: 10), exchange(2, "GET", "/favicon.ico", at: 13, took: 2),
            exchange(3, "OPTIONS", "/a/path/that/is/longer/than/a/narrow/page/has/room/for", at: 20, took: 25),
        ]
        http.exchangeCount = 5
        http.failedCount = 2
        request.http = http
        request.stages = [
            Stage(
                .name, .unseen, reason: "no lookup seen: cached or asked before the capture",
                facts: [Fact("name", .text("www.example.org")), Fact("how", .text("http_host"))]),
            Stage(.connect, .ok, start: after(0), duration: span(1)),
            Stage(
                .exchange, .failed, start: after(20), duration: span(1), reason: "response_incomplete",
                facts: [
                    Fact("method", .text("GET")), Fact("path", .text("/")), Fact("http_status", .integer(200)),
                    Fact("exchanges", .integer(5)), Fact("failed_exchanges", .integer(2)),
                    Fact("client_bytes", .integer(300)), Fact("server_bytes", .integer(9500)),
                ]),
            Stage(
                .close, .ok, start: after(46), duration: span(4),
                facts: [
                    Fact("by", .text("server")), Fact("order", .list(["server_fin", "client_fin"])),
                    Fact("client_segments", .integer(8)), Fact("server_segments", .integer(9)),
                    Fact("retransmitted_segments", .integer(1)), Fact("lost_segments", .integer(2)),
                ]),
        ]
        return request
    }()

    /// Another version, a Retry, a client that moved; TLS inside of it offered ECH.
    static let quic: Request = {
        var server = side("2001:db8:77::443", 443, segments: 9, bytes: 9500)
        server.names = [Name(name: "front.example.org", how: "sni")]
        var request = made("q1q1q1q1q1q1", .udp, to: server, at: 0, took: 90, outcome: .ok)
        request.client = side("2001:db8:77::2", 50443, segments: 8, bytes: 4000)
        request.application = "quic"
        request.stages = [
            Stage(
                .connect, .ok, start: after(0), duration: span(12),
                facts: [
                    Fact("server_rtt_ms", .span(span(6))), Fact("quic_version", .text("1")),
                    Fact("first_version", .text("2")), Fact("versions_offered", .list(["1", "draft-29"])),
                    Fact("retry", .flag(true)),
                ]),
            Stage(
                .secure, .ok, start: after(0), duration: span(30),
                facts: [
                    Fact("server_name", .text("front.example.org")), Fact("version", .text("TLS 1.3")),
                    Fact("cipher_suite", .text("TLS_CHACHA20_POLY1305_SHA256")), Fact("alpn", .list(["h3"])),
                    Fact("early_data", .flag(true)), Fact("ech", .text("offered")),
                    Fact("ja4", .text("q13d0310h3_0_0")),
                ]),
            Stage(
                .exchange, .ok, start: after(30),
                facts: [
                    Fact("encrypted", .flag(true)), Fact("protocol", .text("http3")),
                    Fact("moved_to", .list(["[2001:db8:99::2]:50443"])), Fact("client_bytes", .integer(4000)),
                    Fact("server_bytes", .integer(9500)),
                ]),
            Stage(.close, .unseen, reason: "it fell silent; QUIC closes inside its encryption"),
        ]
        return request
    }()

    /// A certificate that nobody should take, and the client did not.
    static let alert: Request = {
        var server = side("192.0.2.44", 8443, segments: 4, bytes: 2300)
        server.names = [Name(name: "www.example.org", how: "sni")]
        var request = made("a1a1a1a1a1a1", to: server, at: 0, took: 22, outcome: .failed, state: .closed)
        request.application = "tls"
        request.failure = Failure(stage: .secure, reason: "unknown_ca")
        request.stages = [
            Stage(.connect, .ok, start: after(0), duration: span(5)),
            Stage(
                .secure, .failed, start: after(5), duration: span(12), reason: "unknown_ca",
                facts: [
                    Fact("server_name", .text("www.example.org")), Fact("version", .text("TLS 1.2")),
                    Fact("cipher_suite", .text("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")),
                    Fact("alpn", .list(["h2", "http/1.1"])), Fact("application_protocol", .text("h2")),
                    Fact("certificate_subject", .text("CN=old.example.org")),
                    Fact("certificate_expires", .text("2020-02-01T00:00:00Z")),
                    Fact("certificate_expired", .flag(true)),
                    Fact("certificate_for_another_name", .flag(true)), Fact("certificate_self_signed", .flag(true)),
                    Fact("alert", .text("unknown_ca")), Fact("alert_from", .text("client")),
                ]),
            Stage(.close, .ok, start: after(18), duration: span(4), facts: [Fact("by", .text("client"))]),
        ]
        return request
    }()

    /// By the second of two addresses, inside two tunnels.
    static let raced: Request = {
        var server = side("10.88.0.1", 443, segments: 4, bytes: 2300)
        server.names = [Name(name: "www.example.org", how: "answer", lookup: lookup("www.example.org", "10.88.0.1"))]
        var request = made("r1r1r1r1r1r1", to: server, at: 250, took: 40, outcome: .ok, state: .established)
        request.tunnels = [
            Tunnel(kind: "gre", id: 7, source: "2001:db8::1", destination: "2001:db8::2"),
            Tunnel(kind: "vxlan", id: 42, source: "10.77.1.2", destination: "10.77.1.1"),
        ]
        func attempt(_ address: String, at start: Double, _ outcome: String, _ took: Double?) -> ConnectAttempt {
            ConnectAttempt(
                client: SocketAddress(address: "10.88.0.2", port: 41234),
                server: SocketAddress(address: address, port: 443), started: after(start), outcome: outcome,
                reason: outcome == "failed" ? "no_answer" : nil, duration: took.map(span), interface: "eth0")
        }
        request.attempts = [
            attempt("2001:db8:88::1", at: 0, "failed", nil), attempt("10.88.0.9", at: 200, "abandoned", nil),
            attempt("10.88.0.1", at: 250, "won", 10),
        ]
        request.coverage.reassembled = 4
        request.coverage.copiesElsewhere = 9
        request.stages = [
            Stage(
                .name, .ok, start: after(-5), duration: span(4),
                facts: [
                    Fact("name", .text("www.example.org")), Fact("server", .text("10.77.0.1:53")),
                    Fact("searched", .list(["www.example.org._corp.test nxdomain"])),
                    Fact("asked_before", .list(["10.77.0.9:53 silent"])),
                    Fact("extended_errors", .list(["Stale Answer (3): the zone's servers do not answer"])),
                ]),
            Stage(
                .connect, .ok, start: after(0), duration: span(260),
                facts: [
                    Fact(
                        "attempts",
                        .list(["[2001:db8:88::1]:443 no_answer", "10.88.0.9:443 abandoned", "10.88.0.1:443 won"]),
                        from: .inferred),
                    Fact("attempts_ms", .span(span(250)), from: .inferred), Fact("server_rtt_ms", .span(span(10))),
                ]),
            Stage(.exchange, .pending, start: after(270), reason: "awaiting_response"),
        ]
        return request
    }()

    static let deep = [exchanges, quic, alert, raced]

    /// A lookup that served ``page``, one that led nowhere, and one of a hostile server.
    static let servant = dns("d0d0d0d0d0d0", "WWW.example.org", at: 0, took: 21.3)
    static let misspelt: Request = {
        var request = dns("e1e1e1e1e1e1", "wwww.example.org", at: 900, took: 18.8, status: "failed")
        request.outcome = .failed
        request.failure = Failure(stage: .name, reason: "nxdomain")
        return request
    }()
    static let hostile = dns("f2f2f2f2f2f2", "\u{1B}]0;owned\u{7}\u{202E}例え.test", at: 1200, took: 9)

    static func dns(
        _ id: String, _ name: String, at offset: Double, took: Double, status: String = "answered"
    ) -> Request {
        var request = made(
            id, .udp, to: side("10.77.0.1", 53, segments: 1, bytes: 120), at: offset, took: took, outcome: .ok)
        request.application = "dns"
        request.lookups = [lookup(name, "203.0.113.80", status: status)]
        return request
    }

    static let ping: Request = {
        var request = made(
            "c4c4c4c4c4c4", .icmp, to: side("192.0.2.1", nil, segments: 3, bytes: 168), at: -86_400_000, took: 2003,
            outcome: .ok)
        request.application = "echo"
        return request
    }()

    static let pending: Request = {
        var request = made(
            "a5a5a5a5a5a5", to: side("198.51.100.20", 25), at: 80_000, took: 0, outcome: .pending, state: .halfOpen)
        request.complete = false
        request.stages = [Stage(.connect, .pending, start: after(80_000), reason: "no_answer_yet")]
        return request
    }()

    static let list = [ping, silent, servant, page, misspelt, hostile, refused, pending]

    static let status: Status = {
        var totals = Summary()
        totals.frames = 1_234_567
        totals.bytes = 1_204_331_120
        totals.first = after(-3_600_000)
        totals.last = start
        totals.requests = 234
        totals.lookups = 1_023
        totals.neighbours = 2
        totals.icmpErrors = 1
        totals.otherFrames = 12
        totals.layers = [
            LayerTotals(layer: "ethernet", decoded: 1_234_567, cut: 0, malformed: 0, reasons: []),
            LayerTotals(
                layer: "tcp", decoded: 1_200_000, cut: 2, malformed: 3,
                reasons: [.init(reason: "header_length", count: 3)]),
        ]
        totals.tables = [
            TableTotals(name: "connections", count: 120, peak: 300, capacity: 1_000_000, evictions: 0),
            TableTotals(name: "lookups", count: 4096, peak: 4096, capacity: 4096, evictions: 17),
        ]
        var busy = InterfaceStatus(
            name: "eth0", state: .capturing, linkType: "EN10MB", snapLength: 262_144, received: 1_234_567,
            droppedByKernel: 12, cut: 0)
        busy.framesPerSecond = 4321
        busy.bytesPerSecond = 5_180_000
        busy.droppedPerSecond = 0
        return Status(
            version: "0.1.0", started: after(-3_600_000), uptime: span(3_600_000), observedUntil: after(-20),
            interfaces: [
                busy,
                InterfaceStatus(
                    name: "lo", state: .capturing, linkType: "EN10MB", snapLength: 262_144, received: 4_410,
                    droppedByKernel: 0, droppedByInterface: 0, cut: 0),
                InterfaceStatus(name: "wlan0", state: .down),
                InterfaceStatus(
                    name: "tun3", state: .failed, reason: "link type 147 is not decoded; leave it out of `interfaces`"),
            ],
            totals: totals,
            limits: [
                .init(what: "socket_owners", why: "Which process opened a socket is not observed yet."),
                .init(what: "routes", why: "Routing decisions are not observed yet; next hops are read from frames."),
            ],
            daemon: DaemonProcess(
                pid: 4711, cpu: span(7200), cpuPerSecond: span(2.4), resident: 48_000_000, peakResident: 61_000_000,
                threads: 11, openFiles: 43, openFilesLimit: 65_536),
            history: HistoryStatus(
                directory: "/var/lib/waybill", state: .reading,
                trouble: "there is no room on the disk for /var/lib/waybill/history.db", bytes: 412_000_000,
                limitBytes: 1 << 30, keepDays: 30, oldest: after(-86_400_000), requests: 402_117, lookups: 98_340,
                neighbours: 512, leases: 12, icmpErrors: 7, waiting: 1200, written: 31_004, lost: 1834,
                lostUnanswered: 1800, droppedForSize: 0, droppedForAge: 0,
                setAside: ["/var/lib/waybill/history.db.damaged-20261101T030000Z"]))
    }()

    static let lookups: [Lookup] = [
        Lookup(
            client: SocketAddress(address: "10.77.0.2", port: 40001),
            server: SocketAddress(address: "10.77.0.1", port: 53),
            transport: .udp, id: 4711, name: "www.example.org", type: "A", status: "answered", queried: start,
            answered: after(21.3), rtt: span(21.3), rcode: "NOERROR", truncated: false, retries: 0,
            chain: ["edge.example.net"], addresses: ["203.0.113.80", "203.0.113.81"], answers: [], answersLeftOut: 0),
        Lookup(
            client: SocketAddress(address: "10.77.0.2", port: 40002),
            server: SocketAddress(address: "10.77.0.1", port: 53),
            transport: .udp, id: 4712, name: "wwww.example.org", type: "AAAA", status: "failed", queried: after(100),
            answered: after(120), rtt: span(20), rcode: "NXDOMAIN", truncated: false, retries: 2, chain: [],
            addresses: [], answers: [], answersLeftOut: 0),
    ]

    private static func tuple(_ source: String, _ port: UInt16, _ destination: String, _ other: UInt16)
        -> API.Translation
        .Tuple
    {
        API.Translation.Tuple(
            source: SocketAddress(address: source, port: port),
            destination: SocketAddress(address: destination, port: other))
    }

    private static func rule(_ chain: String, _ handle: UInt64, _ action: String, _ text: String) -> TranslationRule {
        TranslationRule(family: "ip", table: "nat", chain: chain, handle: handle, action: action, text: text)
    }

    static let forwards: PortForwardList = {
        var used = PortForward(
            rule: rule("DOCKER", 10, "dnat", "meta iifname != docker0 tcp dport 8080 dnat to 172.17.0.12:80"),
            uses: 4711)
        (used.transport, used.ports, used.targetAddress, used.targetPort) = ("tcp", "8080", "172.17.0.12", "80")
        (used.open, used.lastUsed, used.last) = (3, after(20), tuple("172.17.0.12", 44384, "198.51.100.7", 8080))
        var unused = PortForward(rule: rule("PREROUTING", 12, "redirect", "redirect to :9999"), uses: 0)
        (unused.address, unused.ports, unused.interface) = ("2001:db8::1", "{ 8888, 9000-9010 }", "wan0")
        (unused.targetPort, unused.open) = ("9999", 0)
        let hidden = PortForward(rule: rule("PREROUTING", 13, "dnat", "dnat"), uses: 1)
        return PortForwardList(items: [used, unused, hidden], trouble: nil)
    }()

    /// Seen at two ports of a bridge, and left as it was.
    static let bridged: Request = {
        var request = refused
        let own = tuple("172.17.0.11", 59028, "172.17.0.12", 80)
        var near = Leg(interface: "veth1", tuple: own, knownBy: "tuple")
        (near.first, near.firstAnswer, near.answerDelay) = (after(0), after(1), span(0.01))
        var far = Leg(interface: "veth2", tuple: own, knownBy: "tuple")
        (far.first, far.delay, far.firstAnswer) = (after(0.5), span(0.5), after(0.9))
        request.legs = [near, far]
        request.stages.insert(
            Stage(.translation, .notApplicable, reason: "not translated by this host"), at: 0)
        return request
    }()

    static let leases: [Lease] = [
        {
            var lease = Lease(
                transactionID: 1, outcome: "bound", attempts: 2, offers: 1, first: start, last: after(3.1),
                duration: span(3.1), complete: true)
            lease.hostname = "client"
            lease.address = "10.77.1.51"
            lease.routers = ["10.77.1.1"]
            lease.nameServers = ["10.77.1.1", "10.77.1.3"]
            lease.leaseSeconds = 7200
            lease.server = "10.77.1.1"
            lease.domain = "lab.waybill.test"
            lease.interface = "eth0"
            lease.ack = after(3.1)
            return lease
        }(),
        {
            var lease = Lease(
                transactionID: 2, outcome: "no_answer", attempts: 4, offers: 0, first: after(100), last: after(9000),
                duration: span(8900), complete: true)
            lease.clientMAC = "52:54:00:12:34:56"
            lease.requestedAddress = "192.0.2.7"
            return lease
        }(),
    ]

    static let neighbours: [Neighbour] = [
        Neighbour(
            transport: "arp", kind: "resolution", interface: "eth0", vlanIDs: [], target: "10.77.0.1",
            asker: "10.77.0.2",
            askerMAC: "52:54:00:00:00:02", requests: 1, replies: 1, macs: ["52:54:00:12:34:56"], first: start,
            answered: after(0.412), last: after(0.412), duration: span(0.412), complete: true),
        Neighbour(
            transport: "arp", kind: "resolution", interface: "eth0", vlanIDs: [], target: "10.77.0.77",
            asker: "10.77.0.2", askerMAC: nil, requests: 3, replies: 0, macs: [], first: after(5), answered: nil,
            last: after(2005), duration: nil, complete: true),
        Neighbour(
            transport: "ndp", kind: "probe", interface: "eth0", vlanIDs: [], target: "fe80::5054:ff:fe12:3456",
            asker: nil, askerMAC: "52:54:00:12:34:56", requests: 1, replies: 0, macs: [], first: after(7),
            answered: nil,
            last: after(7), duration: nil, complete: true),
    ]
}
