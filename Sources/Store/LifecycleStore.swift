// Store's door: other modules keep things with LifecycleStore and ask it; RequestKey is how a listing goes on. What goes
// to disk goes through a HistoryKeeper.

package import Model

/// What Waybill remembers of the past, in memory: the last so many of each kind, the oldest dropped first and counted.
///
/// A plain value: whoever owns it keeps it from being used by two at once.
package struct LifecycleStore: Sendable {
    private var requests: RequestHistory
    package private(set) var lookups: HistoryRing<Lookup>
    package private(set) var neighbours: HistoryRing<NeighbourResolution>
    package private(set) var leases: HistoryRing<Lease>
    package private(set) var icmpErrors: HistoryRing<ICMPErrorReport>

    /// How many of each kind are kept.
    package struct Limits: Sendable, Equatable {
        package var requests = 100_000
        package var lookups = 100_000
        package var neighbours = 10_000
        package var leases = 10_000
        package var icmpErrors = 10_000

        package init() {}
    }

    /// - Parameter firstSerial: of the lists: higher than any that an earlier run gave, so that what it left on disk comes
    ///   after what is new.
    package init(limits: Limits = Limits(), firstSerial: UInt64 = 0) {
        requests = RequestHistory(capacity: limits.requests)
        lookups = HistoryRing(capacity: limits.lookups, first: firstSerial)
        neighbours = HistoryRing(capacity: limits.neighbours, first: firstSerial)
        leases = HistoryRing(capacity: limits.leases, first: firstSerial)
        icmpErrors = HistoryRing(capacity: limits.icmpErrors, first: firstSerial)
    }

    /// Keeps one finished thing. A request with the identifier of one that is kept takes its place.
    ///
    /// - Returns: its place in its list; of a request 0, which is listed by its key.
    @discardableResult
    package mutating func keep(_ record: Record) -> UInt64 {
        switch record {
        case .request(let lifecycle):
            requests.append(lifecycle)
            return 0
        case .lookup(let lookup): return lookups.append(lookup)
        case .neighbour(let resolution): return neighbours.append(resolution)
        case .lease(let lease): return leases.append(lease)
        case .icmpError(let report): return icmpErrors.append(report)
        }
    }

    /// Of the oldest record of a list that is kept; 0 of requests, which are listed by their keys.
    package func oldestPlace(of kind: HistoryKind) -> UInt64 {
        switch kind {
        case .request: 0
        case .lookup: lookups.oldest
        case .neighbour: neighbours.oldest
        case .lease: leases.oldest
        case .icmpError: icmpErrors.oldest
        }
    }

    /// Of the requests with a later key none is missing here; `nil` when none is at all.
    package var horizon: RequestKey? { requests.horizon }

    /// Whether a request with this identifier is kept.
    package func holds(_ id: RequestID) -> Bool { requests.holds(id) }

    /// What stands on disk comes before what is kept here: listings go on there.
    ///
    /// - Parameters:
    ///   - latest: the latest request on disk.
    ///   - serials: the highest place of each list on disk. Where the clock went back between two runs they are not
    ///     below those given here, which are moved up then.
    /// - Returns: by how much places of a list have been moved.
    package mutating func continueAfter(
        _ latest: RequestKey?, _ serials: [HistoryKind: UInt64]
    ) -> [(kind: HistoryKind, by: UInt64)] {
        if let latest { requests.horizon = requests.horizon.map { max($0, latest) } ?? latest }
        var moved: [(kind: HistoryKind, by: UInt64)] = []
        func gap(_ kind: HistoryKind, _ first: UInt64) -> UInt64? {
            guard let highest = serials[kind], highest >= first, highest < .max / 4 else { return nil }
            moved.append((kind, highest - first + 1))
            return highest - first + 1
        }
        if let gap = gap(.lookup, lookups.first) { lookups.renumber(by: gap) }
        if let gap = gap(.neighbour, neighbours.first) { neighbours.renumber(by: gap) }
        if let gap = gap(.lease, leases.first) { leases.renumber(by: gap) }
        if let gap = gap(.icmpError, icmpErrors.first) { icmpErrors.renumber(by: gap) }
        return moved
    }

    package func request(_ id: RequestID) -> Lifecycle? { requests[id] }

    /// Requests whose identifier begins so and that match, newest first, at most `limit`.
    package func requests(
        matching prefix: RequestID.Prefix, limit: Int, where matches: (Lifecycle) -> Bool = { _ in true }
    ) -> [Lifecycle] {
        requests.match(prefix, limit: limit, where: matches)
    }

    /// Requests that match, newest first by their first packet, from before `key` on.
    ///
    /// The key makes paging stable: what is kept or dropped between two pages neither repeats nor hides a request
    /// that stays.
    ///
    /// - Parameters:
    ///   - limit: how many at most.
    ///   - examining: how many kept requests are looked at, at most, so that the caller decides how long one call
    ///     may take; `next` is set when it was not enough.
    package func requests(
        before key: RequestKey? = nil, limit: Int, examining: Int = .max, where matches: (Lifecycle) -> Bool
    ) -> RequestScan {
        requests.scan(before: key, limit: limit, examining: examining, where: matches)
    }

    /// How full the history is, per kind.
    package var tables: [TableSummary] {
        [
            requests.table, lookups.table("history_lookups"), neighbours.table("history_neighbours"),
            leases.table("history_leases"), icmpErrors.table("history_icmp_errors"),
        ]
    }
}
