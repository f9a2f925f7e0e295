import Testing

extension EndToEnd {
    /// Lookups, neighbours, echoes, many requests at once, and how the daemon ends.
    @Suite struct RecordTests {
        struct LookupExample: Sendable, CustomTestStringConvertible {
            /// Of the address book.
            var name: String
            var type: String
            /// Of the address book.
            var server = "RESOLVER"
            var count: Int
            var fields: @Sendable (Lab) -> [String: JSON]

            var testDescription: String { "\(name) \(type) at \(server)" }
        }

        static let lookupExamples: [LookupExample] = [
            LookupExample(name: "NAME_ALIAS", type: "A", count: 1) { lab in
                [
                    "status": "answered", "rcode": "NOERROR", "addresses": [.text(lab["SERVER"])],
                    "chain": ["edge.lab.waybill.test", .text(lab["NAME"])], "retries": 0, "truncated": false,
                    "answers.0.name": .text(lab["NAME_ALIAS"]), "answers.0.type": "CNAME", "answers.0.ttl": 300,
                    "answers.2.name": .text(lab["NAME"]), "answers.2.type": "A", "answers.2.ttl": 300,
                    "answers.2.data": .text(lab["SERVER"]), "answers_left_out": 0,
                ]
            },
            LookupExample(name: "NAME_ALIAS", type: "AAAA", count: 1) { lab in
                ["status": "answered", "addresses": [.text(lab["SERVER6"])], "answers.2.type": "AAAA"]
            },
            // dig asks for A, then curl for both.
            LookupExample(name: "NAME_NXDOMAIN", type: "A", count: 2) { _ in
                ["status": "failed", "rcode": "NXDOMAIN", "addresses": [], "answers": [], "retries": 0]
            },
            LookupExample(name: "NAME_NXDOMAIN", type: "AAAA", count: 1) { _ in
                ["status": "failed", "rcode": "NXDOMAIN"]
            },
            LookupExample(name: "NAME_SERVFAIL", type: "A", count: 1) { _ in
                ["status": "failed", "rcode": "SERVFAIL", "retries": 0]
            },
            // The C library tries twice (resolv.conf: attempts:2), from the same port.
            LookupExample(name: "NAME_SILENT", type: "A", count: 1) { _ in
                ["status": "no_answer", "rcode": .null, "answered": .null, "rtt_ms": .null, "retries": 1]
            },
            LookupExample(name: "NAME_SILENT", type: "AAAA", count: 1) { _ in
                ["status": "no_answer", "rcode": .null, "retries": 1]
            },
            // dig takes a new port for its second try: two questions, each asked once.
            LookupExample(name: "NAME", type: "A", server: "SILENT_RESOLVER", count: 2) { _ in
                ["status": "no_answer", "rcode": .null, "answered": .null, "retries": 0]
            },
        ]

        @Test(arguments: lookupExamples) func lookup(_ example: LookupExample) async throws {
            let run = try await RecordedRun.shared
            let found = run.lookups.filter { lookup in
                lookup["name"].text == run.lab[example.name] && lookup["type"].text == example.type
                    && lookup["server"]["address"].text == run.lab[example.server]
            }
            #expect(found.count == example.count)
            let common: [String: JSON] = [
                "record": "lookup", "protocol": "udp", "client.address": .text(run.lab["CLIENT"]), "server.port": 53,
            ]
            for lookup in found {
                #expect(lookup.differences(from: common.merging(example.fields(run.lab)) { $1 }) == [])
            }
        }

        @Test func everyNameOfTheLabIsAskedForAndHasNoIPv6Address() async throws {
            let run = try await RecordedRun.shared
            let name = run.lab["NAME_IPV4"]
            let answered = run.lookups.filter { $0["name"].text == name && $0["type"] == "A" }
            let empty = run.lookups.filter { $0["name"].text == name && $0["type"] == "AAAA" }
            // curl asks for both: success, https, client_abort, download, and each of the parallel ones or one for all.
            #expect(answered.count >= 5)
            for lookup in answered {
                #expect(
                    lookup.differences(from: [
                        "status": "answered", "rcode": "NOERROR", "addresses": [.text(run.lab["SERVER"])],
                        "answers.0.ttl": 300, "answers.0.data": .text(run.lab["SERVER"]),
                    ]) == [])
            }
            for lookup in empty {
                #expect(lookup.differences(from: ["status": "no_data", "rcode": "NOERROR", "addresses": []]) == [])
            }
        }

        struct FailedName: Sendable, CustomTestStringConvertible {
            var name: String
            var reason: String
            var fields: [String: JSON]
            var testDescription: String { name }
        }

