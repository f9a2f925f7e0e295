import Foundation
import Testing

extension EndToEnd {
    /// The daemon on a router, a host of containers and the end of a tunnel: what it says of every connection, against
    /// what the kernel's own tool lists at the same moment.
    @Suite struct TranslationTests {
        struct Example: CustomTestStringConvertible {
            var testDescription: String
            var scenario: String
            /// One for each connection of `labs/scenarios/NAME.sh`, in its order.
            var expected: [Expected]
            /// Port forwards, and how many connections came by each.
            var forwards: [String] = []
        }

        struct Expected {
            var direction: JSON = "forwarded"
            /// Where it was seen, in order; those in a tunnel with its kind.
            var legs: [String]
            var rule: String?
        }

        private static let masquerade = "meta oifname wan0 masquerade"
        private static let container = "ip saddr 172.17.0.0/16 meta oifname != docker0 masquerade"
        private static let published = "tcp dport 8080 dnat to 172.17.0.12:80"

        static let examples = [
            Example(
                testDescription: "a router: masquerade, port forward, hairpin, redirection", scenario: "nat",
                expected: [
                    Expected(legs: ["lan0", "wan0"], rule: masquerade),
                    Expected(legs: ["lan0", "wan0"], rule: masquerade),
                    Expected(legs: ["lan0", "wan0"], rule: masquerade),
                    Expected(
                        legs: ["wan0", "lan0"], rule: "ip daddr 10.77.2.1 tcp dport 18080 dnat to 10.77.1.2:18081"),
                    Expected(
                        legs: ["lan0", "lan0"], rule: "ip daddr 10.77.2.1 tcp dport 18080 dnat to 10.77.1.2:18081"),
                    Expected(direction: "inbound", legs: [], rule: "tcp dport 18082 redirect to :18083"),
                    Expected(
                        legs: ["wan0", "lan0"], rule: "ip daddr 10.77.2.1 tcp dport 18084 dnat to 10.77.1.2:18085"),
                ],
                forwards: [
                    "10.77.2.1:18080 to 10.77.1.2:18081, 2", "10.77.2.1:18084 to 10.77.1.2:18085, 1",
                    "any:18082 to any:18083, 1",
                ]),
            Example(
                testDescription: "containers behind a bridge, one with a published port", scenario: "containers",
                expected: [
                    Expected(legs: ["veth1", "docker0", "wan0"], rule: container),
                    Expected(legs: ["veth1", "veth2"]),
                    Expected(legs: ["lan0", "docker0", "veth2"], rule: published),
                    Expected(direction: "outbound", legs: ["docker0", "veth2"], rule: published),
                    Expected(legs: ["veth1", "veth2"], rule: published),
                    Expected(legs: ["veth2", "veth2"], rule: published),
                    Expected(direction: "inbound", legs: ["veth1", "docker0"]),
                    Expected(legs: ["veth1", "docker0", "wan0"], rule: container),
                ], forwards: ["any:8080 to 172.17.0.12:80, 4"]),
            Example(
                testDescription: "in a tunnel, out of it, and translated", scenario: "nat_tunnel",
                expected: [
                    Expected(legs: ["lan0 vxlan", "vx0", "wan0"], rule: masquerade),
                    Expected(legs: ["lan0 vxlan", "vx0", "wan0"], rule: masquerade),
                    Expected(legs: ["lan0 gre", "gre7", "wan0"], rule: masquerade),
                    Expected(legs: ["lan0 gre", "gre7", "wan0"], rule: masquerade),
                ]),
        ]

        /// What goes wrong on the router itself, seen by nobody else.
        @Test(arguments: [
            ("nat_wrong_source", "source_of_another_interface", "translation.wrong_source"),
            ("nat_collision", "port_collision", "translation.port_collision"),
        ])
        func troubleIsTold(_ scenario: String, _ reason: String, _ verdict: String) async throws {
            let lab = try await Lab.shared
            let router = ["ip", "netns", "exec", lab["ROUTER_NS"]]
            try await lab.play(scenario, "prepare")
            try await succeed(router + ["conntrack", "-F"])
            let daemon = try await Daemon(in: lab, at: "ROUTER_NS", socket: "router.sock")
            // A request without an answer is open for long; the daemon's end is its own.
            let follower = try ChildProcess(
                router + [lab.program("waybill"), "follow", "--format", "ndjson", "--socket", daemon.socket])
            _ = try await eventually("waybill follow") {
                try await succeed(lab.inClient(["ping", "-c", "1", "-W", "1", lab["GATEWAY"]]))
                return follower.output.isEmpty ? nil : true
            }
            try await lab.play(scenario, "traffic")
            // Conntrack's silence is believed after 2 s.
            try await Task.sleep(for: .seconds(4))
            try await daemon.catchUp()
            try await daemon.stop()
            try await lab.play(scenario, "finish")
            var latest: [String: JSON] = [:]
            for line in try await follower.wait().output.split(separator: "\n") {
                let request = try JSON(parsing: String(line))
                if let id = request["id"].text { latest[id] = request }
            }
            let failed = latest.values.filter { $0["verdict"]["id"].text == verdict }
            #expect(failed.map { $0.leaves["stages.translation.reason"] } == [.text(reason)])
            #expect(failed.map { $0["verdict"]["confidence"] } == ["likely"])
            #expect(failed.map { $0["direction"] } == ["forwarded"])
            #expect(latest.values.count { $0.leaves["stages.translation.status"] == "failed" } == 1)
        }

