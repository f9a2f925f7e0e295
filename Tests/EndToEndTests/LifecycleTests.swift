import Testing

extension EndToEnd {
    /// The TCP request of every scenario, field by field. How long things took is compared in CurlTimesTests.
    @Suite struct LifecycleTests {
        struct Example: Sendable, CustomTestStringConvertible {
            var scenario: String
            /// Which of the scenario's tools.
            var index = 0
            /// Where it went, when the tool does not know its own port: curl tells none of what was not established.
            var server: (@Sendable (Lab) -> (address: JSON, port: JSON))?
            /// What cannot be told beforehand, of all that ``Expected`` says of its kind.
            var open: Set<String> = []
            /// What must stand in the record, given what the tool observed.
            var fields: @Sendable (RecordedRun, JSON) -> [String: JSON]

            var testDescription: String { index == 0 ? scenario : "\(scenario) \(index)" }
        }

        @Test(arguments: answeredExamples + failedExamples) func request(_ example: Example) async throws {
            let run = try await RecordedRun.shared
            let tools = try #require(run.observations[example.scenario])
            try #require(tools.indices.contains(example.index))
            let tool = tools[example.index]["observed"]
            let server = example.server?(run.lab) ?? (tool["remote_ip"], tool["remote_port"])
            let found = run.requests.filter { request in
                request["server"]["address"] == server.address && request["server"]["port"] == server.port
                    && (example.server != nil || request["client"]["port"] == tool["local_port"])
            }
            try #require(found.count == 1, "requests to \(server) from \(tool["local_port"])")
            var expected = Expected.tcp(run)
            expected["server.address"] = server.address
            expected["server.port"] = server.port
            // The odd client is a program in Python.
            expected["stages.process.facts.process"] =
                tools[example.index]["tool"] == "curl" ? "curl" : "python3"
            // Last, what the example says itself.
            expected.merge(example.fields(run, tool)) { $1 }
            let open = example.open.union(Self.sentAgain(found[0]))
            expected = expected.filter { !open.contains($0.key) }
            #expect(found[0].differences(from: expected) == [])
        }

        /// A kernel that waits for a processor for some milliseconds probes for a lost tail (RFC 8985 §7): then segments
        /// come twice, though nothing was lost. What that changes is not known beforehand.
        private static func sentAgain(_ request: JSON) -> Set<String> {
            let sides = ["client", "server"].filter { (request[$0]["retransmitted_segments"].number ?? 0) > 0 }
            // More of them than a few are told of.
            let verdict: Set = ["verdict.id", "verdict.severity", "verdict.confidence", "verdict.next"]
            return Set(
                sides.flatMap {
                    [
                        "\($0).retransmitted_segments", "\($0).out_of_order_segments", "\($0).payload_bytes",
                        "stages.exchange.facts.\($0)_bytes",
                    ]
                }
            ).union(sides.isEmpty ? [] : verdict)
        }

