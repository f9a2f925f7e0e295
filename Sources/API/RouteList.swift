/// What the kernel's routing tables say: the answer of `/v1/routes`.
package struct RouteList: Sendable, Equatable, Decodable {
    /// How the kernel would send to the address that was asked for; absent when none was.
    package var answer: RouteAnswer?
    package var routes: [Route]
    package var rules: [Rule]
    /// What changed while the daemon ran, the newest first.
    package var changes: [RouteChange]
    /// Why the kernel could not be asked; absent when it could.
    package var trouble: String?

    package init(
        answer: RouteAnswer? = nil, routes: [Route] = [], rules: [Rule] = [], changes: [RouteChange] = [],
        trouble: String? = nil
    ) {
        self.answer = answer
        self.routes = routes
        self.rules = rules
        self.changes = changes
        self.trouble = trouble
    }

    /// An entry of a routing table.
    package struct Route: Sendable, Equatable, Decodable {
        /// `ipv4` or `ipv6`.
        package var family: String
        /// `unicast`, `blackhole`, `unreachable`, `prohibit`, `throw`, …
        package var type: String
        /// `default`, or a network with its prefix length.
        package var destination: String
        package var source: String?
        package var table: String
        /// Who put it there: `kernel`, `dhcp`, `static`, `ra`, …
        package var origin: String
        package var metric: UInt32
        package var preferredSource: String?
        package var mtu: Int?
        package var nextHops: [NextHop]
        /// When it appeared; absent when it was there before the daemon.
        package var since: Time?

        private enum CodingKeys: String, CodingKey {
            case family, type, destination, source, table, metric, mtu, since
            case origin = "protocol"
            case preferredSource = "preferred_source"
            case nextHops = "next_hops"
        }

        package init(
            family: String, type: String, destination: String, table: String, origin: String, metric: UInt32,
            nextHops: [NextHop]
        ) {
            self.family = family
            self.type = type
            self.destination = destination
            self.table = table
            self.origin = origin
            self.metric = metric
            self.nextHops = nextHops
        }
    }

    package struct NextHop: Sendable, Equatable, Decodable {
        /// Absent when the destination is on the link itself.
        package var gateway: String?
        package var interface: String?
        /// The share of flows that go this way, where there are several.
        package var weight: Int
        /// False while the interface is down or has no carrier.
        package var usable: Bool

        package init(gateway: String?, interface: String?, weight: Int, usable: Bool) {
            self.gateway = gateway
            self.interface = interface
            self.weight = weight
            self.usable = usable
        }
    }

    /// A rule of policy routing; they are looked at in the order of their priorities.
    package struct Rule: Sendable, Equatable, Decodable {
        package var family: String
        package var priority: UInt32
        /// What has to fit, in the words of ip-rule(8); empty when everything does.
        package var selectors: [String]
        /// `lookup main`, `prohibit`, `goto 100`.
        package var action: String
        package var origin: String?

        private enum CodingKeys: String, CodingKey {
            case family, priority, selectors, action
            case origin = "protocol"
        }

        package init(family: String, priority: UInt32, selectors: [String], action: String, origin: String?) {
            self.family = family
            self.priority = priority
            self.selectors = selectors
            self.action = action
            self.origin = origin
        }
    }
}

/// Something that changed in the kernel's routing or neighbour tables.
package struct RouteChange: Sendable, Equatable, Decodable {
    package var time: Time
    /// `default_route`, `route_added`, `route_removed`, `route_changed`, `rule_added`, `rule_removed`,
    /// `neighbour_failed`, `neighbour_answers` or `neighbour_moved`.
    package var kind: String
    /// What it is about: a destination, a rule, an address.
    package var subject: String
    package var before: String?
    package var after: String?
    package var table: String?
    /// It was found by comparing lists, some time after it happened.
    package var late: Bool

    package init(
        time: Time, kind: String, subject: String, before: String?, after: String?, table: String?, late: Bool
    ) {
        self.time = time
        self.kind = kind
        self.subject = subject
        self.before = before
        self.after = after
        self.table = table
        self.late = late
    }
}

