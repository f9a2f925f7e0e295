import CLinux
import Model

/// The routes of requests, and what the kernel knows of routes and neighbours.
final class RoutePart: HostPart {
    private var watcher: RouteWatcher<KernelNetlinkSocket>?
    private var finder: RouteFinder<KernelNetlinkSocket>?
    private var cache = RouteCache()
    private var recent = RecentRoutes()
    private var questions: [Waiting] = []
    private var trouble: String?
    /// Lists that were asked for anew by watchers that are no more.
    private var earlierGaps: UInt64 = 0
    private var skipped: UInt64 = 0
    private let names = RoutingTableNames()

    /// Questions that are answered in one turn without the cache: some 50 µs each.
    private static let turnLimit = 512
    private static let questionCapacity = 16_384

    private struct Waiting {
        var question: HostQuestion
        var asked: Timestamp
    }

    /// Where a rule looks at the user, so long is waited for somebody to tell whose socket it is.
    private static let patience = TimeSpan.milliseconds(100)

    private let tracing: TracingPart
    /// The user that a socket belongs to, as far as that can be told now.
    private let user: (FlowTuple, Timestamp) -> UInt32?
    /// The sockets that are in SYN-SENT.
    private let connecting: () -> [FlowTuple]?
    /// When those that are held are compared with them.
    private var comparison: Timestamp?
    /// Requests that never left, told in this second.
    private var unsentCount = 0

    init(
        _ tracing: TracingPart, user: @escaping (FlowTuple, Timestamp) -> UInt32?,
        connecting: @escaping () -> [FlowTuple]?
    ) {
        self.tracing = tracing
        self.user = user
        self.connecting = connecting
        open()
    }

    private func open() {
        do throws(NetlinkError) {
            watcher = try RouteWatcher()
            finder = RouteFinder(socket: try KernelNetlinkSocket(NETLINK_ROUTE))
            trouble = nil
        } catch {
            close(error.description)
        }
    }

    private func close(_ reason: String) {
        earlierGaps &+= (watcher?.overruns ?? 0) &+ 1
        watcher = nil
        finder = nil
        trouble = reason
    }

    var source: HostSource {
        var source = HostSource(name: .routes, trouble: trouble)
        source.gaps = earlierGaps &+ (watcher?.overruns ?? 0)
        return source
    }

    func checks(_ surroundings: Surroundings) -> [Check] {
        [source.check("the kernel tells of its routes, rules and neighbours, and of every change")]
    }

    var descriptors: [CInt] {
        if let descriptor = watcher?.fileDescriptor { [descriptor] } else { [] }
    }

    var tables: [TableSummary] {
        var tables = [cache.summary, recent.summary]
        if let routes = watcher?.routes.summary { tables.append(routes) }
        if let rules = watcher?.rules.summary { tables.append(rules) }
        if let neighbours = watcher?.neighbours.summary { tables.append(neighbours) }
        tables.append(
            TableSummary(
                name: "route_questions", count: questions.count, peak: questions.count,
                capacity: Self.questionCapacity, evictions: skipped))
        return tables
    }

    var due: Timestamp? {
        guard !questions.isEmpty else { return comparison }
        return HostClock.now + .milliseconds(10)
    }

    func ask(_ questions: [HostQuestion]) {
        let now = HostClock.now
        let room = max(0, Self.questionCapacity - self.questions.count)
        for question in questions.lazy.filter({ Self.isOurs($0) }).prefix(room) {
            self.questions.append(Waiting(question: question, asked: now))
        }
    }

    /// What this host sends or forwards. For a group, or an address of the link alone, the interface decides, not the
    /// tables.
    private static func isOurs(_ question: HostQuestion) -> Bool {
        let peer = question.tuple.destination.address
        guard !peer.isMulticast, !peer.isLimitedBroadcast, !(peer.version == .v6 && peer.isLinkLocal) else {
            return false
        }
        switch question.direction {
        case .outbound, .local: return true
        case .forwarded: return question.forwarding != nil
        case .inbound: return false
        }
    }

