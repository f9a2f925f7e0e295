/// All that is known of one request, from the name asked for to the close; the central record.
///
/// A lifecycle holds what was observed, typed and compact. Its stages (`stages`) are derived from it, so
/// the waterfall, the filters and the verdicts can never disagree.
package struct Lifecycle: Sendable, Equatable {
    package var id: RequestID
    package var transport: TransportProtocol
    package var direction: Direction
    /// The side that sent the first SYN, or the first packet.
    package var client: Side
    package var server: Side
    /// The interface that the first packet passed; `nil` when a file does not name it.
    package var interface: String?
    package var vlan = VLANTags.none
    /// What its packets travelled in, outermost first, as the first one that was in something shows.
    package var tunnels: [Tunnel] = []
    package var first: Timestamp
    package var last: Timestamp
    /// No more will be learnt: closed and lingered, idle for too long, evicted, or the capture ended.
    package var ending: Ending?
    package var tcp: TCPFacts?
    /// Zeek's `conn_state` and `history`; the latter is `nil` for ICMP, which has none, and when letters went
    /// uncounted.
    package var connectionState = ConnectionState.other
    package var history: String?
    /// Whose socket it came from; `nil` when the kernel was not asked.
    package var owner: SocketOwner?
    /// What NAT made of its tuple; `nil` when nothing is known of that.
    package var translation: Translation? {
        get { translationBox.value }
        _modify { yield &translationBox.value }
    }
    private var translationBox = Boxed<Translation>()
    /// Why nothing was made of it, when that is known.
    package var untranslated: Untranslated?
    /// The interface that has the address which NAT gave it for a source, when it left by another one.
    package var foreignSource: String?
    /// Packets that conntrack dropped for a tuple that was taken, while it was trying and conntrack did not follow it.
    package var failedInserts: UInt64 = 0
    /// Such drops for want of room in conntrack's table, meanwhile.
    package var refusedInserts: RefusedInserts?
    /// Somebody else answered its SYN.
    package var elsewhere: ElsewhereAnswer?
    /// The interface had no carrier when it could not be sent.
    package var lacksCarrier = false
    /// The places where it was seen, in the order of its way to the server; empty when there was one.
    package var legs: [Leg] = []
    /// The answer that nobody had any use for any more.
    package var unclaimed: UnclaimedAnswer?
    /// Why no packet of it was ever sent.
    package var unsent: UnsentRequest.Cause?
    /// Which way the kernel sends it; `nil` when the kernel was not asked.
    package var route: RouteReport?
    /// How few local ports were left towards its peer when it began; `nil` while more than half of them were free.
    package var scarcity: PortScarcity?
    /// Names that the server's address is known by, best first.
    package var names: [NameJoin] = []
    /// By what its name was likely asked for, unseen: an encrypted connection that the client had to a resolver.
    package var likelyResolver: String?
    /// Lookups that this request carried itself, when it is a DNS exchange.
    package var lookups: [LookupDigest] = []
    /// The name that a search list went on to from this request's own, and that had an answer.
    package var searchedOn: String?
    /// The next hop's resolution that this request waited for, or the last one known before it.
    package var neighbour: NeighbourJoin?
    /// The station that the client's first frame was sent to: the destination MAC.
    package var nextHopMAC: MACAddress?
    package var application = ApplicationFacts()
    /// ICMP errors that quote this request, oldest first, at most ``icmpErrorCapacity``; `icmpErrorCount` has all.
    package var icmpErrors: [ICMPErrorReport] = []
    package var icmpErrorCount = 0
    package var coverage = Coverage()
    /// All tries to reach the name by one of its addresses, this one among them, in order; empty when there was one.
    package var attempts: [ConnectAttempt] = []
    /// The request that this connection turned out to be an attempt of; only open ones are ever told so.
    package var attemptOf: RequestID?

    package static let icmpErrorCapacity = 4

    /// The server's name, when one is known well enough to be used in its place.
    package var serverName: String? { names.first(where: \.isTrusted)?.name }

    package init(
        id: RequestID, transport: TransportProtocol, direction: Direction, client: Side, server: Side,
        first: Timestamp, last: Timestamp
    ) {
        self.id = id
        self.transport = transport
        self.direction = direction
        self.client = client
        self.server = server
        self.first = first
        self.last = last
    }
}

/// Which way a request goes, seen from the host that observes. In a capture file nobody is "this host":
/// every initiator's request counts as its own outbound one, unless the reader names local networks.
package enum Direction: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case outbound, inbound, forwarded, local

    package var name: String {
        switch self {
        case .outbound: "outbound"
        case .inbound: "inbound"
        case .forwarded: "forwarded"
        case .local: "local"
        }
    }
}

/// Why a lifecycle was completed.
package enum Ending: UInt8, Sendable {
    case closed, idle, evicted, captureEnded, portReused

    package var name: String {
        switch self {
        case .closed: "closed"
        case .idle: "idle"
        case .evicted: "evicted"
        case .captureEnded: "capture_ended"
        case .portReused: "port_reused"
        }
    }
}
