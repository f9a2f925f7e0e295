/// One exchange between a DHCP client and its servers (RFC 2131): how a host got, kept or gave up its address.
package struct Lease: Sendable, Equatable {
    /// What ties the messages of one exchange together.
    package var transactionID: UInt32
    package var clientMAC: MACAddress?
    package var interface: String?
    package var vlan = VLANTags.none
    package var tunnels: [Tunnel] = []
    package var hostname: String?
    /// The address that the client asked for, or has and wants to keep.
    package var requestedAddress: IPAddress?
    /// The address that it was offered, and then given.
    package var address: IPAddress?
    package var server: IPAddress?
    package var relay: IPAddress?
    package var parameters = Parameters()
    /// What the server said when it refused.
    package var message: String?

    package var discovered: Timestamp?
    package var offered: Timestamp?
    package var requested: Timestamp?
    package var acknowledged: Timestamp?
    package var refused: Timestamp?
    package var declined: Timestamp?
    package var informed: Timestamp?
    package var released: Timestamp?
    /// DISCOVERs and REQUESTs, retries included.
    package var attempts: UInt32 = 0
    /// OFFERs, of all servers.
    package var offers: UInt32 = 0

    package var outcome = Outcome.pending
    package var first: Timestamp
    package var last: Timestamp

    /// What a server tells with an address (RFC 2132); seconds where it is a time.
    package struct Parameters: Sendable, Equatable {
        package var subnetMask: IPAddress?
        package var routers: [IPAddress] = []
        package var nameServers: [IPAddress] = []
        package var domain: String?
        package var search: [String] = []
        package var timeServers: [IPAddress] = []
        package var mtu: UInt16?
        package var leaseTime: UInt32?
        package var renewalTime: UInt32?
        package var rebindingTime: UInt32?
        package var routes: [Route] = []

        package init() {}
    }

    /// A classless static route (RFC 3442).
    package struct Route: Sendable, Equatable {
        package var destination: IPAddress
        package var prefixLength: UInt8
        package var gateway: IPAddress

        package init(destination: IPAddress, prefixLength: UInt8, gateway: IPAddress) {
            self.destination = destination
            self.prefixLength = prefixLength
            self.gateway = gateway
        }
    }

    package enum Outcome: UInt8, Sendable {
        case pending, bound, renewed, informed, refused, declined, released
        /// No server answered.
        case noAnswer
        /// A server made an offer, and no more was seen.
        case notCompleted

        package var name: String {
            switch self {
            case .pending: "pending"
            case .bound: "bound"
            case .renewed: "renewed"
            case .informed: "informed"
            case .refused: "refused"
            case .declined: "declined"
            case .released: "released"
            case .noAnswer: "no_answer"
            case .notCompleted: "not_completed"
            }
        }
    }

    package init(transactionID: UInt32, first: Timestamp) {
        self.transactionID = transactionID
        self.first = first
        last = first
    }
}
