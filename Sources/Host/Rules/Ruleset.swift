import FoundationEssentials
import Model

/// The packet filter's rules, as far as they can be matched to translations and ports.
///
/// A rule is named for a translation only when no other could have made it: conditions that are not understood, or that
/// nobody can look at afterwards (interfaces, marks, named sets), may hold or not.
struct Ruleset: Sendable, Equatable {
    private var rules: [PacketRule] = []
    /// Chains that no hook calls, and that no rule leads to.
    private var unreachable: Set<ChainName> = []
    private var hooks: [ChainName: String] = [:]
    private var dropping: [FilterChain] = []
    /// There were more than are kept.
    private(set) var isCut = false

    /// Rules looked at: more would make every new connection slow to look up.
    static let capacity = 1024

    init() {}

    /// - Throws: when it is no ruleset at all.
    init(json: [UInt8]) throws {
        let document = try JSONDecoder().decode(RulesetDocument.self, from: Data(json))
        unreachable = document.unreachableChains
        // Chains are listed before the rules in them.
        var translating: Set<[String]> = []
        for chain in document.nftables.lazy.compactMap(\.chain) {
            guard let hook = chain.hook, hooks.count < Self.capacity else { continue }
            hooks[ChainName(family: chain.family, table: chain.table, name: chain.name)] = hook
            guard chain.type == "filter", chain.policy == "drop", hook == "input" || hook == "forward" else { continue }
            dropping.append(FilterChain(family: chain.family, table: chain.table, name: chain.name, hook: hook))
        }
        for item in document.nftables {
            if let chain = item.chain, chain.type == "nat" { translating.insert([chain.family, chain.table]) }
            guard let rule = item.rule,
                let understood = PacketRule(rule, mayTranslate: translating.contains([rule.family, rule.table]))
            else { continue }
            guard rules.count < Self.capacity else {
                isCut = true
                break
            }
            rules.append(understood)
        }
    }

    var count: Int { rules.count }

    /// Rules that lead elsewhere, in the order of the listing; those in chains that no packet comes to are not in force.
    var forwards: [PortForward] { rules.compactMap { unreachable.contains($0.chain) ? nil : $0.forward } }

    /// Some rule's target is told by name alone.
    var hasHiddenTargets: Bool { rules.contains { $0.hidesTarget } }

    /// Learns where those rules lead that iptables made.
    mutating func complete(with text: RulesetText) {
        for index in rules.indices where rules[index].hidesTarget {
            let name = rules[index].name
            let place = RulesetText.Place(
                family: Substring(name.family), table: Substring(name.table), handle: name.handle)
            if let target = text.targets[place] { rules[index].setTarget(target) }
        }
    }

    /// The rule that asked for a translation; `nil` when none or several could have.
    func rule(for translation: Translation) -> TranslationRule? {
        guard !isCut else { return nil }
        var found: PacketRule?
        for rule in rules where rule.mayHaveMade(translation) && !unreachable.contains(rule.chain) {
            guard found == nil else { return nil }
            found = rule
        }
        return found?.name
    }

    /// Rules that look at a destination port, this one among them: port forwards, and what a firewall says.
    func filter(ofPort port: UInt16) -> PortFilter {
        var filter = PortFilter()
        filter.dropping = dropping
        let found = rules.compactMap { rule -> PortRule? in
            guard !unreachable.contains(rule.chain) else { return nil }
            let answers = [TransportProtocol.tcp, .udp].map { ($0, rule.names(port, $0)) }
            let transports = answers.filter { $0.1 != false }.map(\.0)
            guard !transports.isEmpty else { return nil }
            return PortRule(
                rule: rule.name, transports: transports, hook: hooks[rule.chain],
                isCertain: answers.contains { $0.1 == true })
        }
        filter.rules = found.filter(\.isCertain) + found.filter { !$0.isCertain }
        return filter
    }
}

/// A chain's place in the ruleset.
struct ChainName: Sendable, Hashable {
    var family: String
    var table: String
    var name: String
}

/// One rule that does something.
struct PacketRule: Sendable, Equatable {
    var name: TranslationRule
    private var conditions: [Condition] = []
    private var address: RulesetDocument.Value?
    private var port: RulesetDocument.Value?
    /// It has an address or a port to lead to, which was not told.
    private(set) var hidesTarget = false

    struct Condition: Sendable, Equatable {
        /// `ip daddr`, `tcp dport`; `nil` when it is not looked at.
        var field: String?
        var isNegated: Bool
        var value: RulesetDocument.Value
    }

    private static let textLimit = 256
    /// What iptables asks for, where nft does not tell what.
    private static let obscure = "xt"

