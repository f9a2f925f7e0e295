/// The protocol layers that frames are made of, in the order in which they are met.
public enum Layer: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case ethernet, linuxSLL, linuxSLL2, loopback, raw, llc, vlan, pppoe, ppp, mpls, arp
    case ipv4, ipv6, ipv6Extension, fragment, gre
    case icmp, icmpv6, tcp, udp, vxlan, geneve, dns, netbios, dhcp, tls, quic, http

    /// Its place in a table of all layers: the raw value, without the call that reading that is from another module.
    @inlinable public var index: Int { unsafe Int(unsafeBitCast(self, to: UInt8.self)) }

    public var description: String {
        switch self {
        case .linuxSLL: "linux_sll"
        case .linuxSLL2: "linux_sll2"
        case .ipv6Extension: "ipv6_extension"
        case .ethernet: "ethernet"
        case .loopback: "loopback"
        case .raw: "raw"
        case .llc: "llc"
        case .vlan: "vlan"
        case .pppoe: "pppoe"
        case .ppp: "ppp"
        case .mpls: "mpls"
        case .arp: "arp"
        case .ipv4: "ipv4"
        case .ipv6: "ipv6"
        case .fragment: "fragment"
        case .gre: "gre"
        case .icmp: "icmp"
        case .icmpv6: "icmpv6"
        case .tcp: "tcp"
        case .udp: "udp"
        case .vxlan: "vxlan"
        case .geneve: "geneve"
        case .dns: "dns"
        case .netbios: "netbios"
        case .dhcp: "dhcp"
        case .tls: "tls"
        case .quic: "quic"
        case .http: "http"
        }
    }
}
