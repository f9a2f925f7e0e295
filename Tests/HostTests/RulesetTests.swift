import Foundation
import Model
import Testing

@testable import Host

/// Rules as nft printed them (`Tests/Captures/netfilter/ruleset.json`), matched to translations and ports.
@Suite struct RulesetTests {
    static func ruleset() throws -> Ruleset {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Captures/netfilter/ruleset.json")
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

    @Test(arguments: examples) func namesTheRule(_ example: Example) throws {
        func tuple(_ ends: (String, UInt16, String, UInt16)) throws -> FlowTuple {
            FlowTuple(
                example.transport, Endpoint(try #require(IPAddress(ends.0)), ends.1),
                Endpoint(try #require(IPAddress(ends.2)), ends.3))
        }
        let translation = Translation(
            original: try tuple(example.original), reply: try tuple(example.translated).reversed, how: .conntrack)
        #expect(try Self.ruleset().rule(for: translation)?.text == example.rule)
    }

    @Test func tellsWhatConcernsAPort() throws {
        let ruleset = try Self.ruleset()
        func texts(_ port: UInt16, _ transport: TransportProtocol) -> [String] {
            ruleset.rules(forPort: port, transport).map { "\($0.table) \($0.chain) \($0.handle): \($0.text)" }
        }
        #expect(texts(443, .tcp) == ["filter input 4: tcp dport { 80, 443 } accept"])
        #expect(texts(443, .udp) == [])
        #expect(
            texts(53, .udp) == [
                "nat prerouting 8: meta iifname wan0 udp dport 53 dnat to 10.77.1.5",
                "filter input 5: udp dport 53 drop",
            ])
        #expect(texts(8080, .tcp).count == 1)
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
