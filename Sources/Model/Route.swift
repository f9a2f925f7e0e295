/// Which way the kernel sends the packets of a request, as it said when it was asked at the request's start
/// (rtnetlink(7), RTM_GETROUTE). It never changes, and many requests share it.
package final class RouteReport: Sendable {
    package let answer: Answer
    /// The kernel's entry for the next hop at that moment.
    package let neighbour: HostNeighbour?

    package enum Answer: Sendable, Equatable {
        case chosen(RouteChoice)
        case failed(RouteFailure)
        /// It could not be asked, or what it was asked is not what the socket asked; why.
        case unknown(String)
    }

    package init(_ answer: Answer, neighbour: HostNeighbour? = nil) {
        self.answer = answer
        self.neighbour = neighbour
    }

    package var choice: RouteChoice? {
        if case .chosen(let choice) = answer { choice } else { nil }
    }
}

extension RouteReport: Equatable {
    package static func == (left: RouteReport, right: RouteReport) -> Bool {
        left === right || left.answer == right.answer && left.neighbour == right.neighbour
    }
}

/// One route as it applies to one destination, and the entry of the routing table that it came from.
package struct RouteChoice: Sendable, Equatable {
    package var kind: RouteKind
    /// `nil` when the destination is on the link itself, or this host's own.
    package var gateway: IPAddress?
    package var interface: String?
    /// The source address that a socket without one gets.
    package var preferredSource: IPAddress?
    package var table: RoutingTable
    /// Bytes of a packet: what the route or the path allows, else the interface.
    package var mtu: Int?
    /// The entry's destination, of length 0 for a default route.
    package var prefix: IPPrefix?
    /// Who put it there (`rtm_protocol`): `kernel`, `dhcp`, `static`, `ra`, …
    package var origin: String?
    package var metric: UInt32?
    /// Next hops of the entry among which one was chosen by hash; 1 when there was no choice.
    package var pathCount = 1

    package init(kind: RouteKind, table: RoutingTable) {
        self.kind = kind
        self.table = table
    }
}

/// Why there is no way to a destination.
package enum RouteFailure: Sendable, Equatable {
    /// No entry of any table that was looked into fits (ENETUNREACH).
    case noRoute
    /// The default route went by an interface that is down now.
    case interfaceDown(String)
    /// An entry or a rule says so: `prohibit` (EACCES), `unreachable` (EHOSTUNREACH), `blackhole` (EINVAL).
    case prohibited, unreachable, blackhole
    /// Another error, as the kernel numbers and the C library words them.
    case other(Int32, String)

    /// The word of the route stage.
    package var name: String {
        switch self {
        case .noRoute: "no_route"
        case .interfaceDown: "interface_down"
        case .prohibited: "prohibited"
        case .unreachable: "unreachable"
        case .blackhole: "blackhole"
        case .other: "refused"
        }
    }
}

/// What becomes of packets that a route fits (rtnetlink(7), `rtm_type`).
package enum RouteKind: UInt8, Sendable, CaseIterable {
    case unicast, local, broadcast, anycast, multicast, blackhole, unreachable, prohibit, `throw`, nat

    package var name: String {
        switch self {
        case .unicast: "unicast"
        case .local: "local"
        case .broadcast: "broadcast"
        case .anycast: "anycast"
        case .multicast: "multicast"
        case .blackhole: "blackhole"
        case .unreachable: "unreachable"
        case .prohibit: "prohibit"
        case .throw: "throw"
        case .nat: "nat"
        }
    }
}

/// A routing table: the kernel knows its number, people its name.
package struct RoutingTable: Hashable, Sendable, CustomStringConvertible {
    package var number: UInt32
    /// Its number, when it has no name.
    package var name: String

    package init(number: UInt32, name: String) {
        self.number = number
        self.name = name
    }

    package var description: String { name }
}

/// An entry of a routing table.
package struct HostRoute: Sendable, Equatable {
    package var kind: RouteKind
    package var destination: IPPrefix
    /// IPv6 may choose by source as well.
    package var source: IPPrefix?
    package var table: RoutingTable
    /// Who put it there (`rtm_protocol`).
    package var origin: String
    package var metric: UInt32
    package var typeOfService: UInt8
    package var preferredSource: IPAddress?
    package var mtu: Int?
    package var hops: [Hop] = []
    /// When it appeared; `nil` when it was there before.
    package var since: Timestamp?

    package struct Hop: Sendable, Equatable {
        package var gateway: IPAddress?
        /// The kernel's interface index, 0 for none, and the name that it had when the list was made.
        package var index: Int32
        package var interface: String?
        /// Of several, the share of flows that go this way.
        package var weight: Int
        /// RTNH_F_DEAD, RTNH_F_LINKDOWN: not used now.
        package var isUsable: Bool

        package init(gateway: IPAddress?, index: Int32, weight: Int = 1, isUsable: Bool = true) {
            self.gateway = gateway
            self.index = index
            self.weight = weight
            self.isUsable = isUsable
        }
    }

    package init(
        kind: RouteKind, destination: IPPrefix, table: RoutingTable, origin: String, metric: UInt32 = 0,
        typeOfService: UInt8 = 0
    ) {
        self.kind = kind
        self.destination = destination
        self.table = table
        self.origin = origin
        self.metric = metric
        self.typeOfService = typeOfService
    }

    package var isDefault: Bool { destination.length == 0 }
    package var version: IPAddress.Version { destination.address.version }
}

/// A rule of policy routing (ip-rule(8)), in order of its priority.
package struct HostRule: Sendable, Equatable {
    package var version: IPAddress.Version
    package var priority: UInt32
    /// What has to fit, in the words of ip-rule(8): `from 10.0.0.0/8`, `fwmark 0x1`, `uidrange 1000-1000`; empty for all.
    package var selectors: [String]
    /// `lookup main`, `goto 100`, `prohibit`.
    package var action: String
    package var origin: String?

    package init(version: IPAddress.Version, priority: UInt32, selectors: [String], action: String) {
        self.version = version
        self.priority = priority
        self.selectors = selectors
        self.action = action
    }
}

/// Something that changed in the kernel's routing or neighbour tables.
package struct RouteChange: Sendable, Equatable {
    package var time: Timestamp
    package var kind: Kind
    /// What it is about: a destination, a rule, an address.
    package var subject: String
    package var before: String?
    package var after: String?
    package var table: RoutingTable?
    /// It was found by comparing lists, some time after it happened.
    package var isLate = false

    package enum Kind: UInt8, Sendable, CaseIterable {
        /// The default route that new connections take is another one.
        case defaultRoute
        case routeAdded, routeRemoved, routeChanged, ruleAdded, ruleRemoved
        case neighbourFailed, neighbourAnswers, neighbourMoved

        package var name: String {
            switch self {
            case .defaultRoute: "default_route"
            case .routeAdded: "route_added"
            case .routeRemoved: "route_removed"
            case .routeChanged: "route_changed"
            case .ruleAdded: "rule_added"
            case .ruleRemoved: "rule_removed"
            case .neighbourFailed: "neighbour_failed"
            case .neighbourAnswers: "neighbour_answers"
            case .neighbourMoved: "neighbour_moved"
            }
        }
    }

    package init(
        time: Timestamp, kind: Kind, subject: String, before: String? = nil, after: String? = nil,
        table: RoutingTable? = nil
    ) {
        self.time = time
        self.kind = kind
        self.subject = subject
        self.before = before
        self.after = after
        self.table = table
    }
}
