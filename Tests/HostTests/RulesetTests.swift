import Foundation
import Model
import Testing

@testable import Host

/// Rules as nft printed them (`Tests/Captures/netfilter/ruleset.json`), matched to translations and ports.
@Suite struct RulesetTests {
    static func ruleset(_ name: String = "ruleset") throws -> Ruleset {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Captures/netfilter/\(name).json")
        return try Ruleset(json: [UInt8](Data(contentsOf: file)))
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var transport = TransportProtocol.tcp
        /// `client > server` and what both become.
        var original: (String, UInt16, String, UInt16)
        var translated: (String, UInt16, String, UInt16)
        /// The rule's text; `nil` when none or several fit.
        var rule: String?
    }

    static let examples = [
        Example(
            testDescription: "a port forward", original: ("10.77.2.2", 40002, "10.77.2.1", 8080),
            translated: ("10.77.2.2", 40002, "10.77.1.2", 80),
            rule: "ip daddr 10.77.2.1 tcp dport 8080 dnat to 10.77.1.2:80"),
        Example(
            testDescription: "a redirection, by a range within a set", original: ("10.77.1.2", 1, "10.9.9.9", 9005),
            translated: ("10.77.1.2", 1, "10.77.1.1", 9999), rule: "tcp dport { 8888, 9000-9010 } redirect to :9999"),
        Example(
            testDescription: "another transport", transport: .udp, original: ("10.77.1.2", 1, "10.9.9.9", 9005),
            translated: ("10.77.1.2", 1, "10.77.1.1", 9999)),
        Example(
            testDescription: "an interface that nobody can look at afterwards", transport: .udp,
            original: ("10.0.0.1", 9, "10.77.2.1", 53), translated: ("10.0.0.1", 9, "10.77.1.5", 53),
            rule: "meta iifname wan0 udp dport 53 dnat to 10.77.1.5"),
        Example(
            testDescription: "a named set may hold the port", original: ("10.0.0.1", 9, "10.77.2.1", 81),
            translated: ("10.0.0.1", 9, "10.0.0.9", 81), rule: "tcp dport … dnat to 10.0.0.9"),
        Example(
            testDescription: "two masquerades fit", original: ("172.18.0.2", 5, "203.0.113.9", 443),
            translated: ("10.88.0.2", 5, "203.0.113.9", 443)),
        Example(
            testDescription: "one masquerade fits", original: ("10.77.1.2", 5, "203.0.113.9", 443),
            translated: ("10.77.2.1", 5, "203.0.113.9", 443), rule: "meta oifname wan0 masquerade"),
        Example(
            testDescription: "no rule leads there", original: ("10.77.1.2", 5, "203.0.113.9", 443),
            translated: ("10.77.1.2", 5, "192.0.2.7", 443)),
    ]

    /// Docker's rules as iptables-nft made them (`docker.json`): of its targets nft tells the name alone.
    static let dockers = [
        Example(
            testDescription: "a published port", original: ("10.77.1.2", 5, "10.77.1.1", 8080),
            translated: ("10.77.1.2", 5, "172.17.0.3", 80),
            rule: "meta iifname != docker0 tcp dport 8080 dnat to 172.17.0.3:80"),
        Example(
            testDescription: "one of a range of ports", transport: .udp, original: ("10.77.1.2", 5, "10.77.1.1", 5355),
            translated: ("10.77.1.2", 5, "172.17.0.3", 53),
            rule: "meta iifname != docker0 ip daddr 10.77.1.1 udp dport 5353-5360 dnat to 172.17.0.3:53"),
        Example(
            testDescription: "a container's masquerade, which SNAT of another network cannot be",
            original: ("172.17.0.3", 5, "203.0.113.9", 443), translated: ("10.77.2.1", 5, "203.0.113.9", 443),
            rule: "meta oifname != docker0 ip saddr 172.17.0.0/16 masquerade"),
        Example(
            testDescription: "ports that only an extension knows", original: ("10.77.1.2", 5, "203.0.113.9", 9005),
            translated: ("10.77.1.2", 5, "10.77.1.1", 9999), rule: "meta l4proto tcp multiport redirect to :9999"),
        Example(
            testDescription: "SNAT", original: ("10.1.2.3", 5, "203.0.113.9", 443),
            translated: ("192.0.2.1", 5, "203.0.113.9", 443),
            rule: "meta oifname eth9 ip saddr 10.0.0.0/8 snat to 192.0.2.1"),
    ]

