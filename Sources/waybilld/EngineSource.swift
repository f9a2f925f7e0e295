import Configure
import Engine
import Host
import Logging
import Model
import Report
import Serve
import Store
import Synchronization

/// The live engine as the server sees it: records go to the hub, notices to the log, questions to the engine's thread.
final class EngineSource: RequestSource {
    private let engine: LiveEngine
    private let ownChecks = Mutex<[@Sendable () -> Model.Check]>([])

    /// Starts capture.
    ///
    /// - Throws: ``LiveEngineError`` when nothing can be captured at all.
    init(_ settings: LiveEngineSettings, hub: RecordHub, logger: Logger) throws(LiveEngineError) {
        engine = try LiveEngine(settings, listener: Listener(hub: hub, logger: logger))
    }

    /// Ends capture; every request that was open is in the hub when this returns.
    func stop() async { await engine.stop() }

    /// - Returns: why it goes on as before, if so.
    func adopt(_ settings: Configure.Configuration) async -> LiveEngineError? {
        await engine.adopt(LiveEngineSettings(settings))
    }

    /// Whether the thread that reads frames answers.
    var isAlive: Bool {
        get async { await engine.state() != nil }
    }

    /// Has `check` asked as well, whenever the daemon is asked for its checks.
    func addCheck(_ check: @escaping @Sendable () -> Model.Check) { ownChecks.withLock { $0.append(check) } }

    func setFollowed(_ isFollowed: Bool) { engine.setFollowed(isFollowed) }

    func activeRequests(
        before key: RequestKey?, limit: Int, matching filter: RequestFilter
    ) async -> [Lifecycle] {
        guard filter.hasCondition else {
            return await engine.open(
                before: key.map { ($0.first, $0.id) }, count: limit, ofUser: filter.onlyUser
            ) { filter.matches($0) }
        }
        // The engine's thread has frames to read: it hands requests over, and is not kept with conditions.
        var found: [Lifecycle] = []
        var last = key.map { ($0.first, $0.id) }
        for _ in 0..<Self.slices where found.count < limit && !Task.isCancelled {
            let slice = await engine.open(before: last, count: Self.slice, ofUser: filter.onlyUser) {
                filter.matchesParameters($0)
            }
            found += slice.filter(filter.matchesCondition)
            guard slice.count == Self.slice, let end = slice.last else { break }
            last = (end.first, end.id)
        }
        return Array(found.prefix(limit))
    }

    /// Requests that are handed over at once, and how many times: together as many as the engine looks at for one answer.
    private static let slice = 4096
    private static let slices = 25

    func activeRequests(
        matching prefix: RequestID.Prefix, ofUser user: UInt32?, limit: Int
    ) async -> [Lifecycle] {
        await engine.open(count: limit, ofUser: user) { prefix.matches($0) }
    }

    func activeLookups(limit: Int) async -> [Lookup] { await engine.openLookups(limit) }

    func activeLeases() async -> [Lease] { await engine.openLeases() }

    func activeNeighbours() async -> [NeighbourResolution] { await engine.openNeighbours() }

    func routes(to address: IPAddress?) async -> RouteSnapshot? { await engine.routes(to: address) }

    func hostNeighbours() async -> NeighbourSnapshot? { await engine.hostNeighbours() }

    func translations(_ selection: TranslationSelection) async -> [TranslationState]? {
        await engine.translations(selection)
    }

    func portForwards() async -> PortForwardSnapshot? { await engine.portForwards() }

    func ports() async -> PortSnapshot { await engine.ports() ?? PortSnapshot() }

    func filter(ofPort port: UInt16) async -> PortFilter? { await engine.filter(ofPort: port) }

    func state() async -> WatchState {
        // They are asked on threads of their own.
        async let hostChecks = engine.checks()
        guard let live = await engine.state() else { return WatchState(started: .distantPast) }
        var state = WatchState(started: live.started)
        state.observedUntil = live.observedUntil
        state.usage = OwnUsage.take()
        state.cpuRate = live.cpuRate
        state.totals = live.summary
        state.interfaces = live.interfaces
        state.limits = Self.limits(live.host)
        state.checks = await hostChecks + ownChecks.withLock { $0 }.map { $0() }
        let early = live.interfaces.reduce(0) { $0 + $1.deliveredEarly }
        if early > 0 {
            let why = "\(early) frames were read before quiet interfaces were waited for: the ring was filling"
            state.limits.append(("order between interfaces", why))
        }
        state.gaps = live.host.map { ($0.name.rawValue, UInt64(clamping: $0.gaps)) }
        state.gaps.append(("links", UInt64(clamping: live.lostNews)))
        if live.lostNews > 0 {
            let why = "the kernel's news were lost \(live.lostNews) times and asked for anew"
            state.limits.append(("addresses and links", why))
        }
        return state
    }

    /// What cannot be told for want of a source, and what each lost.
    private static func limits(_ sources: [HostSource]) -> [(what: String, why: String)] {
        var limits: [(what: String, why: String)] = []
        for name in HostSource.Name.allCases {
            guard let source = sources.first(where: { $0.name == name }) else {
                limits.append((name.lost, "this version does not ask the kernel for it"))
                continue
            }
            if let trouble = source.trouble { limits.append((name.lost, trouble)) }
            if source.gaps > 0 {
                limits.append((name.lost, "\(source.gaps) records of the kernel's \(name.rawValue) were lost"))
            }
        }
        return limits
    }

    /// What the engine's thread calls; it keeps nothing of its own.
    private struct Listener: LiveEngine.Listener {
        let hub: RecordHub
        let logger: Logger

        func finished(_ records: [Record]) { hub.finished(records) }
        func changed(_ requests: [Lifecycle]) { hub.changed(requests) }

        func noticed(_ notice: LiveNotice) {
            switch notice {
            case .opened(let name, nil): logger.info("\(notice)", metadata: ["interface": "\(name)"])
            case .opened(let name, _), .notOpened(let name, _):
                logger.warning("\(notice)", metadata: ["interface": "\(name)"])
            case .closed(let name, _): logger.notice("\(notice)", metadata: ["interface": "\(name)"])
            case .sourceMissing(let name, _): logger.warning("\(notice)", metadata: ["source": "\(name)"])
            case .factsLost: logger.warning("\(notice)", metadata: ["source": "links"])
            }
        }
    }
}