    func turn(_ now: Timestamp) -> [Fact] {
        receive(now)
        var facts = watcher?.takeSilent().flatMap { recent.failed($0, at: now) } ?? []
        if watcher?.takeFailure() == true, tracing.isHolding, comparison == nil { comparison = now + Self.courtesy }
        compareHeld(now)
        facts += tracing.takeUnsent(at: now).compactMap { unsent($0) }
        facts += tracing.takeHeld().compactMap { unanswered($0) }
        guard !questions.isEmpty else { return facts }
        var asked = 0
        let needsUser = watcher?.rules.asks.contains(.user) == true
        var waiting: [Waiting] = []
        for var entry in questions {
            if needsUser, entry.question.user == nil, entry.question.forwarding == nil {
                // Without one the kernel takes this program's own for it.
                entry.question.user = user(entry.question.tuple, now)
                if entry.question.user == nil, now - entry.asked < Self.patience {
                    waiting.append(entry)
                    continue
                }
            }
            let question = entry.question
            guard let report = report(question, at: now, asked: &asked) else { continue }
            recent.note(question, report)
            facts.append(Fact(time: now, body: .route(question.tuple, began: question.first, report)))
        }
        questions = waiting
        return facts
    }

    /// A tracepoint's record of the end of a connect says more, and is on its way.
    private static let courtesy = TimeSpan.milliseconds(20)

    private func compareHeld(_ now: Timestamp) {
        guard let time = comparison, now >= time || now < time - Self.courtesy else { return }
        comparison = nil
        guard tracing.isHolding, let connecting = connecting() else { return }
        tracing.compareHeld(with: connecting, at: now)
    }

    private func receive(_ now: Timestamp) {
        do throws(NetlinkError) { try watcher?.receive(at: now) } catch { close(error.description) }
    }

    func expire(at now: Timestamp) {
        unsentCount = 0
        if tracing.isHolding { comparison = comparison ?? now }
        guard watcher != nil else {
            open()
            return
        }
        do throws(NetlinkError) { try watcher?.renew(at: now) } catch { close(error.description) }
    }

    private func report(_ question: HostQuestion, at now: Timestamp, asked: inout Int) -> RouteReport? {
        guard let asks = watcher?.rules.asks else { return nil }
        if let changed = watcher?.changed, question.first < changed, question.first > changed - Self.latency {
            return RouteReport(.unknown("routes changed between its start and the question which way it goes"))
        }
        if let forwarding = question.forwarding {
            return forwarded(question, forwarding, asks, at: now, asked: &asked)
        }
        if asks.contains(.user), question.user == nil {
            return RouteReport(.unknown("a rule looks at the user, and whose request it is is not known"))
        }
        guard let report = answer(RouteQuestion(question, asks: asks), question, at: now, asked: &asked) else {
            return nil
        }
        return Self.check(report, question, asks)
    }

    /// Which way this host sends on what came in for it to forward.
    private func forwarded(
        _ question: HostQuestion, _ forwarding: HostQuestion.Forwarding, _ asks: RuleMessage.Asks, at now: Timestamp,
        asked: inout Int
    ) -> RouteReport? {
        guard let links = watcher?.links, let way = links.receiver(of: forwarding.station, on: question.interface)
        else {
            return RouteReport(.unknown("its frames are for another station: it passes by, and is not routed here"))
        }
        guard !asks.contains(.mark) else {
            return RouteReport(.unknown("a rule looks at a mark, and which one its packets carry is not known"))
        }
        var key = RouteQuestion(question, asks: asks)
        // What is forwarded belongs to no socket.
        key.user = nil
        key.inInterface = way
        guard let report = answer(key, question, at: now, asked: &asked) else { return nil }
        switch report.answer {
        case .chosen(let choice) where choice.kind == .unicast: return report
        case .chosen, .failed: return RouteReport(.unknown("the kernel's tables send on nothing that came in so"))
        case .unknown: return report
        }
    }

    private func answer(
        _ key: RouteQuestion, _ question: HostQuestion, at now: Timestamp, asked: inout Int
    ) -> RouteReport? {
        let report: RouteReport
        if let known = cached(key, at: now) {
            report = known
        } else {
            guard asked < Self.turnLimit else {
                skipped &+= 1
                return nil
            }
            asked += 1
            guard var found = find(key) else { return nil }
            if let choice = found.choice, choice.pathCount > 1 {
                found = find(key.full(question.tuple)) ?? found
            } else {
                cache.keep(found, for: key, at: now)
            }
            report = found
        }
        return report
    }

    /// The first packet of what is asked about is never older.
    private static let latency = TimeSpan.seconds(60)

    private static let listLimit = 10_000

    func snapshot(to address: IPAddress?) -> RouteSnapshot {
        var snapshot = RouteSnapshot()
        snapshot.trouble = trouble
        snapshot.routes = watcher?.listRoutes(Self.listLimit) ?? []
        snapshot.rules = watcher?.rules.list ?? []
        snapshot.changes = watcher?.changes.ofRoutes ?? []
        if let address { snapshot.answer = find(RouteQuestion(to: address)) }
        return snapshot
    }

