import FoundationEssentials
import Model

/// The packet filter's rules, as far as they can be matched to translations and ports.
///
/// A rule is named for a translation only when no other could have made it: conditions that are not understood, or that
/// nobody can look at afterwards (interfaces, marks, named sets), may hold or not.
struct Ruleset: Sendable, Equatable {
    private var rules: [PacketRule] = []
    /// There were more than are kept.
    private(set) var isCut = false

    /// Rules looked at: more would make every new connection slow to look up.
    static let capacity = 1024

    init() {}

    /// - Throws: when it is no ruleset at all.
    init(json: [UInt8]) throws {
        let document = try JSONDecoder().decode(RulesetDocument.self, from: Data(json))
        for item in document.nftables {
            guard let rule = item.rule.flatMap({ PacketRule($0) }) else { continue }
            guard rules.count < Self.capacity else {
                isCut = true
                break
            }
            rules.append(rule)
        }
    }

    var count: Int { rules.count }

    /// The rule that asked for a translation; `nil` when none or several could have.
    func rule(for translation: Translation) -> TranslationRule? {
        guard !isCut else { return nil }
        var found: PacketRule?
        for rule in rules where rule.mayHaveMade(translation) {
            guard found == nil else { return nil }
            found = rule
        }
        return found?.name
    }

    /// Rules that name a destination port of `transport`, this one among them: port forwards, and what a firewall says.
    func rules(forPort port: UInt16, _ transport: TransportProtocol) -> [TranslationRule] {
        rules.filter { $0.names(port, transport) }.map(\.name)
    }
}

/// One rule that does something.
struct PacketRule: Sendable, Equatable {
    var name: TranslationRule
    private var conditions: [Condition] = []
    private var address: RulesetDocument.Value?
    private var port: RulesetDocument.Value?
    /// There is a statement in it that may decide, and that is not understood.
    private var isObscure = false

    struct Condition: Sendable, Equatable {
        /// `ip daddr`, `tcp dport`; `nil` when it is not looked at.
        var field: String?
        var isNegated: Bool
        var value: RulesetDocument.Value
    }

    private static let textLimit = 256

    /// `nil` for rules that only count, log or return.
    init?(_ rule: RulesetDocument.Rule) {
        var action: String?
        var words: [String] = []
        for expression in rule.expr {
            switch expression {
            case .match(let field, let isNegated, let value, let spoken):
                conditions.append(Condition(field: field, isNegated: isNegated, value: value))
                words.append(spoken)
            case .translate(let kind, let address, let port):
                action = kind
                self.address = address
                self.port = port
                let target = (address?.spoken ?? "") + (port.map { ":\($0.spoken)" } ?? "")
                words.append(target.isEmpty ? kind : "\(kind) to \(target)")
            case .verdict(let verdict, let target):
                action = verdict
                words.append(target.map { "\(verdict) \($0)" } ?? verdict)
            case .neutral: break
            case .unknown(let kind):
                isObscure = true
                words.append(kind)
                // iptables' own targets are told by no more than that.
                if kind == "xt" { action = action ?? "xt" }
            }
        }
        guard let action else { return nil }
        name = TranslationRule(
            family: rule.family, table: rule.table, chain: rule.chain, handle: rule.handle, action: action,
            text: String(words.joined(separator: " ").prefix(Self.textLimit)))
    }

    /// What is known does not speak against it.
    func mayHaveMade(_ translation: Translation) -> Bool {
        let (before, after) = (translation.original, translation.translated)
        switch name.action {
        case "dnat", "redirect":
            guard translation.rewritesDestination, address?.contains(after.destination.address) != false,
                port?.contains(after.destination.port) != false, fits(before.destination.address.version)
            else { return false }
            return conditions.allSatisfy { $0.holds(before) != false }
        case "snat", "masquerade":
            guard translation.rewritesSource, !translation.rewritesDestination || name.action != "dnat",
                address?.contains(after.source.address) != false, port?.contains(after.source.port) != false,
                fits(before.source.address.version)
            else { return false }
            // Behind routing, the destination is the new one already.
            let seen = FlowTuple(before.transport, before.source, after.destination)
            // Of a hairpin the rule that chose the destination is told.
            return !translation.rewritesDestination && conditions.allSatisfy { $0.holds(seen) != false }
        case "xt": return true
        default: return false
        }
    }

    private func fits(_ version: IPAddress.Version) -> Bool {
        switch name.family {
        case "ip": version == .v4
        case "ip6": version == .v6
        default: true
        }
    }

    /// A condition on the destination port that this one fulfils, and none that speaks of another transport.
    func names(_ port: UInt16, _ transport: TransportProtocol) -> Bool {
        let own = "\(transport.name) dport"
        return conditions.contains {
            ($0.field == own || $0.field == "th dport") && !$0.isNegated && $0.value.contains(port) == true
        }
    }
}

extension PacketRule.Condition {
    /// `nil` when that cannot be told.
    func holds(_ tuple: FlowTuple) -> Bool? {
        let result: Bool? =
            switch field {
            case "ip saddr", "ip6 saddr": value.contains(tuple.source.address)
            case "ip daddr", "ip6 daddr": value.contains(tuple.destination.address)
            case "tcp dport": tuple.transport == .tcp ? value.contains(tuple.destination.port) : false
            case "udp dport": tuple.transport == .udp ? value.contains(tuple.destination.port) : false
            case "tcp sport": tuple.transport == .tcp ? value.contains(tuple.source.port) : false
            case "udp sport": tuple.transport == .udp ? value.contains(tuple.source.port) : false
            case "th dport": value.contains(tuple.destination.port)
            case "th sport": value.contains(tuple.source.port)
            case "meta l4proto": value.contains(tuple.transport)
            default: nil
            }
        return result.map { $0 != isNegated }
    }
}
