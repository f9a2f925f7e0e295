import CLinux
import Glibc
import Model

/// Follows routes, rules, neighbours and links through rtnetlink(7): a dump of all, then every change.
///
/// It never waits. When the kernel had to drop messages a new dump follows; what it shows to have changed meanwhile is
/// noted as found late. IPv4 does not tell of routes that vanish with their interface or address (fib_table_flush,
/// net/ipv4/fib_trie.c): then, too, a new dump follows.
struct RouteWatcher<Socket: NetlinkSocket & ~Copyable>: ~Copyable {
    private var socket: Socket
    private let names: RoutingTableNames
    private(set) var links = LinkTable()
    private(set) var routes = RouteTable()
    private(set) var rules = RuleTable()
    private(set) var neighbours = NeighbourCache()
    private(set) var changes = ChangeLog()
    private var defaults = Defaults()
    private var dump = NetlinkDump([
        NetlinkRequest.allLinks, NetlinkRequest.allRules, NetlinkRequest.allRoutes, NetlinkRequest.allNeighbours,
    ])
    /// The first dump is complete: from then on what comes is a change.
    private(set) var isSynchronised = false
    private var mustDump = false
    private var nextDump = Timestamp.distantPast
    private(set) var overruns: UInt64 = 0
    private(set) var malformedDatagrams: UInt64 = 0
    /// Raised by everything that may change the way of a packet.
    private(set) var version: UInt64 = 0
    /// When the way of some packets was last heard to be another one than before; later than it happened.
    private(set) var changed: Timestamp?
    /// Neighbours that stopped answering since they were last taken.
    private var silent: [HostNeighbour] = []
    private var someFailed = false

    /// The default route's first next hop, as it was last told of.
    private struct Defaults {
        var way: [IPAddress.Version: String] = [:]
        /// The interface of the one that is gone.
        var lost: [IPAddress.Version: String] = [:]
    }

    /// One call takes in no more than this.
    private static var datagramsPerCall: Int { 256 }
    private static var silentLimit: Int { 256 }

    /// - Throws: ``NetlinkError`` when the first dump cannot be asked for.
    init(socket: consuming Socket, names: RoutingTableNames = RoutingTableNames()) throws(NetlinkError) {
        self.socket = socket
        self.names = names
        if let request = begin() { try self.socket.send(request) }
    }

    /// The interface of a default route that is no more, when that interface is down or gone now.
    func lostInterface(_ version: IPAddress.Version) -> String? {
        guard defaults.way[version] == nil, let name = defaults.lost[version] else { return nil }
        let isUp = links.links.values.contains { $0.state?.name == name && $0.state?.isUp == true }
        return isUp ? nil : name
    }

    mutating func takeSilent() -> [HostNeighbour] {
        defer { silent.removeAll() }
        return silent
    }

    /// Whether a neighbour failed since the last call: one that was silent before, too.
    mutating func takeFailure() -> Bool {
        defer { someFailed = false }
        return someFailed
    }

    /// The routes in use and not, at most `limit`, their interfaces by name.
    func listRoutes(_ limit: Int) -> [HostRoute] {
        routes.list(limit).map { route in
            var route = route
            for index in route.hops.indices where route.hops[index].index != 0 {
                route.hops[index].interface = links.name(route.hops[index].index)
            }
            return route
        }
    }

    /// Takes in what has arrived, at most 256 datagrams a call.
    ///
    /// - Throws: ``NetlinkError`` when the socket fails or the kernel refuses a dump. Make a new watcher then.
    mutating func receive(at now: Timestamp) throws(NetlinkError) {
        reading: for _ in 0..<Self.datagramsPerCall {
            switch try socket.receive() {
            case .nothing: break reading
            case .lost:
                overruns &+= 1
                noteWay(at: now)
                if let request = begin() { try socket.send(request) }
            case .datagram(let bytes):
                var messages = NetlinkMessages(bytes)
                while let message = messages.next() { try apply(message, at: now) }
                if messages.isMalformed { malformedDatagrams &+= 1 }
            }
        }
        if isSynchronised, !dump.isUnderWay, mayHaveSwitched { noteDefaults(at: now) }
    }

    /// Asks for all lists again, when something happened that no event told in full; at most once a second, and less
    /// often where lists are long.
    mutating func renew(at now: Timestamp) throws(NetlinkError) {
        guard mustDump || routes.needsDump, !dump.isUnderWay, now >= nextDump || nextDump > now + .seconds(60) else {
            return
        }
        nextDump = now + .seconds(1 + routes.count / 4096)
        if let request = begin() { try socket.send(request) }
    }

