import Model
import Report
import Store
import Synchronization

@testable import Serve

/// A source whose requests under way are a list; a hook runs while it is being asked.
final class FakeSource: RequestSource {
    struct State {
        var active: [Lifecycle] = []
        var lookups: [Lookup] = []
        var neighbours: [NeighbourResolution] = []
        var leases: [Lease] = []
        var routes = RouteSnapshot()
        var hostNeighbours = NeighbourSnapshot()
        var translations: [TranslationState]?
        var forwards = PortForwardSnapshot()
        var ports = PortSnapshot()
        var filter = PortFilter()
        var isFollowed = false
        var onAsk: (@Sendable () -> Void)?
        var watch = WatchState(started: Timestamp(seconds: 1_700_000_000, nanoseconds: 0))
    }

    let state = Mutex(State())

    init(_ active: [Lifecycle] = []) { state.withLock { $0.active = active } }

    func activeRequests(before key: RequestKey?, limit: Int, matching filter: RequestFilter) async -> [Lifecycle] {
        let (answer, hook) = state.withLock { state in
            let fits = state.active.filter { request in
                (key.map { request.key < $0 } ?? true) && filter.matches(request)
            }
            return (Array(fits.sorted { $0.key > $1.key }.prefix(limit)), state.onAsk)
        }
        hook?()
        return answer
    }

    func activeRequests(matching prefix: RequestID.Prefix, ofUser user: UInt32?, limit: Int) async -> [Lifecycle] {
        state.withLock { state in
            let own = state.active.filter { user == nil || $0.owner?.certainUser == user }
            return Array(own.filter { prefix.matches($0.id) }.prefix(limit))
        }
    }

    func activeLookups(limit: Int) async -> [Lookup] { state.withLock { Array($0.lookups.prefix(limit)) } }

    func activeNeighbours() async -> [NeighbourResolution] { state.withLock { $0.neighbours } }

    func translations(_ selection: TranslationSelection) async -> [TranslationState]? {
        state.withLock { state in
            state.translations?.filter { selection.includes($0.translation, $0.serial) }
                .prefix(selection.limit).map { $0 }
        }
    }

    func portForwards() async -> PortForwardSnapshot? { state.withLock { $0.forwards } }

    func activeLeases() async -> [Lease] { state.withLock { $0.leases } }

    func routes(to address: IPAddress?) async -> RouteSnapshot? {
        state.withLock { state in
            var snapshot = state.routes
            if address == nil { snapshot.answer = nil }
            return snapshot
        }
    }

    func hostNeighbours() async -> NeighbourSnapshot? { state.withLock { $0.hostNeighbours } }

    func ports() async -> PortSnapshot { state.withLock { $0.ports } }

    func filter(ofPort port: UInt16) async -> PortFilter? { state.withLock { $0.filter } }

    func state() async -> WatchState { state.withLock { $0.watch } }

    func setFollowed(_ isFollowed: Bool) { state.withLock { $0.isFollowed = isFollowed } }
}

/// A TCP request of the given second to port 443, or to `port`.
func request(at second: Int64, _ number: UInt32 = 0, port: UInt16 = 443, name: String? = nil) -> Lifecycle {
    let first = Timestamp(seconds: second, nanoseconds: 0)
    let client = Endpoint(IPAddress(v4: 0x0A00_0000 | number), UInt16(truncatingIfNeeded: 49_152 + number % 16_384))
    let server = Endpoint(IPAddress(v4: 0xC000_0201), port)
    var lifecycle = Lifecycle(
        id: RequestID(client: client, server: server, transport: .tcp, first: first), transport: .tcp,
        direction: .outbound, client: Side(endpoint: client), server: Side(endpoint: server), first: first,
        last: first + .seconds(1))
    if let name { lifecycle.names = [NameJoin(name: name, how: .answer)] }
    return lifecycle
}