        static let answeredExamples: [Example] = [
            Example(scenario: "success") { run, curl in
                Expected.answered(run, curl, name: run.lab["NAME_IPV4"])
                    .merging(Expected.closed(by: "client")) { $1 }
                    .merging(["stages.exchange.facts.path": "/"]) { $1 }
            },
            Example(scenario: "https") { run, curl in
                let name = JSON.text(run.lab["NAME_IPV4"])
                return Expected.named(run, run.lab["NAME_IPV4"]).merging(Expected.established(run)) { $1 }.merging([
                    "client.port": curl["local_port"], "state": "closed", "application": "tls", "outcome": "ok",
                    "stages.secure.status": "ok", "stages.secure.facts.server_name": name,
                    "stages.secure.facts.alpn": ["h2", "http/1.1"], "stages.exchange.status": "ok",
                    "stages.exchange.facts.encrypted": true, "stages.exchange.facts.protocol": "tls",
                    "stages.exchange.facts.path": .null, "verdict.id": "healthy",
                ]) { $1 }
            },
            Example(scenario: "ipv6") { run, curl in
                Expected.answered(run, curl, name: run.lab["NAME"])
                    .merging(Expected.closed(by: "client")) { $1 }
                    .merging([
                        "client.address": .text(run.lab["CLIENT6"]),
                        "stages.route.facts.gateway": .text(run.lab["GATEWAY6"]), "server.names.0.lookup.type": "AAAA",
                        // Asked over IPv4, used over IPv6: it was the host that asked, not this address.
                        "server.names.0.how": "host_answer", "stages.name.facts.how": "host_answer",
                        "stages.connect.facts.client_mss": 1440, "stages.connect.facts.server_mss": 1440,
                    ]) { $1 }
            },
            Example(scenario: "alias") { run, curl in
                Expected.answered(run, curl, name: run.lab["NAME_ALIAS"])
                    .merging([
                        "client.address": .text(run.lab["CLIENT6"]),
                        "stages.route.facts.gateway": .text(run.lab["GATEWAY6"]), "server.names.0.lookup.type": "AAAA",
                        // The address was given for another name before; the Host field tells which one is meant.
                        "server.names.0.how": "http_host", "stages.name.facts.how": "http_host",
                        "server.names.0.lookup.chain": ["edge.lab.waybill.test", .text(run.lab["NAME"])],
                        "stages.connect.facts.client_mss": 1440, "stages.connect.facts.server_mss": 1440,
                    ]) { $1 }
            },
            // Fast enough that the links' queues overflow at times: then segments come twice, and count once.
            Example(
                scenario: "download",
                open: [
                    "server.payload_bytes", "server.retransmitted_segments", "server.out_of_order_segments",
                    "stages.exchange.facts.server_bytes",
                ]
            ) { run, curl in
                Expected.answered(run, curl, name: run.lab["NAME_IPV4"])
                    .merging(Expected.closed(by: "client")) { $1 }
                    .merging(["stages.exchange.facts.path": "/100MB"]) { $1 }
            },
            Example(scenario: "half_close") { run, client in
                Expected.established(run).merging(Expected.closed(by: "client")) { $1 }.merging([
                    "client.port": client["local_port"], "client.payload_bytes": client["size_upload"],
                    "client.sequence_bytes": client["size_upload"], "server.payload_bytes": client["size_download"],
                    "server.sequence_bytes": client["size_download"], "application": .null, "outcome": "ok",
                    "stages.exchange.status": "ok", "stages.exchange.facts.client_bytes": client["size_upload"],
                    "stages.exchange.facts.server_bytes": client["size_download"], "verdict.id": "healthy",
                ]) { $1 }
            },
            // Half of the answer was taken, in peace: both sides close with FIN.
            Example(scenario: "client_abort") { run, curl in
                Expected.named(run, run.lab["NAME_IPV4"]).merging(Expected.established(run)) { $1 }.merging([
                    "client.port": curl["local_port"], "client.payload_bytes": curl["size_request"],
                    "server.names.0.how": "http_host", "stages.name.facts.how": "http_host",
                    "closed_first": "client", "client.fin": true, "server.rst": false, "application": "http",
                    "stages.exchange.facts.path": "/slow", "stages.exchange.facts.http_status": 200,
                    "server.payload_bytes": Expected.received(curl),
                ]) { $1 }
            },
        ]

        static let failedExamples: [Example] = [
            Example(scenario: "refused", server: { (.text($0["SERVER"]), $0.port("REFUSED")) }) { run, _ in
                Expected.refused(run)
            },
            Example(scenario: "rejected", server: { (.text($0["SERVER"]), $0.port("REJECTED")) }) { run, _ in
                // The router answers in the server's name, one hop nearer.
                Expected.refused(run).merging(["server.ttl": 64, "answer_ttl": 64, "suggested_hops": 0]) { $1 }
            },
            Example(scenario: "blackhole", server: { (.text($0["SERVER"]), $0.port("BLACKHOLE")) }) { run, _ in
                Expected.unestablished.merging([
                    "state": "no_answer", "client.syn_count": 3, "client.segments": 3,
                    "client.retransmitted_segments": 2, "stages.connect.facts.syn_count": 3,
                    "stages.connect.facts.syn_ack_count": 0,
                ]) { $1 }
            },
            Example(
                scenario: "icmp_unreachable", index: 0,
                server: { (.text($0["SERVER"]), $0.port("PROHIBITED")) }
            ) { run, _ in
                Expected.unreachable(run, name: "admin_prohibited", code: 13)
            },
            Example(
                scenario: "icmp_unreachable", index: 1,
                server: { (.text($0["SERVER"]), $0.port("UNREACHABLE")) }
            ) { run, _ in
                Expected.unreachable(run, name: "host_unreachable", code: 1)
            },
            Example(scenario: "icmp_unreachable", index: 2, server: { (.text($0["NO_ROUTE"]), 80) }) { run, _ in
                Expected.unreachable(run, name: "net_unreachable", code: 0)
            },
            Example(scenario: "server_reset") { run, curl in
                Expected.established(run)
                    .merging(Expected.failed(stage: "exchange", reason: "reset", confidence: "likely")) { $1 }
                    .merging([
                        "client.port": curl["local_port"], "state": "reset_by_server", "closed_first": "server",
                        "server.rst": true, "server.fin": false, "client.rst": false,
                        "client.payload_bytes": curl["size_request"],
                        "server.payload_bytes": Expected.received(curl), "application": "http",
                        "stages.exchange.facts.http_status": 200, "stages.close.status": "failed",
                        "stages.close.reason": "reset_by_server", "stages.close.facts.order": ["server_rst"],
                    ]) { $1 }
            },
            Example(scenario: "client_reset") { run, client in
                // The whole answer had come: HTTP says so.
                Expected.established(run)
                    .merging([
                        "outcome": "ok", "stages.close.status": "ok", "verdict.id": "close.reset_by_client",
                        "verdict.severity": "notice",
                        "client.port": client["local_port"], "state": "reset_by_client", "closed_first": "client",
                        "client.rst": true, "client.fin": false, "server.fin": false, "application": "http",
                        "client.payload_bytes": client["size_upload"], "stages.exchange.status": "ok",
                        "stages.exchange.facts.path": "/20kB", "stages.close.facts.order": ["client_rst"],
                    ]) { $1 }
            },
        ]
    }
}

