/// An entry of the kernel's neighbour table (rtnetlink(7), RTM_NEWNEIGH): what it knows of one address on a link.
package struct HostNeighbour: Sendable, Equatable {
    package var address: IPAddress
    package var interface: String
    package var state: State
    package var mac: MACAddress?
    /// It says of itself that it is a router (RFC 4861 §4.4).
    package var isRouter = false
    /// The MAC that it had before the present one, and when that ended.
    package var earlierMAC: MACAddress?
    package var moved: Timestamp?
    /// How often its MAC changed since it was first heard of.
    package var moves: UInt32 = 0

    /// `nud_state`; what the kernel's header calls them.
    package enum State: UInt8, Sendable, CaseIterable {
        /// Asked for, and not yet answered.
        case incomplete
        case reachable
        /// Not confirmed lately; used all the same, and confirmed with the next packet.
        case stale
        case delay, probe
        /// It did not answer.
        case failed
        /// The link needs no resolution.
        case noARP
        case permanent
        case none

        package var name: String {
            switch self {
            case .incomplete: "incomplete"
            case .reachable: "reachable"
            case .stale: "stale"
            case .delay: "delay"
            case .probe: "probe"
            case .failed: "failed"
            case .noARP: "noarp"
            case .permanent: "permanent"
            case .none: "none"
            }
        }

        /// Packets can be sent: the kernel knows where to (NUD_VALID).
        package var isValid: Bool {
            switch self {
            case .reachable, .stale, .delay, .probe, .noARP, .permanent: true
            case .incomplete, .failed, .none: false
            }
        }
    }

    package init(address: IPAddress, interface: String, state: State, mac: MACAddress? = nil) {
        self.address = address
        self.interface = interface
        self.state = state
        self.mac = mac
    }
}