        /// Answers that come to a tuple that nobody has any more, or never had.
        @Test(arguments: [
            (
                "nat_mapping_gone", "ROUTER_NS",
                [
                    "dig 53 failed translation.mapping_gone certain ICMP port_unreachable",
                    "curl 5356 failed translation.mapping_gone certain RST",
                ]
            ),
            (
                "answer_unclaimed", "CLIENT_NS",
                [
                    "dig 53 failed exchange.unclaimed_answer certain ICMP port_unreachable",
                    "- 443 unknown connect.unclaimed_answer certain RST",
                    "- 443 unknown connect.unclaimed_answer certain RST",
                    "- 53 failed exchange.unclaimed_answer likely ICMP port_unreachable",
                ]
            ),
        ])
        func answersThatFindNobodyAreTold(_ scenario: String, _ place: String, _ expected: [String]) async throws {
            let lab = try await Lab.shared
            try await lab.play(scenario, "prepare")
            let daemon = try await Daemon(in: lab, at: place, socket: "\(scenario).sock")
            try await lab.play(scenario, "traffic")
            try await daemon.catchUp()
            let requests = try await daemon.all("/v1/requests")
            try await daemon.stop()
            try await lab.play(scenario, "finish")
            // What the server still sends to connections of tests before is of no matter.
            let told = requests.filter { request in
                let verdict = request["verdict"]["id"].text ?? ""
                return verdict.hasSuffix(".unclaimed_answer") || verdict.hasSuffix(".mapping_gone")
            }.map { request in
                let leaves = request.leaves
                let evidence = request["verdict"]["evidence"].items.compactMap(\.text).joined(separator: "\n")
                let refusal = ["ICMP port_unreachable", "RST"].first { evidence.contains($0) } ?? "none"
                return [
                    leaves["stages.process.facts.process"]?.text ?? "-",
                    request["server"]["port"].number.map { "\(Int($0))" } ?? "-", request["outcome"].text ?? "-",
                    request["verdict"]["id"].text ?? "-", request["verdict"]["confidence"].text ?? "-", refusal,
                ].joined(separator: " ")
            }
            #expect(told.sorted() == expected.sorted())
        }

        @Test(arguments: examples) func areThoseOfTheKernel(_ example: Example) async throws {
            let lab = try await Lab.shared
            try await lab.play(example.scenario, "prepare")
            let router = ["ip", "netns", "exec", lab["ROUTER_NS"]]
            try await succeed(router + ["conntrack", "-F"])
            let events = try ChildProcess(router + ["conntrack", "-E", "-e", "NEW", "-b", "8388608"])
            let daemon = try await Daemon(in: lab, at: "ROUTER_NS", socket: "router.sock")
            let tools = try await lab.play(example.scenario, "traffic")
            let before = try await succeed(router + ["conntrack", "-L"])
            try await daemon.catchUp()
            let translations = try await daemon.all("/v1/translations")
            let requests = try await daemon.all("/v1/requests")
            let forwards = try await daemon.get("/v1/forwards").body
            let lookups = try await daemon.all("/v1/lookups").filter { $0["name"].text?.hasSuffix(".test") == true }
            let after = try await succeed(router + ["conntrack", "-L"])
            try await daemon.stop()
            events.signal(SIGINT)
            let told = try await events.wait().output.split(separator: "\n").compactMap { TrackedConnection($0) }
            try await lab.play(example.scenario, "finish")

            let listed = Self.connections(before)
            let standing = listed.filter { Self.connections(after).contains($0) }
            Self.expectSame(standing, translations)
            // Events have those as well that were over at once.
            #expect(
                Set(told.filter(\.isTranslated).map(\.original)) == Set(translations.map { Self.ends($0["original"]) }))
            #expect(translations.count == told.filter(\.isTranslated).count)