    @Test(arguments: dockers) func namesTheRuleOfIPTables(_ example: Example) throws {
        #expect(try Self.ruleset("docker").hasHiddenTargets)
        try expectRule(example, in: Self.docker())
    }

    @Test(arguments: [
        ("172.17.0.3:80", "172.17.0.3", "80"), ("172.17.0.3", "172.17.0.3", nil), (":9999", nil, "9999"),
        ("10.9.0.1-10.9.0.9:1000-2000", "10.9.0.1-10.9.0.9", "1000-2000"), ("[fd00::3]:443", "fd00::3", "443"),
        ("[fd00::3]", "fd00::3", nil), ("fd00::3", "fd00::3", nil), ("", nil, nil), (":", nil, nil),
    ])
    func readsWhereATargetLeads(_ text: String, _ address: String?, _ port: String?) {
        let target = RulesetText.target(Substring(text))
        #expect(target.address?.spoken == address && target.port?.spoken == port)
    }

    @Test(arguments: [
        "", "table", "table ip nat {", "\t\tdnat to 1.2.3.4 # handle 7", "table ip nat {\n x dnat to # handle 1",
        "table ip nat {\n x y z dnat to 1.2.3.4 # handle -1",
    ])
    func whatIsNoListingTellsNothing(_ text: String) { #expect(RulesetText(text).targets.isEmpty) }

    /// Where nft says no more than that there is something of iptables', it may be any of them: only in tables that translate.
    @Test(arguments: [("nat", nil), ("filter", "tcp dport 8080 dnat to 172.17.0.3:80")])
    func anUnknownExtensionMayTranslate(_ type: String, _ rule: String?) throws {
        let text = """
            {"nftables": [
              {"chain": {"family": "ip", "table": "x", "name": "c", "handle": 1, "type": "\(type)"}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 2, "expr": [{"xt": null}]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 3, "expr": [
                {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 8080}},
                {"dnat": {"addr": "172.17.0.3", "port": 80}}]}}]}
            """
        var example = Self.dockers[0]
        example.rule = rule
        try expectRule(example, in: Ruleset(json: Array(text.utf8)))
    }

    /// `ct status dnat` asks for what both tuples tell.
    @Test func aConditionOnTheDestinationsRewriteIsLookedAt() throws {
        let text = """
            {"nftables": [
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 2, "expr": [
                {"match": {"op": "in", "left": {"ct": {"key": "status"}}, "right": "dnat"}}, {"masquerade": null}]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 3, "expr": [
                {"match": {"op": "==", "left": {"meta": {"key": "oifname"}}, "right": "wan0"}}, {"masquerade": null}]}}]}
            """
        var example = Self.dockers[2]
        example.rule = "meta oifname wan0 masquerade"
        try expectRule(example, in: Ruleset(json: Array(text.utf8)))
    }

    @Test(arguments: examples) func namesTheRule(_ example: Example) throws {
        try expectRule(example, in: Self.ruleset())
    }

    private func expectRule(_ example: Example, in ruleset: Ruleset) throws {
        func tuple(_ ends: (String, UInt16, String, UInt16)) throws -> FlowTuple {
            FlowTuple(
                example.transport, Endpoint(try #require(IPAddress(ends.0)), ends.1),
                Endpoint(try #require(IPAddress(ends.2)), ends.3))
        }
        let translation = Translation(
            original: try tuple(example.original), reply: try tuple(example.translated).reversed, how: .conntrack)
        #expect(ruleset.rule(for: translation)?.text == example.rule)
    }

    static func docker() throws -> Ruleset {
        var ruleset = try ruleset("docker")
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Captures/netfilter/docker.txt")
        ruleset.complete(with: RulesetText(try String(contentsOf: file, encoding: .utf8)))
        return ruleset
    }

    static func words(_ forward: PortForward) -> String {
        let to = [forward.transport, forward.address, forward.ports, forward.interface].map { $0 ?? "any" }
        return "\(to.joined(separator: " ")): \(forward.targetAddress ?? "-") \(forward.targetPort ?? "-")"
    }

    @Test func portForwardsAreThoseThatLeadElsewhere() throws {
        #expect(
            try Self.docker().forwards.map(Self.words) == [
                "tcp any 8080 any: 172.17.0.3 80", "udp 10.77.1.1 5353-5360 any: 172.17.0.3 53",
                "tcp any any any: - 9999", "tcp 192.0.2.77 any any: 10.9.0.1-10.9.0.9 1000-2000",
                "any 192.0.2.0/28 any any: - -", "tcp any 8443 any: - -",
            ])
        #expect(
            try Self.ruleset().forwards.map(Self.words).prefix(3) == [
                "tcp 10.77.2.1 8080 any: 10.77.1.2 80", "tcp any { 8888, 9000-9010 } any: - 9999",
                "udp any 53 wan0: 10.77.1.5 -",
            ])
    }

    /// Docker keeps chains of networks that are gone; nothing leads to them any more.
    @Test(arguments: [
        (#"{"jump": {"target": "c"}}"#, 1), (#"{"goto": {"target": "c"}}"#, 1), (#"{"jump": {"target": "d"}}"#, 0),
        (#"{"vmap": {"key": {}, "data": {}}}"#, 1), (#"{"accept": null}"#, 0),
    ])
    func onlyChainsThatPacketsComeToAreInForce(_ verdict: String, _ count: Int) throws {
        let text = """
            {"nftables": [
              {"chain": {"family": "ip", "table": "x", "name": "base", "handle": 1, "type": "nat"}},
              {"chain": {"family": "ip", "table": "x", "name": "c", "handle": 2}},
              {"chain": {"family": "ip", "table": "y", "name": "c", "handle": 2}},
              {"rule": {"family": "ip", "table": "x", "chain": "base", "handle": 3, "expr": [\(verdict)]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 4, "expr": [{"masquerade": null}]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 5, "expr": [
                {"dnat": {"addr": "172.17.0.3", "port": 80}}]}},
              {"rule": {"family": "ip", "table": "y", "chain": "c", "handle": 5, "expr": [
                {"dnat": {"addr": "172.17.0.4", "port": 80}}]}}]}
            """
        let ruleset = try Ruleset(json: Array(text.utf8))
        #expect(ruleset.forwards.count == count)
        var example = Self.dockers[0]
        example.rule = count == 1 ? "dnat to 172.17.0.3:80" : nil
        try expectRule(example, in: ruleset)
    }

    /// A rule that leads to its own chain ends the walk, as it ends nft's.
    @Test func chainsThatGoInCirclesAreWalkedOnce() throws {
        let text = """
            {"nftables": [
              {"chain": {"family": "ip", "table": "x", "name": "b", "handle": 1, "type": "nat"}},
              {"chain": {"family": "ip", "table": "x", "name": "c", "handle": 2}},
              {"rule": {"family": "ip", "table": "x", "chain": "b", "handle": 3, "expr": [{"jump": {"target": "c"}}]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 4, "expr": [{"jump": {"target": "b"}}]}},
              {"rule": {"family": "ip", "table": "x", "chain": "c", "handle": 5, "expr": [{"redirect": {"port": 7}}]}}]}
            """
        #expect(try Ruleset(json: Array(text.utf8)).forwards.count == 1)
    }

    @Test func usesAreCountedByRule() throws {
        let forwards = try Self.docker().forwards
        var uses = ForwardUses()
        let time = Timestamp(seconds: 5, nanoseconds: 0)
        var translation = Translation(
            original: ConntrackTests.tuple("10.77.1.2", 5, "10.77.1.1", 8080),
            reply: ConntrackTests.tuple("172.17.0.3", 80, "10.77.1.2", 5), how: .conntrack)
        uses.note(translation, at: time)
        translation.rule = forwards[0].rule
        uses.note(translation, at: time)
        uses.note(translation, at: time + .seconds(1))
        translation.ended = time + .seconds(2)
        uses.note(translation, at: time + .seconds(2))
        #expect(uses.use(of: forwards[0].rule).count == 2)
        #expect(uses.use(of: forwards[0].rule).last == time + .seconds(1))
        #expect(uses.use(of: forwards[1].rule) == PortForward.Use())
        uses.retain(Array(forwards.dropFirst()))
        #expect(uses.use(of: forwards[0].rule).count == 0)
    }

    @Test func tellsWhatConcernsAPort() throws {
        let ruleset = try Self.ruleset()
        func texts(_ port: UInt16, _ transport: TransportProtocol) -> [String] {
            ruleset.filter(ofPort: port).rules.filter { $0.isCertain && $0.transports.contains(transport) }
                .map { "\($0.rule.table) \($0.rule.chain) \($0.rule.handle): \($0.rule.text)" }
        }
        #expect(texts(443, .tcp) == ["filter input 4: tcp dport { 80, 443 } accept"])
        #expect(texts(443, .udp) == [])
        #expect(
            texts(53, .udp) == [
                "nat prerouting 8: meta iifname wan0 udp dport 53 dnat to 10.77.1.5",
                "filter input 5: udp dport 53 drop",
            ])
        #expect(texts(8080, .tcp).count == 1)
        let forward = try #require(ruleset.filter(ofPort: 8080).rules.first { $0.isCertain })
        #expect(forward.isForward && forward.hook == "prerouting" && forward.transports == [.tcp])
        // A set that nobody can look into may hold any port.
        let open = ruleset.filter(ofPort: 4711).rules
        #expect(open.map(\.rule.text) == ["tcp dport … dnat to 10.0.0.9"] && open.allSatisfy { !$0.isCertain })
    }

    @Test(arguments: [
        "", "{", "[]", #"{"nftables": 7}"#, #"{"nftables": [{"rule": {"family": "ip"}}]}"#,
        #"{"nftables": [{"rule": {"family":"ip","table":"t","chain":"c","handle":-1,"expr":[]}}]}"#,
    ])
    func refusesWhatIsNoRuleset(_ text: String) {
        #expect(throws: (any Error).self) { try Ruleset(json: Array(text.utf8)) }
    }

    @Test func aStrangeRuleIsNotUnderstoodAndHarmsNothing() throws {
        let rule =
            #"{"rule":{"family":"ip","table":"t","chain":"c","handle":1,"expr":[{"xt":null},{"match":{"op":"&","left":[],"right":{"x":[1]}}},{},{"dnat":{"addr":{"map":{}},"port":70000}}]}}"#
        let ruleset = try Ruleset(
            json: Array(#"{"nftables": [{"metainfo": {}}, {"x": []}, "#.utf8 + Array(rule.utf8) + Array("]}".utf8)))
        #expect(ruleset.count == 1)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: #"{"set":["#, count: 100_000)
        #expect(throws: (any Error).self) {
            try Ruleset(
                json: Array(
                    (#"{"nftables": [{"rule":{"family":"ip","table":"t","chain":"c","handle":1,"expr":[{"match":{"op":"==","left":{},"right":"#
                        + deep).utf8))
        }
    }

    @Test func beyondTheCapNoRuleIsNamed() throws {
        let rule = #"{"rule":{"family":"ip","table":"t","chain":"c","handle":1,"expr":[{"masquerade":null}]}}"#
        let text =
            "{\"nftables\": [" + Array(repeating: rule, count: Ruleset.capacity + 1).joined(separator: ",") + "]}"
        let ruleset = try Ruleset(json: Array(text.utf8))
        #expect(ruleset.count == Ruleset.capacity && ruleset.isCut)
    }
}
