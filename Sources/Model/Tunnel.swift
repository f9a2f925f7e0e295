/// One encapsulation that a packet travelled in: what carried it, and between whom.
package struct Tunnel: Sendable, Hashable, BitwiseCopyable {
    package var kind: Kind
    /// The session of PPPoE, the innermost label of MPLS, the key of GRE, the call of PPTP, the VNI of VXLAN and
    /// Geneve; `nil` where there is none.
    package var identifier: UInt32?
    /// The ends of the packet that carried it; `nil` for one that has no IP header of its own (PPPoE, MPLS).
    package var source: IPAddress?
    package var destination: IPAddress?

    package enum Kind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        case pppoe, mpls, gre, pptp, ipInIP, sixInFour, fourInSix, sixInSix, vxlan, geneve

        package var name: String {
            switch self {
            case .pppoe: "pppoe"
            case .mpls: "mpls"
            case .gre: "gre"
            case .pptp: "pptp"
            case .ipInIP: "ip_in_ip"
            case .sixInFour: "6in4"
            case .fourInSix: "4in6"
            case .sixInSix: "6in6"
            case .vxlan: "vxlan"
            case .geneve: "geneve"
            }
        }
    }

    package init(
        _ kind: Kind, identifier: UInt32? = nil, source: IPAddress? = nil, destination: IPAddress? = nil
    ) {
        self.kind = kind
        self.identifier = identifier
        self.source = source
        self.destination = destination
    }

    /// Encapsulations that one packet may stack; what is in more is not read.
    package static let depthLimit = 4
}
