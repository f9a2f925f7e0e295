/// One address resolution or announcement on a link: ARP (RFC 826, RFC 5227) or NDP (RFC 4861).
package struct NeighbourResolution: Sendable, Equatable {
    package var kind: Kind
    /// `arp` for IPv4 targets, `ndp` for IPv6 ones.
    package var family: IPAddress.Version { target.version }
    package var interface: String?
    package var vlan = VLANTags.none
    /// What its messages travelled in, outermost first.
    package var tunnels: [Tunnel] = []
    /// Who asked or announced; `nil` for a probe, which has no address yet.
    package var asker: IPAddress?
    package var askerMAC: MACAddress?
    package var target: IPAddress
    package var requests: UInt32 = 0
    package var replies: UInt32 = 0
    /// Every MAC that answered, in order, at most ``macCapacity``. Two mean that two stations claim one address.
    package var macs: [MACAddress] = []
    package var first: Timestamp
    package var answered: Timestamp?
    package var last: Timestamp
    /// Nothing more belongs to it; before that an answer may still come.
    package var isComplete = true

    package static let macCapacity = 4

    package enum Kind: UInt8, Sendable {
        case resolution
        /// Unasked: a gratuitous ARP, or an unsolicited neighbour advertisement.
        case announcement
        /// Is this address free? (RFC 5227 §2.1.1, RFC 4862 §5.4)
        case probe

        package var name: String {
            switch self {
            case .resolution: "resolution"
            case .announcement: "announcement"
            case .probe: "probe"
            }
        }
    }

    package init(kind: Kind, target: IPAddress, first: Timestamp) {
        self.kind = kind
        self.target = target
        self.first = first
        last = first
    }

    package var timeTaken: TimeSpan? {
        guard let answered else { return nil }
        return answered - first
    }
}

/// The resolution of the next hop, as far as a request is concerned.
package struct NeighbourJoin: Sendable, Equatable {
    package var address: IPAddress
    package var asked: Timestamp
    package var answered: Timestamp?
    package var requests: UInt32
    package var mac: MACAddress?
    /// A second station that answered for the same address.
    package var otherMAC: MACAddress?
    /// The request could not be sent before this was answered.
    package var awaited: Bool

    package init(
        address: IPAddress, asked: Timestamp, answered: Timestamp?, requests: UInt32, mac: MACAddress?, awaited: Bool
    ) {
        self.address = address
        self.asked = asked
        self.answered = answered
        self.requests = requests
        self.mac = mac
        self.awaited = awaited
    }
}