/// What records have in common, by kind. All of it is known before: nothing here is computed as the product does.
enum Expected {
    typealias Fields = [String: JSON]

    /// A TCP request of the client over IPv4 whose frames all arrived.
    static func tcp(_ run: RecordedRun) -> Fields {
        [
            "record": "request", "protocol": "tcp", "direction": "outbound", "interface": "eth0", "vlan_ids": [],
            "client.address": .text(run.lab["CLIENT"]), "client.mac": run.clientMAC, "client.ttl": 64,
            "client.syn_count": 1, "client.names": [], "client.retransmitted_segments": 0, "client.missing_bytes": 0,
            "client.out_of_order_segments": 0, "server.retransmitted_segments": 0, "server.missing_bytes": 0,
            "next_hop.mac": run.gatewayMAC, "coverage.joined_midstream": false,
            "coverage.untracked_holes": 0, "coverage.copies_elsewhere": 0, "stages.process.status": "ok",
            "stages.process.sources.process": "kernel",
            "stages.route.status": "ok", "stages.route.facts.interface": "eth0",
            "stages.route.facts.gateway": .text(run.lab["GATEWAY"]), "stages.route.facts.route": "default",
            "stages.route.facts.mtu": 1500, "stages.route.sources.gateway": "kernel",
            // The router has NAT, the client has none.
            "stages.translation.status": "not_applicable", "stages.neighbour.facts.mac": run.gatewayMAC,
            "stages.port.status": "ok", "stages.connect.facts.syn_count": 1,
        ]
    }

    /// Bytes of the response as curl read them, headers and body.
    static func received(_ curl: JSON) -> JSON {
        JSON.number((curl["size_header"].number ?? 0) + (curl["size_download"].number ?? 0))
    }

    /// The handshake was completed, with the server behind the router.
    static func established(_ run: RecordedRun) -> Fields {
        [
            "server.mac": run.gatewayMAC, "server.ttl": 63, "answer_ttl": 63, "suggested_hops": 1,
            "server.syn_ack_count": 1, "stages.connect.status": "ok", "stages.connect.facts.syn_ack_count": 1,
            "stages.connect.facts.client_mss": 1460, "stages.connect.facts.server_mss": 1460,
            "client.sack_permitted": true, "client.timestamps": true, "client.fast_open": false,
            "client.multipath": false, "server.sack_permitted": true, "server.timestamps": true,
            "icmp_error_count": 0,
        ]
    }

    /// It was looked up as an IPv4 address of the lab's resolver just before.
    static func named(_ run: RecordedRun, _ name: String) -> Fields {
        [
            "server.names.0.name": .text(name), "server.names.0.how": "answer",
            "server.names.0.lookup.name": .text(name), "server.names.0.lookup.type": "A",
            "server.names.0.lookup.server": .text("\(run.lab["RESOLVER"]):53"),
            "server.names.0.lookup.status": "answered", "server.names.0.lookup.rcode": "NOERROR",
            "server.names.0.lookup.retries": 0, "server.names.0.lookup.ttl": 300,
            "server.names.0.lookup.chain": [], "stages.name.status": "ok", "stages.name.facts.name": .text(name),
            "stages.name.facts.how": "answer",
        ]
    }

