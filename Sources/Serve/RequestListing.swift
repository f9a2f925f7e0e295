import Model
import Report
import Store

/// Requests under way, kept ones and those on disk as one listing, newest first by their first packet: those that its
/// viewer may see, and of others not even that there are any.
struct RequestListing: Sendable {
    let hub: RecordHub
    let source: any RequestSource
    let viewer: Viewer

    /// How many kept requests are looked at before others may have the store.
    private static let slice = 512
    /// How many of those on disk that may match are looked at in one go.
    private static let storedSlice = 1024

    /// One page, and where the next one begins.
    ///
    /// Those under way are asked for first: one that ends in between is then in both, and told once; asked for in the
    /// other order it could be in neither. What is on disk comes last, for the same reason.
    func page(
        before key: RequestKey?, limit: Int, matching filter: RequestFilter
    ) async -> (requests: [ListedRequest], next: RequestKey?) {
        var filter = filter
        filter.onlyUser = viewer.onlyUser
        // One more than a page tells whether there is another.
        let wanted = limit + 1
        let active = await source.activeRequests(before: key, limit: wanted, matching: filter)
        let kept = await keptRequests(before: key, limit: wanted, matching: filter)
        let finished = Set(kept.map(\.id))
        // One that ended in between and lies beyond what was fetched of the history lies beyond this page, too.
        let open = active.filter { !finished.contains($0.id) }
        var live = kept + open
        live.sort { $0.key > $1.key }
        live = Array(live.prefix(wanted))
        let stored = await storedRequests(before: key, limit: wanted, matching: filter, beside: live)
        return await merge(live, stored, limit)
    }

    /// Those of both, newest first: only what the page shows is unpacked.
    private func merge(
        _ live: [Lifecycle], _ stored: [(request: StoredRequest, digest: RequestDigest)], _ limit: Int
    ) async -> (requests: [ListedRequest], next: RequestKey?) {
        var places: [(key: RequestKey, live: Int?, stored: Int?)] = live.indices.map { (live[$0].key, $0, nil) }
        places += stored.indices.map { (stored[$0].request.key, nil, $0) }
        places.sort { $0.key > $1.key }
        let page = places.prefix(limit)
        let shown = page.compactMap(\.stored)
        let jsons = await hub.keeper?.reader?.json(of: shown.map { stored[$0].request }) ?? []
        let records = Dictionary(zip(shown, jsons)) { first, _ in first }
        let requests = page.compactMap { place -> ListedRequest? in
            if let index = place.live { return .live(live[index]) }
            // One that has been dropped since is gone.
            guard let index = place.stored, let json = records[index] ?? nil else { return nil }
            return .stored(stored[index].digest, json: json)
        }
        return (requests, places.count > limit ? page.last?.key : nil)
    }

    /// Those on disk that belong to the page and are not among the others.
    ///
    /// - Parameter live: what the page has already, newest first.
    private func storedRequests(
        before key: RequestKey?, limit: Int, matching filter: RequestFilter, beside live: [Lifecycle]
    ) async -> [(request: StoredRequest, digest: RequestDigest)] {
        await hub.keeper?.settled()
        // Above the horizon nothing is on disk that is not in memory.
        guard let reader = hub.keeper?.reader, let horizon = hub.read({ $0.horizon }) else { return [] }
        let last = live.count >= limit ? live[limit - 1].key : nil
        if let last, last > horizon { return [] }
        let top = RequestKey(first: horizon.first + TimeSpan(nanoseconds: 1), id: RequestID(bits: 0))
        var search: RequestSearch? = filter.search(below: key.map { min($0, top) } ?? top, limit: limit)
        search?.atLeast = last
        // What a condition leaves of them is not known yet.
        if filter.hasCondition { search?.limit = max(limit, Self.storedSlice) }
        let known = Set(live.map(\.id))
        var found: [(request: StoredRequest, digest: RequestDigest)] = []
        while let current = search, found.count < limit, !Task.isCancelled {
            let slice = await reader.requests(current)
            for request in slice.found where !known.contains(request.key.id) {
                // What memory holds it has been asked for already.
                guard !hub.read({ $0.holds(request.key.id) }), let digest = RequestDigest(request),
                    filter.matches(digest)
                else { continue }
                found.append((request, digest))
            }
            search = slice.next
        }
        return found
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

    /// Requests whose identifier begins so, under way, kept or on disk, at most `limit`.
    func requests(matching prefix: RequestID.Prefix, limit: Int) async -> [ListedRequest] {
        let user = viewer.onlyUser
        let active = await source.activeRequests(matching: prefix, ofUser: user, limit: limit)
        let kept = hub.read { store in
            store.requests(matching: prefix, limit: limit) { user == nil || $0.ownerIdentifier == user }
        }
        let finished = Set(kept.map(\.id))
        let live = Array((kept + active.filter { !finished.contains($0.id) }).prefix(limit))
        let listed = live.map { ListedRequest.live($0) }
        await hub.keeper?.settled()
        guard live.count < limit, let reader = hub.keeper?.reader else { return listed }
        let known = Set(live.map(\.id))
        let stored = await reader.requests(matching: prefix, owner: user, limit: limit).filter {
            !known.contains($0.key.id)
        }
        let jsons = await reader.json(of: stored)
        let old = zip(stored, jsons).compactMap { request, json -> ListedRequest? in
            guard let json, let digest = RequestDigest(request) else { return nil }
            return .stored(digest, json: json)
        }
        return Array((listed + old).prefix(limit))
    }
}
