import CLinux
import Model

// What the kernel numbers, in the words of ip-route(8).

extension RouteKind {
    /// `nil` for a number that no header has.
    init?(kernel: UInt8) {
        switch Int(kernel) {
        case RTN_UNICAST: self = .unicast
        case RTN_LOCAL: self = .local
        case RTN_BROADCAST: self = .broadcast
        case RTN_ANYCAST: self = .anycast
        case RTN_MULTICAST: self = .multicast
        case RTN_BLACKHOLE: self = .blackhole
        case RTN_UNREACHABLE: self = .unreachable
        case RTN_PROHIBIT: self = .prohibit
        case RTN_THROW: self = .throw
        case RTN_NAT: self = .nat
        default: return nil
        }
    }
}

/// Who put a route or a rule there (`rtm_protocol`).
enum RouteOrigin {
    /// Its number, when it has no name.
    static func text(_ number: UInt8) -> String {
        switch Int32(number) {
        case RTPROT_REDIRECT: "redirect"
        case RTPROT_KERNEL: "kernel"
        case RTPROT_BOOT: "boot"
        case RTPROT_STATIC: "static"
        case RTPROT_GATED: "gated"
        case RTPROT_RA: "ra"
        case RTPROT_MRT: "mrt"
        case RTPROT_ZEBRA: "zebra"
        case RTPROT_BIRD: "bird"
        case RTPROT_XORP: "xorp"
        case RTPROT_DHCP: "dhcp"
        case RTPROT_KEEPALIVED: "keepalived"
        case RTPROT_BABEL: "babel"
        case RTPROT_OPENR: "openr"
        case RTPROT_BGP: "bgp"
        case RTPROT_ISIS: "isis"
        case RTPROT_OSPF: "ospf"
        case RTPROT_RIP: "rip"
        case RTPROT_EIGRP: "eigrp"
        default: String(number)
        }
    }
}

extension HostNeighbour.State {
    /// `ndm_state`; of several bits the first that is known.
    init(kernel: UInt16) {
        let states: [(Int32, HostNeighbour.State)] = [
            (NUD_PERMANENT, .permanent), (NUD_NOARP, .noARP), (NUD_REACHABLE, .reachable), (NUD_STALE, .stale),
            (NUD_DELAY, .delay), (NUD_PROBE, .probe), (NUD_FAILED, .failed), (NUD_INCOMPLETE, .incomplete),
        ]
        self = states.first { Int32(kernel) & $0.0 != 0 }?.1 ?? .none
    }
}

/// Names of routing tables: the kernel's own, and those that the administrator gave (ip-route(8), `rt_tables`).
struct RoutingTableNames {
    private var names: [UInt32: String] = [
        RT_TABLE_DEFAULT.rawValue: "default", RT_TABLE_MAIN.rawValue: "main", RT_TABLE_LOCAL.rawValue: "local",
    ]

    /// Files longer than this many lines are cut.
    private static let lineLimit = 4096

    init(files: [String] = ["/usr/share/iproute2/rt_tables", "/etc/iproute2/rt_tables"]) {
        for file in files {
            guard let text = ProcFile.text(of: file) else { continue }
            for line in text.split(separator: "\n").prefix(Self.lineLimit) where !line.hasPrefix("#") {
                let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
                guard words.count >= 2, let number = UInt32(words[0]), names[number] == nil else { continue }
                names[number] = String(words[1].prefix(32))
            }
        }
    }

    func table(_ number: UInt32) -> RoutingTable { RoutingTable(number: number, name: names[number] ?? String(number)) }
}

extension HostRoute {
    /// `default`, `10.0.0.0/8`, `2001:db8::/32 from 2001:db8:1::/48`.
    var subject: String {
        let to = isDefault ? "default" : destination.description
        return source.map { "\(to) from \($0)" } ?? to
    }

    /// Where it leads: `via 192.0.2.1 dev eth0 metric 100`, `prohibit`.
    func way(_ links: LinkTable) -> String {
        var words: [String] = kind == .unicast ? [] : [kind.name]
        for hop in hops.prefix(8) {
            if hops.count > 1 { words.append("nexthop") }
            if let gateway = hop.gateway { words.append("via \(gateway)") }
            if hop.index != 0 { words.append("dev \(links.name(hop.index))") }
        }
        if hops.count > 8 { words.append("and \(hops.count - 8) more") }
        if let preferredSource { words.append("src \(preferredSource)") }
        if metric != 0 { words.append("metric \(metric)") }
        return words.joined(separator: " ")
    }
}
