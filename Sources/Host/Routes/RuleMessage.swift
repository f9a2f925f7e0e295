import CLinux
import Glibc
import Model

/// RTM_NEWRULE and RTM_DELRULE as far as Waybill reads them (linux/fib_rules.h, `struct fib_rule_hdr`).
struct RuleMessage: Equatable {
    var rule: HostRule
    /// What of a request decides whether the rule fits, beside its addresses.
    var asks: Asks = []

    struct Asks: OptionSet {
        let rawValue: UInt8

        static let user = Asks(rawValue: 1)
        static let ports = Asks(rawValue: 2)
        static let transport = Asks(rawValue: 4)
        static let mark = Asks(rawValue: 8)
    }

    /// `nil` when the fixed part is cut or the family is neither IPv4 nor IPv6.
    init?(_ payload: KernelBytes, _ names: RoutingTableNames) {
        guard let fixed = payload.load(fib_rule_hdr.self),
            let version = IPAddress.Version(addressFamily: fixed.family)
        else { return nil }
        rule = HostRule(version: version, priority: 0, selectors: [], action: "")
        var table = UInt32(fixed.table)
        var target: UInt32?
        var (mark, mask): (UInt32?, UInt32) = (nil, .max)
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<fib_rule_hdr>.size))) {
            switch type {
            case FRA_PRIORITY: rule.priority = value.load(UInt32.self) ?? 0
            case FRA_TABLE: table = value.load(UInt32.self) ?? table
            case FRA_GOTO: target = value.load(UInt32.self)
            case FRA_PROTOCOL: rule.origin = value.load(UInt8.self).map(RouteOrigin.text)
            case FRA_SRC: note("from", Self.prefix(value, version, fixed.src_len))
            case FRA_DST: note("to", Self.prefix(value, version, fixed.dst_len))
            case FRA_IIFNAME: note("iif", Self.name(value))
            case FRA_OIFNAME: note("oif", Self.name(value))
            case FRA_FWMARK: mark = value.load(UInt32.self)
            case FRA_FWMASK: mask = value.load(UInt32.self) ?? .max
            case FRA_L3MDEV: if value.load(UInt8.self) == 1 { note("l3mdev", "") }
            case FRA_UID_RANGE:
                guard let range = value.load(fib_rule_uid_range.self) else { break }
                note("uidrange", "\(range.start)-\(range.end)")
                asks.insert(.user)
            case FRA_IP_PROTO:
                note("ipproto", value.load(UInt8.self).map { TransportProtocol(rawValue: $0)?.name ?? String($0) })
                asks.insert(.transport)
            case FRA_SPORT_RANGE:
                note("sport", Self.ports(value))
                asks.insert(.ports)
            case FRA_DPORT_RANGE:
                note("dport", Self.ports(value))
                asks.insert(.ports)
            default: break  // suppressors and statistics
            }
        }
        if let mark, mark != 0 || mask != .max {
            let hex = String(mark, radix: 16)
            note("fwmark", mask == .max ? "0x\(hex)" : "0x\(hex)/0x\(String(mask, radix: 16))")
            asks.insert(.mark)
        }
        if fixed.tos != 0 { note("tos", "0x\(String(fixed.tos, radix: 16))") }
        // As ip-rule(8) writes them, whatever their order in the message.
        rule.selectors.sort { Self.rank($0) < Self.rank($1) }
        if fixed.flags & UInt32(FIB_RULE_INVERT) != 0 { rule.selectors.insert("not", at: 0) }
        rule.action =
            switch Int(fixed.action) {
            case FR_ACT_TO_TBL: "lookup \(names.table(table))"
            case FR_ACT_GOTO: "goto \(target.map { String($0) } ?? "nowhere")"
            case FR_ACT_NOP: "nop"
            case FR_ACT_BLACKHOLE: "blackhole"
            case FR_ACT_UNREACHABLE: "unreachable"
            case FR_ACT_PROHIBIT: "prohibit"
            default: "action \(fixed.action)"
            }
    }

    private mutating func note(_ word: String, _ value: String?) {
        guard let value else { return }
        rule.selectors.append(value.isEmpty ? word : "\(word) \(value)")
    }

    private static let order = [
        "from", "to", "tos", "fwmark", "iif", "oif", "l3mdev", "uidrange", "ipproto", "sport", "dport",
    ]

    private static func rank(_ selector: String) -> Int {
        selector.split(separator: " ").first.flatMap { order.firstIndex(of: String($0)) } ?? order.count
    }

    private static func prefix(_ value: KernelBytes, _ version: IPAddress.Version, _ length: UInt8) -> String? {
        value.address(version, at: 0).flatMap { IPPrefix(address: $0, length: Int(length)) }?.description
    }

    private static func name(_ value: KernelBytes) -> String { String(value.text.prefix(Int(IFNAMSIZ))) }

    private static func ports(_ value: KernelBytes) -> String? {
        guard let range = value.load(fib_rule_port_range.self) else { return nil }
        return range.start == range.end ? String(range.start) : "\(range.start)-\(range.end)"
    }
}