            let own = told.filter { !$0.original[1].hasSuffix(":4789") }
            #expect(own.count == example.expected.count, "\(own)")
            for (connection, expected) in zip(own, example.expected) {
                let found = requests.filter { Self.isOf($0, connection) }
                // One request, whatever it is called on the other side, and whatever it travelled in.
                #expect(found.count == 1, "\(connection)")
                guard let request = found.first else { continue }
                Self.expect(expected, of: request, connection)
            }
            Self.expectBytes(of: requests, as: tools)
            #expect(forwards["trouble"] == .null && forwards["items"].items.map(Self.words) == example.forwards)
            #expect(lookups.count == tools.count { $0["tool"] == "dig" }, "\(lookups)")
        }

        private static func words(_ forward: JSON) -> String {
            func place(_ address: String, _ port: String) -> String {
                "\(forward[address].text ?? "any"):\(forward[port].text ?? "any")"
            }
            let to = "\(place("address", "ports")) to \(place("target_address", "target_port"))"
            return "\(to), \(Int(forward["uses"].number ?? -1))"
        }

        private static func connections(_ listing: String) -> [TrackedConnection] {
            listing.split(separator: "\n").compactMap { TrackedConnection($0) }
        }

        /// Those of the kernel, no other and none twice.
        private static func expectSame(_ connections: [TrackedConnection], _ translations: [JSON]) {
            for connection in connections where connection.isTranslated {
                let found = translations.filter { ends($0["original"]) == connection.original }
                #expect(found.count == 1, "\(connection)")
                guard let translation = found.first else { continue }
                #expect(ends(translation["translated"]) == connection.translated)
                #expect(translation["protocol"].text == connection.transport)
                #expect(translation["kinds"].items.compactMap(\.text) == connection.kinds)
                #expect(translation["state"].text == connection.state)
                #expect(translation["answered"] == .flag(connection.isAnswered))
                #expect(translation["ended"] == .null)
            }
        }

        private static func expect(_ expected: Expected, of request: JSON, _ connection: TrackedConnection) {
            #expect(request["direction"] == expected.direction, "\(connection)")
            let legs = request["legs"].items
            #expect(
                legs.map { ([$0["interface"]] + $0["tunnels"].items.map { $0["kind"] }).compactMap(\.text) }.map {
                    $0.joined(separator: " ")
                } == expected.legs, "\(connection)")
            // In order, each with its delay, and with an answer that came back the other way.
            #expect(legs.dropFirst().allSatisfy { $0["delay_ms"].number.map { $0 >= 0 } == true }, "\(legs)")
            #expect(legs.allSatisfy { $0["first"] != .null && $0["first_answer"] != .null }, "\(legs)")
            #expect(
                legs.compactMap { $0["first_answer"].text } == legs.compactMap { $0["first_answer"].text }.sorted(by: >)
            )
            let status = request.leaves["stages.translation.status"]
            guard connection.isTranslated else {
                #expect(request["translation"] == .null && status == "not_applicable", "\(connection)")
                #expect(legs.allSatisfy { ends($0["tuple"]) == connection.original })
                return
            }
            #expect(ends(request["translation"]["original"]) == connection.original)
            #expect(ends(request["translation"]["translated"]) == connection.translated)
            #expect(request["translation"]["known_by"] == "conntrack" && status == "ok")
            #expect(request["translation"]["rule"]["text"].text == expected.rule, "\(connection)")
            if let last = legs.last { #expect(ends(last["tuple"]) == connection.translated) }
        }

        private static func isOf(_ request: JSON, _ connection: TrackedConnection) -> Bool {
            guard request["protocol"].text == connection.transport else { return false }
            if connection.transport == "icmp" {
                return ends(request["translation"]["original"]) == connection.original
            }
            let both = [request["client"], request["server"]].map(end)
            return both == connection.original || both == connection.translated
        }

        /// What curl counted, by its own port: nothing of it was counted twice.
        private static func expectBytes(of requests: [JSON], as tools: [JSON]) {
            for tool in tools where tool["tool"] == "curl" && tool["exit"] == 0 {
                let figures = tool["observed"]
                guard let port = figures["local_port"].number, let address = figures["local_ip"].text,
                    let header = figures["size_header"].number, let body = figures["size_download"].number
                else { continue }
                let own = requests.filter {
                    $0["protocol"] == "tcp" && $0["client"]["address"].text == address
                        && $0["client"]["port"].number == port
                }
                #expect(own.map { $0["server"]["payload_bytes"].number } == [header + body])
            }
        }

        private static func end(_ endpoint: JSON) -> String {
            let address = endpoint["address"].text ?? ""
            return endpoint["port"].number.map { "\(address):\(Int($0))" } ?? address
        }

        private static func ends(_ tuple: JSON) -> [String] { [end(tuple["source"]), end(tuple["destination"])] }
    }
}