    func neighbours() -> NeighbourSnapshot {
        var snapshot = NeighbourSnapshot()
        snapshot.neighbours = watcher?.neighbours.list(Self.listLimit) ?? []
        snapshot.changes = watcher?.changes.ofNeighbours ?? []
        return snapshot
    }

    /// A program that tries without end must not fill the history.
    private static let unsentLimit = 200

    /// Says why nothing was sent, when that is certain: the thread's lookups failed, and so does the kernel's answer to
    /// the same question. A socket that is bound or marked, or in another network namespace, may see other tables.
    private func unsent(_ attempt: UnsentAttempt) -> Fact? {
        guard let process = attempt.process, process.networkNamespace == .own else { return nil }
        guard unsentCount < Self.unsentLimit else {
            skipped &+= 1
            return nil
        }
        var question = RouteQuestion(to: attempt.tuple.destination.address)
        question.user = process.user?.identifier
        question.transport = attempt.tuple.transport
        question.destinationPort = attempt.tuple.destination.port
        let report = find(question)
        let cause: UnsentRequest.Cause
        if attempt.errors.isEmpty {
            cause = .port(EphemeralPorts.ofThisHost)
        } else {
            guard case .failed(let failure)? = report?.answer else { return nil }
            cause = .route(failure)
        }
        unsentCount += 1
        var request = UnsentRequest(
            tuple: attempt.tuple, time: attempt.time, owner: SocketOwner(process, .traced), cause: cause)
        if report?.choice != nil { request.route = report }
        return Fact(time: attempt.time, body: .unsent(request))
    }

    /// Says that the next hop did not answer, when that is certain: the kernel still has no address of it, and this is
    /// where its tables send that connect.
    private func unanswered(_ connect: HeldConnect) -> Fact? {
        guard let process = connect.process, process.networkNamespace == .own else { return nil }
        guard unsentCount < Self.unsentLimit else {
            skipped &+= 1
            return nil
        }
        var question = RouteQuestion(to: connect.tuple.destination.address, from: connect.tuple.source.address)
        question.user = process.user?.identifier
        question.transport = connect.tuple.transport
        question.sourcePort = connect.tuple.source.port
        question.destinationPort = connect.tuple.destination.port
        var report = find(question)
        if report.flatMap({ Self.silent($0, connect) }) == nil, let index = watcher?.links.index(of: connect.interface)
        {
            // Its socket may be bound to the interface.
            question.interface = index
            report = find(question)
        }
        guard let report, let neighbour = Self.silent(report, connect) else { return nil }
        unsentCount += 1
        var request = UnsentRequest(
            tuple: connect.tuple, time: connect.time, owner: SocketOwner(process, .traced), cause: .neighbour(neighbour)
        )
        request.ended = connect.ended
        request.route = report
        return Fact(time: connect.ended ?? connect.time, body: .unsent(request))
    }

    /// The next hop of `report`, when it is the one that `connect` waited for, and has not answered.
    private static func silent(_ report: RouteReport, _ connect: HeldConnect) -> HostNeighbour? {
        guard let choice = report.choice, let neighbour = report.neighbour, choice.interface == connect.interface,
            neighbour.address == connect.nextHop
        else { return nil }
        switch neighbour.state {
        case .incomplete, .failed: return neighbour
        case .reachable, .stale, .delay, .probe, .noARP, .permanent, .none: return nil
        }
    }

    private func cached(_ key: RouteQuestion, at now: Timestamp) -> RouteReport? {
        guard let version = watcher?.version else { return nil }
        return cache.report(key, version: version, at: now)
    }

    private func find(_ question: RouteQuestion) -> RouteReport? {
        guard let links = watcher?.links, let neighbours = watcher?.neighbours else { return nil }
        let report = finder?.report(question, links: links, neighbours: neighbours, names: names)
        if case .failed(.noRoute)? = report?.answer,
            let interface = watcher?.lostInterface(question.destination.version)
        {
            return RouteReport(.failed(.interfaceDown(interface)))
        }
        return report
    }

    /// The kernel was asked what it does with packets of that tuple. The socket may say more than the tuple: that its
    /// packets carry a mark, or have to leave by one interface. Where the first packet left tells.
    private static func check(
        _ report: RouteReport, _ question: HostQuestion, _ asks: RuleMessage.Asks
    ) -> RouteReport {
        guard let choice = report.choice, let interface = question.interface else { return report }
        guard choice.interface != interface else { return report }
        let way = choice.interface ?? "nowhere"
        return RouteReport(
            .unknown(
                "it was seen on \(interface), and the kernel's tables lead to \(way): its socket is bound or marked, "
                    + "or the one interface is part of the other"))
    }
}
