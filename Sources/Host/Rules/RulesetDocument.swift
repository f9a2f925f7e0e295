import FoundationEssentials
import Model

/// What `nft -j list ruleset` prints, as far as it is read (libnftables-json(5)).
///
///     {"nftables": [ {"chain": { … "hook": … }}, {"rule": { … "expr": [ {"match": …}, …, {"dnat": …} ] }}, … ]}
///
/// Whatever is not known is left out or kept as unknown; nothing of it is ever guessed.
struct RulesetDocument: Decodable {
    var nftables: [Item]

    struct Item: Decodable {
        var chain: Chain?
        var rule: Rule?
    }

    struct Chain: Decodable {
        var family: String
        var table: String
        var name: String
        /// Only base chains have these: `filter` or `nat`, where it hangs, and what becomes of what no rule decides on.
        var type: String?
        var hook: String?
        var policy: String?
    }

    struct Rule: Decodable {
        var family: String
        var table: String
        var chain: String
        var handle: UInt64
        var expr: [Expression]
    }

    /// One statement of a rule.
    enum Expression: Decodable {
        case match(field: String?, isNegated: Bool, Value, spoken: String)
        /// `snat`, `dnat`, `masquerade` or `redirect`, and to what, unless that is hidden.
        case translate(String, address: Value?, port: Value?, hidesTarget: Bool = false)
        /// `accept`, `drop`, `reject`, `jump` and the like.
        case verdict(String, target: String?)
        /// It does not decide anything: a counter, a log line.
        case neutral(String)
        /// It may decide something, and is not understood.
        case unknown(String)
    }

    enum Value: Decodable, Equatable {
        case text(String)
        case number(UInt64)
        case range(String, String)
        case prefix(String, Int)
        case set([Value])
        case unknown
    }
}

extension RulesetDocument {
    /// Chains without a hook that no jump leads to from one that packets pass. Where a verdict is looked up in a map, any
    /// chain of the table may be meant.
    var unreachableChains: Set<ChainName> {
        var waiting: Set<ChainName> = []
        var jumps: [ChainName: [ChainName]] = [:]
        var reached: [ChainName] = []
        for item in nftables {
            if let chain = item.chain {
                let name = ChainName(family: chain.family, table: chain.table, name: chain.name)
                if chain.type == nil { waiting.insert(name) } else { reached.append(name) }
            }
            guard let rule = item.rule else { continue }
            let own = ChainName(family: rule.family, table: rule.table, name: rule.chain)
            for expression in rule.expr {
                switch expression {
                case .verdict(_, let target?):
                    jumps[own, default: []].append(ChainName(family: own.family, table: own.table, name: target))
                case .unknown("vmap"):
                    reached += waiting.filter { $0.family == own.family && $0.table == own.table }
                case .verdict, .match, .translate, .neutral, .unknown: break
                }
            }
        }
        waiting.subtract(reached)
        while let chain = reached.popLast() {
            for target in jumps.removeValue(forKey: chain) ?? [] {
                waiting.remove(target)
                reached.append(target)
            }
        }
        return waiting
    }
}

extension RulesetDocument.Expression {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private struct Match: Decodable {
        var op: String
        var left: Left
        var right: RulesetDocument.Value
    }

    private struct Left: Decodable {
        var payload: Payload?
        var meta: Meta?
        var ct: Meta?
        struct Payload: Decodable {
            var `protocol`: String?
            var field: String?
        }
        struct Meta: Decodable { var key: String }

        /// `ip daddr`, `meta l4proto`; `nil` for what is not looked at.
        var field: String? {
            if let payload, let name = payload.protocol, let field = payload.field { return "\(name) \(field)" }
            return meta.map { "meta \($0.key)" } ?? ct.map { "ct \($0.key)" }
        }
    }

    /// A part of a rule that iptables-nft made and that is not nft's own: told by name, its parameters are not.
    private struct Extension: Decodable {
        var type: String
        var name: String
    }

