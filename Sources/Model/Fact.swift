/// Something the kernel said and no frame carries, with the time at which it was true.
///
/// Facts and packets are all that the correlator ever learns from.
package struct Fact: Sendable, Equatable {
    package var time: Timestamp
    package var body: Body

    package enum Body: Sendable, Equatable {
        /// An address of this host appeared or vanished.
        case addressAdded(IPAddress, interface: String)
        case addressRemoved(IPAddress, interface: String)
        /// What was known of this host's addresses is void: all that are still there are told again.
        case addressesForgotten
        /// A link came, changed or went. `isUp` is administratively up (IFF_UP).
        case link(LinkState)
        case linkRemoved(index: Int, name: String)
        /// A socket of this tuple belongs to a process, or why nobody can be named.
        case socketOwner(FlowTuple, SocketOwner)
        /// NAT rewrites a request, or no longer does (`ended`).
        case translation(Translation)
        /// A request of this tuple is not translated here.
        case untranslated(FlowTuple, Untranslated)
        /// Translations may have come and gone unseen.
        case translationsMissed(String)
        /// So many packets were dropped since then because another connection had their tuple first (insert_failed).
        case insertsFailed(UInt64, since: Timestamp)
        /// Packets were dropped because conntrack had no room for another entry.
        case insertsRefused(RefusedInserts)
        /// Which way the kernel sends the packets of the request of this tuple that began at that time.
        case route(FlowTuple, began: Timestamp, RouteReport)
        /// Towards these peers more than half of the local ports are taken, and towards no others.
        case portsScarce([PortScarcity])
        /// A request that never left this host.
        case unsent(UnsentRequest)
        /// What was learnt before may be stale: the netlink socket lost messages and a new dump follows.
        case resynchronised(missed: String)
    }

    package init(time: Timestamp, body: Body) {
        self.time = time
        self.body = body
    }
}

/// A network interface as the kernel describes it (rtnetlink(7), RTM_NEWLINK).
package struct LinkState: Sendable, Equatable {
    /// The kernel's interface index.
    package var index: Int
    package var name: String
    package var isUp: Bool
    package var isLoopback: Bool
    /// IFF_LOWER_UP: there is a carrier.
    package var hasCarrier: Bool
    package var mtu: Int?
    package var mac: MACAddress?

    package init(
        index: Int, name: String, isUp: Bool, isLoopback: Bool, hasCarrier: Bool, mtu: Int? = nil,
        mac: MACAddress? = nil
    ) {
        self.index = index
        self.name = name
        self.isUp = isUp
        self.isLoopback = isLoopback
        self.hasCarrier = hasCarrier
        self.mtu = mtu
        self.mac = mac
    }
}

/// Packets that conntrack dropped because it could make no entry for them while its table was full.
package struct RefusedInserts: Sendable, Equatable {
    package var count: UInt64
    /// Between these two.
    package var since: Timestamp
    package var until: Timestamp
    /// Entries that there were at last, and how many there may be (`nf_conntrack_max`).
    package var tracked: Int
    package var limit: Int

    package init(count: UInt64, since: Timestamp, until: Timestamp, tracked: Int, limit: Int) {
        self.count = count
        self.since = since
        self.until = until
        self.tracked = tracked
        self.limit = limit
    }
}