        /// A lookup that leads nowhere is a request of its own.
        @Test(arguments: [
            FailedName(
                name: "NAME_NXDOMAIN", reason: "nxdomain",
                fields: ["stages.name.facts.rcode": "NXDOMAIN", "stages.exchange.status": "ok"]),
            FailedName(
                name: "NAME_SERVFAIL", reason: "servfail",
                fields: ["stages.name.facts.rcode": "SERVFAIL", "stages.exchange.status": "ok"]),
            FailedName(name: "NAME_SILENT", reason: "no_answer", fields: ["server.segments": 0]),
        ])
        func failedName(_ example: FailedName) async throws {
            let run = try await RecordedRun.shared
            let found = run.requests.filter { request in
                request["lookups"].items.contains { $0["name"].text == run.lab[example.name] }
            }
            #expect(!found.isEmpty)
            for request in found {
                let expected = Expected.failed(stage: "name", reason: example.reason, confidence: "certain").merging([
                    "protocol": "udp", "application": "dns", "direction": "outbound",
                    "server.address": .text(run.lab["RESOLVER"]), "server.port": 53,
                    "stages.name.facts.name": .text(run.lab[example.name]), "stages.connect.status": "not_applicable",
                ]) { $1 }
                let open: Set = ["verdict.confidence"]
                let fields = expected.merging(example.fields) { $1 }.filter { !open.contains($0.key) }
                #expect(request.differences(from: fields) == [])
            }
        }

        @Test func ping() async throws {
            let run = try await RecordedRun.shared
            let found = run.requests.filter {
                $0["protocol"] == "icmp" && $0["server"]["address"].text == run.lab["SERVER"]
            }
            try #require(found.count == 1)
            #expect(
                found[0].differences(from: [
                    "direction": "outbound", "application": "echo", "client.address": .text(run.lab["CLIENT"]),
                    "client.port": .null, "server.port": .null, "client.segments": 3, "server.segments": 3,
                    // 56 bytes each, as ping(8) has it.
                    "client.payload_bytes": 168, "server.payload_bytes": 168, "server.ttl": 63, "suggested_hops": 1,
                    "outcome": "ok", "stages.exchange.status": "ok", "stages.exchange.facts.echo_requests": 3,
                    "stages.exchange.facts.echo_replies": 3, "next_hop.mac": run.gatewayMAC, "verdict.id": "healthy",
                ]) == [])
        }

        @Test func aHundredAtOnce() async throws {
            let run = try await RecordedRun.shared
            let tools = try #require(run.observations["parallel"]).map { $0["observed"] }
            try #require(tools.count == 100)
            var ids: Set<String> = []
            var differences: [String] = []
            for tool in tools {
                let found = run.requests.filter {
                    $0["client"]["port"] == tool["local_port"] && $0["server"]["port"] == 80
                        && $0["server"]["address"] == tool["remote_ip"]
                }
                try #require(found.count == 1, "port \(tool["local_port"])")
                ids.insert(found[0]["id"].text ?? "")
                // A hundred connections at once may lose a segment; the bytes are the same.
                differences += found[0].differences(from: [
                    "state": "closed", "outcome": "ok", "application": "http",
                    "server.names.0.name": .text(run.lab["NAME_IPV4"]),
                    "client.sequence_bytes": tool["size_request"], "server.sequence_bytes": Expected.received(tool),
                    "client.missing_bytes": 0, "server.missing_bytes": 0,
                    "stages.exchange.facts.http_status": 200, "verdict.id": "healthy",
                ])
            }
            #expect(differences == [])
            #expect(ids.count == 100)
        }

        @Test func neighbours() async throws {
            let run = try await RecordedRun.shared
            func resolutions(of target: String) -> [JSON] {
                run.neighbours.filter {
                    $0["target"].text == run.lab[target] && $0["asker"].text == run.lab["CLIENT"]
                        && $0["kind"] == "resolution"
                }
            }
            let gateway = resolutions(of: "GATEWAY")
            #expect(!gateway.isEmpty)
            for resolution in gateway {
                #expect(
                    resolution.differences(from: [
                        "record": "neighbour", "protocol": "arp", "interface": "eth0", "vlan_ids": [],
                        "asker_mac": run.clientMAC, "requests": 1, "replies": 1, "macs": .list([run.gatewayMAC]),
                    ]) == [])
            }
            let absent = resolutions(of: "ABSENT_NEIGHBOUR")
            try #require(!absent.isEmpty)
            for resolution in absent {
                #expect(
                    resolution.differences(from: [
                        "protocol": "arp", "replies": 0, "macs": [], "answered": .null, "duration_ms": .null,
                    ]) == [])
            }
            // mcast_solicit of the kernel is 3; it may begin anew while curl waits.
            let requests = absent.reduce(0) { $0 + ($1["requests"].number ?? 0) }
            #expect(requests >= 3)
        }

        @Test func theDaemonEndsInOrder() async throws {
            let run = try await RecordedRun.shared
            #expect(run.daemon.status == 0, "\(run.daemon.errors)")
            #expect(run.socketIsGone)
            // It was there to the end, and says so.
            #expect(run.follower.status == 69)
            #expect(run.follower.errors.contains("waybilld ended the stream"), "\(run.follower.errors)")
            #expect(run.requests.allSatisfy { $0["complete"] == true })
            for interface in run.status["interfaces"].items {
                #expect(interface.differences(from: ["state": "capturing", "dropped_by_kernel": 0]) == [])
            }
            #expect(Set(run.status["interfaces"].items.map { $0["name"] }) == ["lo", "eth0"])
            // Nothing but what the operator should know: no line a frame, none a request.
            let lines = run.daemon.errors.split(separator: "\n")
            #expect(lines.count < 10, "\(run.daemon.errors)")
        }
    }
}