/// How the kernel would send to one address, asked at that moment.
package struct RouteAnswer: Sendable, Equatable, Decodable {
    package var to: String
    /// `ok`, `failed` or `unseen`, as of the stage of that name.
    package var status: StageStatus
    /// Why it failed (`no_route`, `prohibited`, `unreachable`, `blackhole`, `interface_down`), or why it is not known.
    package var reason: String?
    package var type: String?
    package var gateway: String?
    package var interface: String?
    package var preferredSource: String?
    package var table: String?
    package var mtu: Int?
    /// The entry that fits: `default`, or a network with its prefix length.
    package var destination: String?
    package var origin: String?
    package var metric: UInt32?
    /// The next hop's entry in the kernel's neighbour table.
    package var neighbour: KernelNeighbour?

    private enum CodingKeys: String, CodingKey {
        case to, status, reason, type, gateway, interface, table, mtu, destination, metric, neighbour
        case preferredSource = "preferred_source"
        case origin = "protocol"
    }

    package init(to: String, status: StageStatus, reason: String? = nil) {
        self.to = to
        self.status = status
        self.reason = reason
    }
}

/// An entry of the kernel's neighbour table.
package struct KernelNeighbour: Sendable, Equatable, Decodable {
    package var address: String
    package var interface: String
    /// `reachable`, `stale`, `delay`, `probe`, `incomplete`, `failed`, `permanent`, `noarp` or `none`.
    package var state: String
    package var mac: String?
    package var router: Bool
    /// The MAC before the present one, when that changed, and how often it did: two stations may claim the address.
    package var earlierMAC: String?
    package var moved: Time?
    package var moves: UInt32

    private enum CodingKeys: String, CodingKey {
        case address, interface, state, mac, router, moved, moves
        case earlierMAC = "earlier_mac"
    }

    package init(
        address: String, interface: String, state: String, mac: String?, router: Bool, earlierMAC: String?,
        moved: Time?, moves: UInt32
    ) {
        self.address = address
        self.interface = interface
        self.state = state
        self.mac = mac
        self.router = router
        self.earlierMAC = earlierMAC
        self.moved = moved
        self.moves = moves
    }
}

extension RouteList: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("answer", answer)
        writer.field("routes", routes)
        writer.field("rules", rules)
        writer.field("changes", changes)
        writer.field("trouble", trouble)
        writer.endObject()
    }
}

extension RouteList.Route: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("family", family)
        writer.field("type", type)
        writer.field("destination", destination)
        writer.field("source", source)
        writer.field("table", table)
        writer.field("protocol", origin)
        writer.field("metric", metric)
        writer.field("preferred_source", preferredSource)
        writer.field("mtu", mtu)
        writer.field("next_hops", nextHops)
        writer.field("since", since)
        writer.endObject()
    }
}

extension RouteList.NextHop: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("gateway", gateway)
        writer.field("interface", interface)
        writer.field("weight", weight)
        writer.field("usable", usable)
        writer.endObject()
    }
}

extension RouteList.Rule: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("family", family)
        writer.field("priority", priority)
        writer.field("selectors", selectors)
        writer.field("action", action)
        writer.field("protocol", origin)
        writer.endObject()
    }
}

extension RouteChange: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("time", time)
        writer.field("kind", kind)
        writer.field("subject", subject)
        writer.field("before", before)
        writer.field("after", after)
        writer.field("table", table)
        writer.field("late", late)
        writer.endObject()
    }
}

extension RouteAnswer: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("to", to)
        writer.field("status", status)
        writer.field("reason", reason)
        writer.field("type", type)
        writer.field("gateway", gateway)
        writer.field("interface", interface)
        writer.field("preferred_source", preferredSource)
        writer.field("table", table)
        writer.field("mtu", mtu)
        writer.field("destination", destination)
        writer.field("protocol", origin)
        writer.field("metric", metric)
        writer.field("neighbour", neighbour)
        writer.endObject()
    }
}

extension KernelNeighbour: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("interface", interface)
        writer.field("state", state)
        writer.field("mac", mac)
        writer.field("router", router)
        writer.field("earlier_mac", earlierMAC)
        writer.field("moved", moved)
        writer.field("moves", moves)
        writer.endObject()
    }
}