    /// `nil` for rules that only count, log or return.
    ///
    /// - Parameter mayTranslate: its table has a chain that translates.
    init?(_ rule: RulesetDocument.Rule, mayTranslate: Bool) {
        var action: String?
        var words: [String] = []
        for expression in rule.expr {
            switch expression {
            case .match(let field, let isNegated, let value, let spoken):
                conditions.append(Condition(field: field, isNegated: isNegated, value: value))
                words.append(spoken)
            case .translate(let kind, let address, let port, let hidesTarget):
                action = kind
                self.hidesTarget = hidesTarget
                self.address = address
                self.port = port
                let target = (address?.spoken ?? "") + (port.map { ":\($0.spoken)" } ?? "")
                words.append(target.isEmpty ? kind : "\(kind) to \(target)")
            case .verdict(let verdict, let target):
                action = verdict
                words.append(target.map { "\(verdict) \($0)" } ?? verdict)
            case .neutral: break
            case .unknown(let kind):
                words.append(kind)
                // Older versions of nft tell of iptables' own targets by no more than that.
                if kind == Self.obscure, mayTranslate { action = action ?? Self.obscure }
            }
        }
        guard let action else { return nil }
        name = TranslationRule(
            family: rule.family, table: rule.table, chain: rule.chain, handle: rule.handle, action: action,
            text: String(words.joined(separator: " ").prefix(Self.textLimit)))
    }

    /// - Parameter target: as nft writes it: `172.17.0.3:80`.
    mutating func setTarget(_ target: Substring) {
        (address, port) = RulesetText.target(target)
        hidesTarget = false
        name.text = String("\(name.text) to \(target)".prefix(Self.textLimit))
    }

    /// What is known does not speak against it.
    func mayHaveMade(_ translation: Translation) -> Bool {
        let (before, after) = (translation.original, translation.translated)
        switch name.action {
        case "dnat", "redirect":
            guard translation.rewritesDestination, address?.contains(after.destination.address) != false,
                port?.contains(after.destination.port) != false, fits(before.destination.address.version)
            else { return false }
            return conditions.allSatisfy { $0.holds(before, translation) != false }
        case "snat", "masquerade":
            guard translation.rewritesSource, address?.contains(after.source.address) != false,
                port?.contains(after.source.port) != false,
                fits(before.source.address.version)
            else { return false }
            // Behind routing, the destination is the new one already.
            let seen = FlowTuple(before.transport, before.source, after.destination)
            // Of a hairpin the rule that chose the destination is told.
            return !translation.rewritesDestination && conditions.allSatisfy { $0.holds(seen, translation) != false }
        case "netmap":
            // Before routing it is destinations that are mapped, behind it sources.
            let seen = FlowTuple(before.transport, before.source, after.destination)
            return fits(before.source.address.version)
                && [before, seen].contains { tuple in
                    conditions.allSatisfy { $0.holds(tuple, translation) != false }
                }
        case Self.obscure: return true
        default: return false
        }
    }

    var chain: ChainName { ChainName(family: name.family, table: name.table, name: name.chain) }

    /// Itself as a port forward; `nil` when it is none.
    var forward: PortForward? {
        switch name.action {
        case "dnat", "redirect", "netmap": break
        default: return nil
        }
        var forward = PortForward(name)
        forward.targetAddress = address?.spoken
        forward.targetPort = port?.spoken
        for condition in conditions where !condition.isNegated {
            switch condition.field {
            case "ip daddr", "ip6 daddr": forward.address = condition.value.spoken
            case "meta iifname", "meta iif": forward.interface = condition.value.spoken
            case "meta l4proto": forward.transport = condition.value.spoken
            case "tcp dport", "udp dport", "th dport":
                forward.ports = condition.value.spoken
                if let own = condition.field?.prefix(3), own != "th " { forward.transport = String(own) }
            default: break
            }
        }
        return forward
    }

    private func fits(_ version: IPAddress.Version) -> Bool {
        switch name.family {
        case "ip": version == .v4
        case "ip6": version == .v6
        default: true
        }
    }

    /// Whether it looks at the destination port, and `port` fulfils that; `nil` when that cannot be told.
    func names(_ port: UInt16, _ transport: TransportProtocol) -> Bool? {
        let own = "\(transport.name) dport"
        let concerned = conditions.filter { ($0.field == own || $0.field == "th dport") && !$0.isNegated }
        guard !concerned.isEmpty,
            conditions.allSatisfy({ $0.field != "meta l4proto" || $0.value.contains(transport) != $0.isNegated })
        else { return false }
        let answers = concerned.map { $0.value.contains(port) }
        if answers.contains(false) { return false }
        return answers.contains(nil) ? nil : true
    }
}

extension PacketRule.Condition {
    /// `nil` when that cannot be told.
    ///
    /// - Parameter tuple: as the packet was where the rule looked at it.
    func holds(_ tuple: FlowTuple, _ translation: Translation) -> Bool? {
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
            // Where sources are rewritten, the destination has been already.
            case "ct status": value == .text("dnat") ? translation.rewritesDestination : nil
            default: nil
            }
        return result.map { $0 != isNegated }
    }
}