    /// An HTTP request by curl that was answered with all that was asked for.
    static func answered(_ run: RecordedRun, _ curl: JSON, name: String) -> Fields {
        let sent = curl["size_request"]
        return named(run, name).merging(established(run)) { $1 }.merging([
            "client.port": curl["local_port"],
            "stages.port.facts.source_port": curl["local_port"],
            "client.payload_bytes": sent, "client.sequence_bytes": sent, "server.payload_bytes": received(curl),
            "server.sequence_bytes": received(curl), "application": "http", "outcome": "ok", "failure.stage": .null,
            "stages.secure.status": "not_applicable", "stages.exchange.status": "ok",
            "stages.exchange.facts.protocol": "http", "stages.exchange.facts.method": "GET",
            "stages.exchange.facts.host": .text(name), "stages.exchange.facts.http_status": curl["http_code"],
            "stages.exchange.facts.client_bytes": sent, "stages.exchange.facts.server_bytes": received(curl),
            "verdict.id": "healthy", "verdict.severity": "none", "verdict.confidence": "certain", "verdict.next": [],
        ]) { $1 }
    }

    /// Both sides closed, `side` first.
    static func closed(by side: String) -> Fields {
        let other = side == "client" ? "server" : "client"
        return [
            "state": "closed", "closed_first": .text(side), "client.fin": true, "server.fin": true,
            "client.rst": false, "server.rst": false, "stages.close.status": "ok",
            "stages.close.facts.by": .text(side),
            "stages.close.facts.order": [.text("\(side)_fin"), .text("\(other)_fin")],
        ]
    }

    static func failed(stage: String, reason: String, severity: String = "error", confidence: String) -> Fields {
        [
            "outcome": "failed", "failure.stage": .text(stage), "failure.reason": .text(reason),
            "stages.\(stage).status": "failed", "stages.\(stage).reason": .text(reason),
            "verdict.id": .text("\(stage).\(reason)"), "verdict.stage": .text(stage),
            "verdict.severity": .text(severity), "verdict.confidence": .text(confidence),
        ]
    }

    /// No connection came about, so nothing could follow.
    static let unestablished: Fields = [
        "client.segments": 1, "client.payload_bytes": 0, "client.sequence_bytes": 0, "client.fin": false,
        "client.rst": false, "server.payload_bytes": 0, "server.syn_ack_count": 0, "server.fin": false,
        "stages.secure.status": "not_applicable", "stages.exchange.status": "not_applicable",
        "stages.close.status": "not_applicable",
    ]

    static func refused(_ run: RecordedRun) -> Fields {
        unestablished.merging(failed(stage: "connect", reason: "refused", confidence: "certain")) { $1 }.merging([
            "state": "refused", "closed_first": "server", "server.rst": true, "server.segments": 1,
            "server.mac": run.gatewayMAC, "server.ttl": 63, "answer_ttl": 63, "suggested_hops": 1,
            "icmp_error_count": 0,
        ]) { $1 }
    }

    /// The router's word, which is its only one: the server never answers.
    static func unreachable(_ run: RecordedRun, name: String, code: Int) -> Fields {
        unestablished.merging(failed(stage: "connect", reason: "unreachable", confidence: "certain")) { $1 }.merging([
            "state": "no_answer", "server.segments": 0, "server.rst": false, "answer_ttl": .null,
            "stages.connect.facts.error": .text(name), "stages.connect.facts.from": .text(run.lab["GATEWAY"]),
            "icmp_error_count": 1, "icmp_errors.0.name": .text(name), "icmp_errors.0.type": 3,
            "icmp_errors.0.code": .number(Double(code)), "icmp_errors.0.from": .text(run.lab["GATEWAY"]),
            "icmp_errors.0.to": .text(run.lab["CLIENT"]), "icmp_errors.0.quoted.protocol": "tcp",
            "icmp_errors.0.quoted.source.address": .text(run.lab["CLIENT"]),
            "verdict.id": .text(name == "admin_prohibited" ? "connect.filtered" : "connect.\(name)"),
        ]) { $1 }
    }
}
