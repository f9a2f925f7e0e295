import Model
import Report
import Store

/// Requests under way and kept ones as one listing, newest first by their first packet: those that its viewer may see, and
/// of others not even that there are any.
struct RequestListing: Sendable {
    let hub: RecordHub
    let source: any RequestSource
    let viewer: Viewer

    /// How many kept requests are looked at before others may have the store.
    private static let slice = 512

    /// One page, and where the next one begins.
    ///
    /// Those under way are asked for first: one that ends in between is then in both, and told once; asked for in the
    /// other order it could be in neither.
    func page(
        before key: RequestKey?, limit: Int, matching filter: RequestFilter
    ) async -> (lifecycles: [Lifecycle], next: RequestKey?) {
        var filter = filter
        filter.onlyUser = viewer.onlyUser
        // One more than a page tells whether there is another.
        let wanted = limit + 1
        let active = await source.activeRequests(before: key, limit: wanted, matching: filter)
        let kept = await keptRequests(before: key, limit: wanted, matching: filter)
        let finished = Set(kept.map(\.id))
        // One that ended in between and lies beyond what was fetched of the history lies beyond this page, too.
        let open = active.filter { !finished.contains($0.id) }
        var merged = kept + open
        merged.sort { $0.key > $1.key }
        let page = Array(merged.prefix(limit))
        return (page, merged.count > limit ? page.last?.key : nil)
    }

    private func keptRequests(before key: RequestKey?, limit: Int, matching filter: RequestFilter) async -> [Lifecycle]
    {
        var found: [Lifecycle] = []
        var position = key
        repeat {
            // What a condition leaves of them is not known yet.
            let wanted = filter.hasCondition ? Self.slice : limit - found.count
            let scan = hub.read { store in
                store.requests(before: position, limit: wanted, examining: Self.slice) {
                    filter.matchesParameters($0)
                }
            }
            found += scan.lifecycles.filter(filter.matchesCondition)
            position = scan.next
            await Task.yield()
        } while position != nil && found.count < limit && !Task.isCancelled
        return Array(found.prefix(limit))
    }

    /// Requests whose identifier begins so, kept or under way, at most `limit`.
    func requests(matching prefix: RequestID.Prefix, limit: Int) async -> [Lifecycle] {
        let user = viewer.onlyUser
        let active = await source.activeRequests(matching: prefix, ofUser: user, limit: limit)
        let kept = hub.read { store in
            store.requests(matching: prefix, limit: limit) { user == nil || $0.ownerIdentifier == user }
        }
        let finished = Set(kept.map(\.id))
        return Array((kept + active.filter { !finished.contains($0.id) }).prefix(limit))
    }
}
