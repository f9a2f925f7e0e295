// Store's door: other modules keep things with LifecycleStore and ask it; RequestKey is how a listing goes on.

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

    package init(limits: Limits = Limits()) {
        requests = RequestHistory(capacity: limits.requests)
        lookups = HistoryRing(capacity: limits.lookups)
        neighbours = HistoryRing(capacity: limits.neighbours)
        leases = HistoryRing(capacity: limits.leases)
        icmpErrors = HistoryRing(capacity: limits.icmpErrors)
    }

    /// Keeps one finished thing. A request with the identifier of one that is kept takes its place.
    package mutating func keep(_ record: Record) {
        switch record {
        case .request(let lifecycle): requests.append(lifecycle)
        case .lookup(let lookup): lookups.append(lookup)
        case .neighbour(let resolution): neighbours.append(resolution)
        case .lease(let lease): leases.append(lease)
        case .icmpError(let report): icmpErrors.append(report)
        }
    }

    package func request(_ id: RequestID) -> Lifecycle? { requests[id] }

    /// Requests whose identifier begins so, newest first, at most `limit`.
    package func requests(matching prefix: RequestID.Prefix, limit: Int) -> [Lifecycle] {
        requests.match(prefix, limit: limit)
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