    private mutating func begin() -> [UInt8]? {
        mustDump = false
        guard let request = dump.begin() else { return nil }
        beginTables()
        return request
    }

    private mutating func beginTables() {
        links.beginDump()
        routes.beginDump()
        rules.beginDump()
        neighbours.beginDump()
    }

    private mutating func apply(_ message: NetlinkMessage, at now: Timestamp) throws(NetlinkError) {
        switch dump.notice(message) {
        case .none: break
        case .restart(let request):
            beginTables()
            try socket.send(request)
        case .next(let request): try socket.send(request)
        case .finished: finish(at: now)
        case .refused(_, let number): throw .refused(request: "routes", errno: number)
        }
        let type = Int(message.type)
        switch type {
        case RTM_NEWLINK, RTM_DELLINK: apply(link: message, at: now)
        case RTM_NEWADDR, RTM_DELADDR:
            noteWay(at: now)
            if type == RTM_DELADDR { mustDump = true }
        case RTM_NEWROUTE, RTM_DELROUTE: apply(route: message, at: now)
        case RTM_NEWRULE, RTM_DELRULE: apply(rule: message, at: now)
        case RTM_NEWNEIGH, RTM_DELNEIGH: apply(neighbour: message, at: now)
        default: break
        }
    }

    private mutating func apply(link message: NetlinkMessage, at now: Timestamp) {
        guard let link = LinkMessage(message.payload) else { return }
        let isRemoval = Int(message.type) == RTM_DELLINK
        let before = links.links[link.index]?.state
        var facts: [Fact.Body] = []
        links.apply(link, isRemoval: isRemoval, into: &facts)
        guard !facts.isEmpty else { return }
        noteWay(at: now)
        if isRemoval || before != nil && links.links[link.index]?.state?.isUp == false { mustDump = true }
    }

    private mutating func apply(route message: NetlinkMessage, at now: Timestamp) {
        guard let route = RouteMessage(message.payload, names), route.flags & UInt32(RTM_F_CLONED) == 0 else { return }
        let outcome =
            Int(message.type) == RTM_DELROUTE
            ? routes.remove(route.route)
            : routes.add(
                route.route, replaces: message.flags & UInt16(NLM_F_REPLACE) != 0,
                at: isSynchronised ? now : nil)
        if outcome != .nothing { noteWay(at: now) } else if !dump.isUnderWay { version &+= 1 }
        guard isSynchronised else { return }
        note(outcome, at: now, isLate: dump.isUnderWay)
    }

    private mutating func note(_ outcome: RouteTable.Outcome, at now: Timestamp, isLate: Bool) {
        let links = links
        func change(
            _ kind: RouteChange.Kind, _ route: HostRoute, from before: HostRoute? = nil, to after: HostRoute? = nil
        ) -> RouteChange {
            var change = RouteChange(
                time: now, kind: kind, subject: route.subject, before: before?.way(links), after: after?.way(links),
                table: route.table)
            change.isLate = isLate
            return change
        }
        switch outcome {
        case .nothing: break
        case .added(let route): changes.note(change(.routeAdded, route, to: route))
        case .removed(let route): changes.note(change(.routeRemoved, route, from: route))
        case .changed(let before, let after): changes.note(change(.routeChanged, after, from: before, to: after))
        }
    }

    private mutating func noteWay(at now: Timestamp) {
        version &+= 1
        mayHaveSwitched = true
        if isSynchronised { changed = now }
    }

    private mutating func apply(rule message: NetlinkMessage, at now: Timestamp) {
        guard let rule = RuleMessage(message.payload, names) else { return }
        let isRemoval = Int(message.type) == RTM_DELRULE
        guard isRemoval ? rules.remove(rule) : rules.add(rule) else { return }
        noteWay(at: now)
        if isSynchronised { note(rule.rule, isRemoval: isRemoval, at: now) }
    }

    private mutating func note(_ rule: HostRule, isRemoval: Bool, at now: Timestamp) {
        var change = RouteChange(
            time: now, kind: isRemoval ? .ruleRemoved : .ruleAdded, subject: "rule \(rule.priority)")
        if isRemoval { change.before = rule.text } else { change.after = rule.text }
        change.isLate = dump.isUnderWay
        changes.note(change)
    }

