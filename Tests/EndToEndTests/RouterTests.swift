import Foundation
import Testing

extension EndToEnd {
    /// The daemon on the router: what NAT makes of connections, as the kernel's own tool lists it at the same moment.
    @Suite struct RouterTests {
        /// Ports of their own, so that nothing else in the lab is taken for these.
        private static let (forwarded, behind, redirected, own) = (18_080, 18_081, 18_888, 18_889)

        private static func rules(_ lab: Lab) -> String {
            """
            table ip nat_test {
                chain prerouting {
                    type nat hook prerouting priority dstnat + 1
                    ip daddr \(lab["NAT_ADDRESS"]) tcp dport \(forwarded) dnat to \(lab["CLIENT"]):\(behind)
                    tcp dport \(redirected) redirect to :\(own)
                }
                chain postrouting {
                    type nat hook postrouting priority srcnat + 1
                    iifname "lan0" oifname "lan0" ct status dnat masquerade
                }
            }
            """
        }

        private static func inside(_ lab: Lab, _ namespace: String, _ words: [String]) -> [String] {
            ["ip", "netns", "exec", lab[namespace]] + words
        }

        private static func page(_ lab: Lab, _ namespace: String, _ port: Int) async throws -> ChildProcess {
            let words = ["python3", "-u", "-m", "http.server", "\(port)", "--directory", lab.folder.path]
            let server = try ChildProcess(inside(lab, namespace, words))
            _ = try await eventually("a page at port \(port)") {
                let listing = try await succeed(inside(lab, namespace, ["ss", "-ltnH", "sport = :\(port)"]))
                return listing.isEmpty ? nil : true
            }
            return server
        }

        /// One line of conntrack(8): both tuples, as `address:port` of source and destination.
        private static func tuples(_ line: Substring) -> (original: [String], reply: [String])? {
            var values: [String: [String]] = [:]
            for word in line.split(separator: " ") {
                let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { values[parts[0], default: []].append(parts[1]) }
            }
            guard let sources = values["src"], let destinations = values["dst"], let from = values["sport"],
                let to = values["dport"], sources.count == 2, from.count == 2
            else { return nil }
            func tuple(_ index: Int) -> [String] {
                ["\(sources[index]):\(from[index])", "\(destinations[index]):\(to[index])"]
            }
            return (tuple(0), tuple(1))
        }

        private static func ends(_ tuple: JSON) -> [String] {
            ["source", "destination"].map { end in
                "\(tuple[end]["address"].text ?? ""):\(Int(tuple[end]["port"].number ?? -1))"
            }
        }

        @Test func translationsAreThoseOfTheKernel() async throws {
            let lab = try await Lab.shared
            let (client, server, router) = (lab["CLIENT"], lab["SERVER"], lab["NAT_ADDRESS"])
            let file = lab.folder.appending(path: "nat_test.nft")
            try Self.rules(lab).write(to: file, atomically: true, encoding: .utf8)
            try await succeed(Self.inside(lab, "ROUTER_NS", ["nft", "-f", file.path]))
            let daemon = try await Daemon(in: lab, at: "ROUTER_NS", socket: "router.sock")
            let pages = [
                try await Self.page(lab, "CLIENT_NS", Self.behind), try await Self.page(lab, "ROUTER_NS", Self.own),
            ]
            for (namespace, url) in [
                ("CLIENT_NS", "http://\(server)/"), ("SERVER_NS", "http://\(router):\(Self.forwarded)/"),
                ("CLIENT_NS", "http://\(router):\(Self.forwarded)/"),
                ("CLIENT_NS", "http://\(server):\(Self.redirected)/"),
            ] {
                try await succeed(
                    Self.inside(lab, namespace, ["curl", "-sS", "-o", "/dev/null", "--max-time", "10", url]))
            }
            let listing = try await succeed(
                Self.inside(lab, "ROUTER_NS", ["conntrack", "-L", "-p", "tcp", "-o", "extended"]))
            try await daemon.catchUp()
            let requests = try await daemon.all("/v1/requests")
            let translations = try await daemon.all("/v1/translations")
            let lines = listing.split(separator: "\n").compactMap(Self.tuples)
            #expect(lines.count >= 4)
            for (original, reply) in lines {
                let expected = [original, Array(reply.reversed())]
                let found = translations.filter { Self.ends($0["original"]) == original }
                #expect(found.map { Self.ends($0["translated"]) } == [expected[1]], "\(original)")
                // One request, whatever it was called on the other side.
                let own = requests.filter { request in
                    let ends = ["client", "server"].map {
                        "\(request[$0]["address"].text ?? ""):\(Int(request[$0]["port"].number ?? -1))"
                    }
                    return ends == expected[0] || ends == expected[1]
                }
                #expect(own.count == 1, "\(original)")
                guard let request = own.first else { continue }
                #expect(Self.ends(request["translation"]["original"]) == expected[0])
                #expect(Self.ends(request["translation"]["translated"]) == expected[1])
                #expect(request["translation"]["known_by"] == "conntrack")
                let isRedirected = original[1].hasSuffix(":\(Self.redirected)")
                #expect(request["direction"] == (isRedirected ? "inbound" : "forwarded"))
                if !isRedirected {
                    #expect(request["legs"].items.map { Self.ends($0["tuple"]) } == expected)
                    #expect(request["legs"].items.allSatisfy { $0["first"] != .null && $0["first_answer"] != .null })
                }
                #expect(request.leaves["stages.translation.status"] == "ok")
            }
            #expect(client == requests.first { $0["server"]["address"] == .text(server) }?["client"]["address"].text)
            try await daemon.stop()
            for page in pages { page.signal(SIGTERM) }
            try await succeed(Self.inside(lab, "ROUTER_NS", ["nft", "delete", "table", "ip", "nat_test"]))
        }
    }
}
