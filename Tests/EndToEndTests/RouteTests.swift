import Foundation
import Testing

extension EndToEnd {
    /// By which road, next hop and port: records against what ip(8) and ss(8) say at the same moment.
    @Suite struct RouteTests {
        /// Nobody: some uid that is not root's.
        private static let user = "65534"
        private static let otherTable = "77"

        /// The router's second address on the client's link; a third one of the client's own.
        private static func gateway(_ lab: Lab) -> String { lab["SILENT_RESOLVER"] }
        private static let source = "10.77.1.3"

        @discardableResult
        private static func client(_ lab: Lab, _ words: [String]) async throws -> String {
            try await succeed(lab.inClient(words))
        }

        /// Policy routing by user and by source, both through the router's other address.
        private static func policies(_ lab: Lab, _ verb: String) -> [[String]] {
            let way = ["default", "via", gateway(lab), "dev", "eth0", "table", otherTable]
            return [
                ["ip", "address", verb, "\(source)/24", "dev", "eth0"],
                ["ip", "route", verb] + way,
                ["ip", "rule", verb, "uidrange", "\(user)-\(user)", "lookup", otherTable, "priority", "100"],
                ["ip", "rule", verb, "from", source, "lookup", otherTable, "priority", "101"],
            ]
        }

        private struct Example {
            var words: [String]
            /// What ip(8) is told beside the destination.
            var question: [String] = []
            var server: String
        }

        @Test func roadsAreThoseOfTheKernel() async throws {
            let lab = try await Lab.shared
            for words in Self.policies(lab, "add") { try await Self.client(lab, words) }
            let daemon = try await Daemon(in: lab)
            let write = ["-w", "%{local_ip} %{local_port}"]
            let asNobody = ["setpriv", "--reuid", Self.user, "--clear-groups"]
            let examples = [
                Example(words: ["curl", "http://\(lab["SERVER"])/"], server: lab["SERVER"]),
                Example(words: ["curl", "http://[\(lab["SERVER6"])]/"], server: lab["SERVER6"]),
                Example(
                    words: asNobody + ["curl", "http://\(lab["SERVER"])/"], question: ["uid", Self.user],
                    server: lab["SERVER"]),
                Example(
                    words: ["curl", "--interface", Self.source, "http://\(lab["SERVER"])/"], server: lab["SERVER"]),
            ]
            for example in examples {
                let options = ["-sS", "-o", "/dev/null", "--max-time", "10"] + write
                let ends = try await Self.client(lab, example.words + options).split(separator: " ").map(String.init)
                try #require(ends.count == 2)
                let from = ["from", ends[0], "ipproto", "tcp", "sport", ends[1], "dport", "80"]
                let answer = try JSON(
                    parsing: try await Self.client(
                        lab, ["ip", "-j", "route", "get", example.server] + from + example.question))[0]
                let hop = try #require(answer["gateway"].text)
                let entry = try JSON(
                    parsing: try await Self.client(lab, ["ip", "-j", "neighbour", "show", hop, "dev", "eth0"]))[0]
                try await daemon.catchUp()
                let port = JSON.number(Double(ends[1]) ?? -1)
                // Who asked may have to be found first, where a rule looks at the user.
                let leaves = try await eventually("the road of \(example.words)") {
                    let found = try await daemon.all("/v1/requests").filter { $0["client"]["port"] == port }
                    try #require(found.count == 1, "\(example.words)")
                    return found[0].leaves["stages.route.status"] == "unseen" ? nil : found[0].leaves
                }
                #expect(leaves["stages.route.status"] == "ok", "\(example.words)")
                #expect(leaves["stages.route.facts.gateway"] == answer["gateway"], "\(example.words)")
                #expect(leaves["stages.route.facts.interface"] == answer["dev"])
                // ip(8) leaves out the table main.
                #expect(leaves["stages.route.facts.table"] == (answer["table"] == .null ? "main" : answer["table"]))
                #expect(leaves["stages.neighbour.status"] == "ok")
                #expect(leaves["stages.neighbour.facts.next_hop"] == .text(hop))
                #expect(leaves["stages.neighbour.facts.mac"] == entry["lladdr"])
                #expect(leaves["stages.port.facts.source_port"] == port)
            }
            try await daemon.stop()
            for words in Self.policies(lab, "del").reversed() { try await Self.client(lab, words) }
        }