    private mutating func apply(neighbour message: NetlinkMessage, at now: Timestamp) {
        guard let neighbour = NeighbourMessage(message.payload) else { return }
        if Int(message.type) == RTM_DELNEIGH {
            neighbours.remove(neighbour)
            return
        }
        if neighbour.state == .failed { someFailed = true }
        for outcome in neighbours.add(neighbour, interface: links.name(neighbour.index), at: now) {
            note(outcome, at: now)
        }
    }

    private mutating func note(_ outcome: NeighbourCache.Outcome, at now: Timestamp) {
        func note(_ kind: RouteChange.Kind, _ neighbour: HostNeighbour, from before: MACAddress? = nil) {
            guard isSynchronised else { return }
            var change = RouteChange(time: now, kind: kind, subject: "\(neighbour.address) on \(neighbour.interface)")
            change.before = before?.description
            if kind != .neighbourFailed { change.after = neighbour.mac?.description }
            change.isLate = dump.isUnderWay
            changes.note(change)
        }
        version &+= 1
        switch outcome {
        case .nothing: break
        case .failed(let neighbour):
            note(.neighbourFailed, neighbour, from: neighbour.mac)
            if silent.count < Self.silentLimit { silent.append(neighbour) }
        case .answers(let neighbour): note(.neighbourAnswers, neighbour)
        case .moved(let neighbour, let before): note(.neighbourMoved, neighbour, from: before)
        }
    }

    private mutating func finish(at now: Timestamp) {
        var facts: [Fact.Body] = []
        links.endDump(into: &facts)
        let (gone, rulesGone) = (routes.endDump(), rules.endDump())
        neighbours.endDump()
        version &+= 1
        mayHaveSwitched = true
        if isSynchronised {
            for route in gone { note(.removed(route), at: now, isLate: true) }
            for rule in rulesGone { note(rule, isRemoval: true, at: now) }
        }
        isSynchronised = true
    }

    /// Whether new connections take another default route than before.
    private mutating func noteDefaults(at now: Timestamp) {
        mayHaveSwitched = false
        for version in [IPAddress.Version.v4, .v6] {
            let best = routes.defaults(version, table: RT_TABLE_MAIN.rawValue)
            let links = links
            let way = best.isEmpty ? nil : best.map { $0.way(links) }.joined(separator: ", ")
            let before = defaults.way[version]
            guard way != before else { continue }
            defaults.way[version] = way
            defaults.lost[version] = best.first?.hops.first.map { links.name($0.index) } ?? defaults.lost[version]
            guard hasToldDefaults else { continue }
            changes.note(
                RouteChange(
                    time: now, kind: .defaultRoute, subject: version == .v4 ? "IPv4" : "IPv6", before: before,
                    after: way, table: names.table(RT_TABLE_MAIN.rawValue)))
        }
        hasToldDefaults = true
    }

    private var hasToldDefaults = false
    /// Something was heard since the default routes were looked at.
    private var mayHaveSwitched = true
}

extension RouteWatcher where Socket == KernelNetlinkSocket {
    init() throws(NetlinkError) {
        let groups = [
            RTNLGRP_LINK, RTNLGRP_NEIGH, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
            RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE,
        ]
        let bits = groups.reduce(UInt32(0)) { $0 | 1 << ($1.rawValue - 1) }
        try self.init(socket: KernelNetlinkSocket(NETLINK_ROUTE, groups: bits))
    }

    var fileDescriptor: CInt { socket.fileDescriptor }
}

extension NetlinkRequest {
    static func allRoutes(sequence: UInt32) -> [UInt8] {
        NetlinkRequest(type: RTM_GETROUTE, flags: NLM_F_REQUEST | NLM_F_DUMP, body: rtmsg()).finish(sequence: sequence)
    }

    static func allRules(sequence: UInt32) -> [UInt8] {
        NetlinkRequest(type: RTM_GETRULE, flags: NLM_F_REQUEST | NLM_F_DUMP, body: fib_rule_hdr())
            .finish(sequence: sequence)
    }

    static func allNeighbours(sequence: UInt32) -> [UInt8] {
        NetlinkRequest(type: RTM_GETNEIGH, flags: NLM_F_REQUEST | NLM_F_DUMP, body: ndmsg()).finish(sequence: sequence)
    }
}
