import Model

/// The routing tables of the host as last heard: a pure value. Holds at most ``capacity`` routes; a new one beyond that
/// is not taken in, and counted. The host's own addresses, which the kernel lists as routes of its table `local`, are
/// passed over.
struct RouteTable {
    private var routes: [Key: [Entry]] = [:]
    private(set) var count = 0
    private var peak = 0
    private var refused: UInt64 = 0
    private var generation: UInt32 = 0
    /// An event did not fit what is kept: only a new list can tell.
    private(set) var needsDump = false

    static let capacity = 65_536

    /// What the kernel tells routes apart by; several may have all of it in common (`ip route append`).
    private struct Key: Hashable {
        var table: UInt32
        var destination: IPPrefix
        var source: IPPrefix?
        var metric: UInt32
        var typeOfService: UInt8

        init(_ route: HostRoute) {
            table = route.table.number
            destination = route.destination
            source = route.source
            metric = route.metric
            typeOfService = route.typeOfService
        }
    }

    private struct Entry {
        var route: HostRoute
        var generation: UInt32
    }

    /// What came of an event.
    enum Outcome: Equatable {
        case nothing
        case added(HostRoute)
        case removed(HostRoute)
        case changed(from: HostRoute, to: HostRoute)
    }

    /// - Parameter replaces: the event took the place of what was there (NLM_F_REPLACE).
    mutating func add(_ route: HostRoute, replaces: Bool, at time: Timestamp?) -> Outcome {
        guard isKept(route) else { return .nothing }
        let key = Key(route)
        var entries = routes[key] ?? []
        if let known = entries.firstIndex(where: { $0.route.leadsLike(route) }) {
            entries[known].generation = generation
            let since = entries[known].route.since
            entries[known].route = route
            entries[known].route.since = since
            routes[key] = entries
            return .nothing
        }
        var fresh = Entry(route: route, generation: generation)
        fresh.route.since = time
        // Several of one kind: which one gave way is not told.
        if replaces && entries.count > 1 { needsDump = true }
        if replaces, entries.count == 1 {
            let before = entries[0].route
            routes[key] = [fresh]
            return .changed(from: before, to: fresh.route)
        }
        guard count < Self.capacity else {
            refused &+= 1
            return .nothing
        }
        entries.append(fresh)
        routes[key] = entries
        count += 1
        peak = max(peak, count)
        return .added(fresh.route)
    }

    mutating func remove(_ route: HostRoute) -> Outcome {
        guard isKept(route) else { return .nothing }
        let key = Key(route)
        guard var entries = routes[key], let known = entries.firstIndex(where: { $0.route.leadsLike(route) }) else {
            // Of a route with several next hops one may go alone; and what had no room is not known.
            if routes[key] != nil { needsDump = true }
            return .nothing
        }
        let gone = entries.remove(at: known)
        routes[key] = entries.isEmpty ? nil : entries
        count -= 1
        return .removed(gone.route)
    }

    mutating func beginDump() {
        generation &+= 1
        needsDump = false
    }

    /// Drops what the list did not have.
    mutating func endDump() -> [HostRoute] {
        var gone: [HostRoute] = []
        for (key, entries) in routes where entries.contains(where: { $0.generation != generation }) {
            let kept = entries.filter { $0.generation == generation }
            gone += entries.filter { $0.generation != generation }.map(\.route)
            count -= entries.count - kept.count
            routes[key] = kept.isEmpty ? nil : kept
        }
        return gone.sorted { Self.precedes($0, $1) }
    }

    /// By table, destination and metric, IPv4 first, default routes before all others; at most `limit`.
    func list(_ limit: Int) -> [HostRoute] {
        Array(routes.values.joined().map(\.route).sorted { Self.precedes($0, $1) }.prefix(limit))
    }

    /// The default routes of the main table that are in use, those with the lowest metric alone.
    func defaults(_ version: IPAddress.Version, table: UInt32) -> [HostRoute] {
        let any: IPAddress = version == .v4 ? .anyIPv4 : .anyIPv6
        guard let destination = IPPrefix(address: any, length: 0) else { return [] }
        let all = routes.lazy.filter {
            $0.key.table == table && $0.key.destination == destination && $0.key.source == nil
        }
        .flatMap { $0.value.map(\.route) }
        .filter { $0.kind == .unicast && ($0.hops.isEmpty || $0.hops.contains(where: \.isUsable)) }
        guard let best = all.map(\.metric).min() else { return [] }
        return all.filter { $0.metric == best }.sorted { "\($0.hops)" < "\($1.hops)" }
    }

    var summary: TableSummary {
        TableSummary(name: "routes", count: count, peak: peak, capacity: Self.capacity, evictions: refused)
    }

    private func isKept(_ route: HostRoute) -> Bool {
        switch route.kind {
        case .local, .broadcast, .anycast, .multicast: route.table.name != "local" && route.origin != "kernel"
        case .unicast, .blackhole, .unreachable, .prohibit, .throw, .nat: true
        }
    }

    private static func precedes(_ left: HostRoute, _ right: HostRoute) -> Bool {
        if left.version != right.version { return left.version.rawValue < right.version.rawValue }
        if left.table.number != right.table.number { return left.table.number > right.table.number }
        if left.destination != right.destination {
            return left.destination.address != right.destination.address
                ? left.destination.address < right.destination.address
                : left.destination.length < right.destination.length
        }
        return left.metric < right.metric
    }
}

extension HostRoute {
    /// Whether two routes of one place lead the same way; carriers come and go without making another route of it.
    func leadsLike(_ other: HostRoute) -> Bool {
        kind == other.kind && preferredSource == other.preferredSource && mtu == other.mtu && origin == other.origin
            && hops.map(\.place) == other.hops.map(\.place)
    }
}

extension HostRoute.Hop {
    fileprivate var place: [String] { [gateway?.description ?? "", String(index), String(weight)] }
}