        /// The way is another one from one moment on: requests before and after it say so, and `waybill routes` when.
        @Test func aDefaultRouteThatSwitchesIsTold() async throws {
            let lab = try await Lab.shared
            let daemon = try await Daemon(in: lab)
            func replace(_ gateway: String) async throws {
                try await Self.client(lab, ["ip", "route", "replace", "default", "via", gateway, "dev", "eth0"])
            }
            let before = try await lab.curl(["http://\(lab["SERVER"])/"])["local_port"]
            let earliest = Moment.now
            try await replace(Self.gateway(lab))
            let latest = Moment.now
            let after = try await lab.curl(["http://\(lab["SERVER"])/"])["local_port"]
            try await daemon.catchUp()
            let text = try await Self.client(lab, [lab.program("waybill"), "routes", "--socket", daemon.socket])
            try await replace(lab["GATEWAY"])
            let requests = try await daemon.all("/v1/requests")
            for (port, gateway) in [(before, lab["GATEWAY"]), (after, Self.gateway(lab))] {
                let request = requests.first { $0["client"]["port"] == port }
                let told = request?.leaves["stages.route.facts.gateway"]
                // A moment before the switch it may not have been asked yet: then nothing is said, and that is.
                let isOpen = port == before && told == nil
                #expect(told == .text(gateway) || isOpen && request?.leaves["stages.route.status"] == "unseen")
            }
            let changes = try await daemon.get("/v1/routes").body["changes"].items
            let switched = changes.filter {
                $0["kind"] == "default_route" && $0["after"].text?.contains(Self.gateway(lab)) == true
            }
            #expect(switched.count == 1)
            #expect(switched.first?["before"].text?.contains(lab["GATEWAY"]) == true)
            let time = try Moment.nanoseconds(try #require(switched.first?["time"].text))
            // The daemon's clock is read when the news is, a moment after it happened.
            #expect(time >= earliest && time <= latest + 1_000_000_000)
            #expect(text.contains("default") && text.contains("via \(Self.gateway(lab))"), "\(text)")
            try await daemon.stop()
        }

        /// Nobody answers for the next hop: no packet leaves, and the request is told all the same.
        @Test func whatNeverLeftIsTold() async throws {
            let lab = try await Lab.shared
            let (absent, absent6, late) = (lab["ABSENT_NEIGHBOUR"], "fd77:1::99", "10.77.1.97")
            let deadWay = ["ip", "route", "add", "203.0.113.0/24", "via", "10.77.1.98", "dev", "eth0"]
            try await Self.client(lab, deadWay)
            let daemon = try await Daemon(in: lab)
            let urls = [
                absent: "http://\(absent)/", absent6: "http://[\(absent6)]/", "203.0.113.9": "http://203.0.113.9/",
            ]
            let options = ["-sS", "-o", "/dev/null", "--max-time", "10"]
            let clients = try urls.values.map { try ChildProcess(lab.inClient(["curl", $0] + options)) }
            let patient = try ChildProcess(lab.inClient(["curl", "http://\(late):\(lab["PORT_REFUSED"])/"] + options))
            try await Task.sleep(for: .milliseconds(1500))
            // It comes late: the SYN that waited leaves then, and is refused.
            try await succeed(["ip", "-n", lab["ROUTER_NS"], "address", "add", "\(late)/24", "dev", "lan0"])
            // The kernel ends a connect at once, unless the program holds its socket just then: that one is given up.
            for client in clients { #expect([7, 28].contains(try await client.wait(within: .seconds(15)).status)) }
            #expect(try await patient.wait(within: .seconds(15)).status == 7)
            let table = try JSON(parsing: try await Self.client(lab, ["ip", "-j", "neighbour", "show", "dev", "eth0"]))
            try await daemon.catchUp()
            let requests = try await eventually("the requests that never left") {
                let requests = try await daemon.all("/v1/requests").filter { $0["complete"] == .flag(true) }
                return requests.count { $0["failure"]["stage"] == "neighbour" } >= 3 ? requests : nil
            }
            for (server, hop) in [(absent, absent), (absent6, absent6), ("203.0.113.9", "10.77.1.98")] {
                let found = requests.filter { $0["server"]["address"] == .text(server) }
                try #require(found.count == 1, "\(server)")
                let leaves = found[0].leaves
                #expect(leaves["failure.stage"] == "neighbour" && leaves["failure.reason"] == "unanswered")
                #expect(leaves["stages.process.facts.process"] == "curl", "\(server)")
                #expect(leaves["stages.route.status"] == "ok")
                let gateway = leaves["stages.route.facts.gateway"]
                #expect(gateway == (hop == server ? nil : .text(hop)))
                #expect(leaves["stages.neighbour.facts.next_hop"] == .text(hop))
                #expect(leaves["stages.neighbour.facts.requests"]?.number ?? 0 >= 2, "\(server)")
                let entry = table.items.first { $0["dst"] == .text(hop) }
                #expect(entry?["state"].items.contains { $0 == "FAILED" || $0 == "INCOMPLETE" } == true, "\(server)")
                #expect(leaves["stages.connect.status"] == "not_applicable")
                #expect(found[0]["verdict"]["id"] == "neighbour.unanswered")
            }
            let arrived = try await daemon.all("/v1/requests").filter { $0["server"]["address"] == .text(late) }
            #expect(arrived.map { $0["failure"]["reason"] } == ["refused"], "one request, and it left")
            #expect(arrived.first?.leaves["stages.neighbour.status"] == "ok")
            let words = [lab.program("waybill"), "run", "--socket", daemon.socket, "--", "curl", "-sS"]
            let outcome = try await run(lab.inClient(words + ["http://\(absent)/"]), environment: ["COLUMNS": "120"])
            #expect(outcome.status == 7)
            let sentence = "The host \(absent) does not answer on the local network"
            #expect(outcome.errors.components(separatedBy: sentence).count == 2, "\(outcome.errors)")
            #expect(outcome.errors.contains("matched by process"))
            try await daemon.stop()
            try await succeed(["ip", "-n", lab["ROUTER_NS"], "address", "del", "\(late)/24", "dev", "lan0"])
            try await Self.client(lab, ["ip", "route", "del", "203.0.113.0/24"])
        }

        /// `address:port pid` of every listener that ss(8) lists; an interface after the address is left out.
        private static func listeners(_ text: String) -> Set<String> {
            var found: Set<String> = []
            for line in text.split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.count >= 5, let colon = words[3].lastIndex(of: ":") else { continue }
                let address = words[3][..<colon].drop { $0 == "[" }.prefix { $0 != "]" && $0 != "%" }
                let pids = line.matches(of: /pid=(\d+)/).map { String($0.1) }
                for pid in Set(pids) { found.insert("\(address):\(words[3][words[3].index(after: colon)...]) \(pid)") }
            }
            return found
        }

        @Test func listenersAndPortsAreThoseOfTheKernel() async throws {
            let lab = try await Lab.shared
            let (open, closed) = (18_090, 18_091)
            let servers = try [("0.0.0.0", open), ("127.0.0.1", closed), ("::1", open)].map { address, port in
                try ChildProcess(
                    lab.inClient(
                        [
                            "python3", "-m", "http.server", "\(port)", "--bind", address, "--directory",
                            lab.folder.path,
                        ]))
            }
            try await Self.client(
                lab,
                [
                    "nft",
                    """
                    table inet port_test { chain input { type filter hook input priority 0; policy accept;
                    tcp dport \(open) accept; }; chain forward { type nat hook prerouting priority dstnat;
                    tcp dport 18092 redirect to :\(open); }; }
                    """,
                ])
            let daemon = try await Daemon(in: lab)
            let expected = try await eventually("three listeners") {
                let found = Self.listeners(try await Self.client(lab, ["ss", "-H", "-ltnp"]))
                return found.count { $0.contains(":1809") } == 3 ? found : nil
            }
            let list = try await daemon.get("/v1/ports").body
            var told: Set<String> = []
            for listener in list["listeners"].items where listener["protocol"] == "tcp" {
                var address = listener["address"].text ?? ""
                if address == "::" && listener["port"].number != nil { address = "*" }
                for process in listener["processes"].items {
                    told.insert("\(address):\(Int(listener["port"].number ?? 0)) \(Int(process["pid"].number ?? 0))")
                }
            }
            #expect(told == expected)
            let local = try await daemon.get("/v1/ports/\(closed)").body["summary"].text ?? ""
            #expect(local.contains("Other hosts cannot reach it"), "\(local)")
            let wide = try await daemon.get("/v1/ports/\(open)").body["summary"].text ?? ""
            #expect(!wide.contains("cannot reach"), "\(wide)")
            // Rules are read a moment after the start.
            for (port, action) in [(open, "accept"), (18_092, "redirect")] {
                let rules = try await eventually("the rules of port \(port)") {
                    let rules = try await daemon.get("/v1/ports/\(port)").body["rules"].items
                    return rules.isEmpty ? nil : rules
                }
                #expect(rules.map { $0["action"].text } == [action] && rules.first?["table"] == "port_test")
            }
            #expect(try await daemon.get("/v1/ports/\(closed)").body["rules"] == .list([]))
            try await Self.client(lab, ["nft", "delete table inet port_test"])
            // A connection that is open: ss(8) and the record agree on its ports.
            let holder = try ChildProcess(
                lab.inClient(["curl", "-sS", "-o", "/dev/null", "http://\(lab["SERVER"])/slow"]))
            let line = try await eventually("an open connection") {
                let text = try await Self.client(
                    lab, ["ss", "-H", "-tn", "state", "established", "dst", lab["SERVER"]])
                return text.split(separator: "\n").first.map(String.init)
            }
            let port = line.split(separator: " ").dropFirst(2).first?.split(separator: ":").last.map(String.init) ?? ""
            try await daemon.catchUp()
            let requests = try await daemon.all("/v1/requests")
            let request = requests.first { $0["client"]["port"] == .number(Double(port) ?? -1) }
            #expect(request?.leaves["stages.port.facts.source_port"] == .number(Double(port) ?? -1))
            #expect(request?.leaves["stages.process.facts.pid"] == .number(Double(holder.pid)))
            for process in servers + [holder] { process.signal(SIGKILL) }
            try await daemon.stop()
        }
    }
}