    private struct Target: Decodable {
        var addr: RulesetDocument.Value?
        var port: RulesetDocument.Value?
        var target: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let key = container.allKeys.first else {
            self = .unknown("")
            return
        }
        switch key.stringValue {
        case "match":
            guard let match = try? container.decode(Match.self, forKey: key) else {
                self = .unknown("match")
                return
            }
            let isKnown = ["==", "!=", "in"].contains(match.op)
            self = .match(
                field: isKnown ? match.left.field : nil, isNegated: match.op == "!=", match.right,
                spoken: "\(match.left.field ?? "…")\(match.op == "!=" ? " !=" : "") \(match.right.spoken)")
        case "snat", "dnat", "masquerade", "redirect":
            let target = try? container.decodeIfPresent(Target.self, forKey: key)
            self = .translate(key.stringValue, address: target?.addr, port: target?.port)
        case "accept", "drop", "reject", "return", "continue": self = .verdict(key.stringValue, target: nil)
        case "jump", "goto":
            self = .verdict(key.stringValue, target: try? container.decode(Target.self, forKey: key).target)
        case "xt":
            guard let part = try? container.decode(Extension.self, forKey: key) else {
                self = .unknown("xt")
                return
            }
            self = Self.iptables(part.name, isTarget: part.type == "target")
        case "counter", "log", "comment", "limit", "notrack": self = .neutral(key.stringValue)
        default: self = .unknown(key.stringValue)
        }
    }
}

extension RulesetDocument.Expression {
    /// Targets of the table `nat` by iptables-extensions(8); all others do not translate.
    private static func iptables(_ name: String, isTarget: Bool) -> Self {
        guard isTarget else { return .match(field: nil, isNegated: false, .unknown, spoken: name) }
        switch name {
        case "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP":
            return .translate(name.lowercased(), address: nil, port: nil, hidesTarget: name != "MASQUERADE")
        default: return .neutral(name)
        }
    }
}

extension RulesetDocument.Value {
    private struct Composite: Decodable {
        var range: [RulesetDocument.Value]?
        var prefix: Prefix?
        var set: [RulesetDocument.Value]?
        struct Prefix: Decodable {
            var addr: String
            var len: Int
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(UInt64.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = text.hasPrefix("@") ? .unknown : .text(text)
        } else if let list = try? container.decode([RulesetDocument.Value].self) {
            self = .set(list)
        } else if let composite = try? container.decode(Composite.self) {
            if let range = composite.range, range.count == 2, let low = range[0].scalar, let high = range[1].scalar {
                self = .range(low, high)
            } else if let prefix = composite.prefix {
                self = .prefix(prefix.addr, prefix.len)
            } else {
                self = composite.set.map { .set($0) } ?? .unknown
            }
        } else {
            self = .unknown
        }
    }

    private var scalar: String? {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .range, .prefix, .set, .unknown: nil
        }
    }

    /// As nft writes it.
    var spoken: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .range(let low, let high): "\(low)-\(high)"
        case .prefix(let address, let length): "\(address)/\(length)"
        case .set(let values):
            "{ \(values.prefix(16).map(\.spoken).joined(separator: ", "))\(values.count > 16 ? ", …" : "") }"
        case .unknown: "…"
        }
    }

    /// Whether `address` is it or in it; `nil` when that cannot be told.
    func contains(_ address: IPAddress) -> Bool? {
        switch self {
        case .text(let text): IPAddress(text).map { $0 == address }
        case .prefix(let text, let length):
            IPAddress(text).flatMap { IPPrefix(address: $0, length: length) }.map { $0.contains(address) }
        case .range(let low, let high):
            if let low = IPAddress(low), let high = IPAddress(high) { low <= address && address <= high } else { nil }
        case .set(let values): Self.any(values) { $0.contains(address) }
        case .number, .unknown: nil
        }
    }

    func contains(_ port: UInt16) -> Bool? {
        switch self {
        case .number(let number): number == UInt64(port)
        case .text: nil
        case .range(let low, let high):
            if let low = UInt64(low), let high = UInt64(high) {
                low <= UInt64(port) && UInt64(port) <= high
            } else {
                nil
            }
        case .set(let values): Self.any(values) { $0.contains(port) }
        case .prefix, .unknown: nil
        }
    }

    func contains(_ transport: TransportProtocol) -> Bool? {
        switch self {
        case .text(let name): (name == "ipv6-icmp" ? "icmpv6" : name) == transport.name
        case .number(let number): number == UInt64(transport.rawValue)
        case .set(let values): Self.any(values) { $0.contains(transport) }
        case .range, .prefix, .unknown: nil
        }
    }

    /// True when one is; unknown when one of the others cannot be told.
    private static func any(_ values: [RulesetDocument.Value], _ holds: (RulesetDocument.Value) -> Bool?) -> Bool? {
        var isUnknown = false
        for value in values {
            switch holds(value) {
            case true: return true
            case nil: isUnknown = true
            case false: break
            }
        }
        return isUnknown ? nil : false
    }
}
