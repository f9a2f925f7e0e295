// Host's door for the running host: what its kernel says of sockets, processes, routes and translations, as facts.

import Confine
import Glibc
package import Model
import Synchronization

/// Follows the kernel on a thread of its own, so that looking things up never keeps frames waiting.
///
///     let watcher = try HostWatcher(settings)
///     watcher.ask(correlator.takeQuestions())
///     for fact in watcher.takeFacts() { correlator.learn(fact) }
package final class HostWatcher: Sendable {
    private let state = Mutex(State())
    private let wake: EventSignal
    private let courier: Courier
    let survey: SharedAnswer<PortSnapshot>

    private struct State {
        var facts: [Fact] = []
        var questions: [HostQuestion] = []
        var inspections: [@Sendable (borrowing HostParts) -> Void] = []
        var dropped: UInt64 = 0
        var sources: [HostSource] = []
        var tables: [TableSummary] = []
        var mustStop = false
        var hasEnded = false
    }

    /// Facts that wait for their taker; more are dropped and counted. A turn of the engine takes them all.
    private static let factCapacity = 1 << 17
    private static let questionCapacity = 1 << 14

    /// Opens what can be opened, and starts the thread.
    ///
    /// - Parameter courier: by which answers go to those who asked.
    /// - Throws: ``NetlinkError`` when the process has no descriptor or no thread left. A source that is missing is no error:
    ///   ``sources`` says so.
    package init(_ settings: HostSettings = HostSettings(), through courier: Courier) throws(NetlinkError) {
        self.courier = courier
        wake = try EventSignal()
        survey = try SharedAnswer("port-survey", keeping: PortSurvey.capabilities, through: courier) {
            PortSurvey.survey()
        }
        let thread = WatchThread(settings)
        let sources = thread.parts.all.map(\.source)
        state.withLock { $0.sources = sources }
        let isStarted = OwnThread.start(
            "kernel", keeping: WatchThread.capabilities, forPrograms: RulesetPart.capabilities
        ) {
            thread.run(for: self)
        }
        guard isStarted else {
            survey.stop()
            throw .socket(call: "pthread_create", errno: EAGAIN)
        }
    }

    /// Asks the kernel about requests that have begun; what it says comes as facts.
    package func ask(_ questions: [HostQuestion]) {
        state.withLock { state in
            let room = max(0, Self.questionCapacity - state.questions.count)
            state.questions += questions.prefix(room)
            state.dropped &+= UInt64(max(0, questions.count - room))
        }
        wake.give()
    }

    /// Does from now on as `settings` say.
    package func adopt(_ settings: HostSettings) {
        state.withLock { state in
            state.inspections.append { $0.processes.keepsArguments = settings.keepsArguments }
        }
        wake.give()
    }

    /// What was learnt since the last call, each source's in the order of time.
    package func takeFacts() -> [Fact] {
        state.withLock { state in
            defer { state.facts.removeAll(keepingCapacity: false) }
            return state.facts
        }
    }

    /// What is listened to, and what is not, and why.
    package var sources: [HostSource] { state.withLock { $0.sources } }
    package var tables: [TableSummary] { state.withLock { $0.tables } }
    /// Facts and questions that nobody took in time.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func stop() {
        state.withLock { $0.mustStop = true }
        wake.give()
        survey.stop()
    }

    /// Lets `read` look at what the sources have, on their thread. `nil` after the end.
    func inspect<Answer: Sendable>(
        _ read: @escaping @Sendable (borrowing HostParts) -> Answer
    ) async -> Answer? {
        await withCheckedContinuation { continuation in
            let isLate = state.withLock { state in
                guard !state.hasEnded else { return true }
                state.inspections.append { [courier] parts in
                    let answer = read(parts)
                    courier.carry { continuation.resume(returning: answer) }
                }
                return false
            }
            if isLate { continuation.resume(returning: nil) } else { wake.give() }
        }
    }

    /// What the routing tables say now, and the way to `address`. `nil` after the end.
    package func routes(to address: IPAddress?) async -> RouteSnapshot? {
        await inspect { $0.routes.snapshot(to: address) }
    }

    /// What the packet filter says of a port. `nil` after the end.
    package func filter(ofPort port: UInt16) async -> PortFilter? { await inspect { $0.rules.filter(ofPort: port) } }

    /// What the neighbour tables say now. `nil` after the end.
    package func neighbours() async -> NeighbourSnapshot? { await inspect { $0.routes.neighbours() } }

    /// What answers depend on, and whether it is there; empty after the end.
    package func checks() async -> [Check] {
        await inspect { parts in
            let surroundings = Surroundings(folder: parts.sockets.folder, parts.capabilities)
            return surroundings.capabilityChecks + [
                PrivilegeChecks.check(PrivilegeChecks.threads), HostChecks.kernel(HostChecks.release),
                HostChecks.offloads(HostChecks.offloads),
            ]
                + parts.all.flatMap { $0.checks(surroundings) }
        } ?? []
    }

    // MARK: - The thread

    /// What the thread takes with it; nobody else has it once that runs.
    private final class WatchThread: @unchecked Sendable {
        let parts: HostParts
        private var nextExpiry = Timestamp.distantPast
        private var maySetUpTracing = true

        /// Netlink and nft, /proc of others, tracepoints until they are set up.
        static let capabilities: Capabilities = [.netAdmin, .ptrace, .readSearch, .perfmon]

        init(_ settings: HostSettings) { parts = HostParts(settings) }

        func run(for watcher: HostWatcher) {
            while true {
                if maySetUpTracing, parts.tracing.trouble == nil {
                    maySetUpTracing = false
                    Capabilities.keep(
                        Self.capabilities.subtracting(.perfmon), forPrograms: RulesetPart.capabilities)
                }
                wait(watcher.wake)
                let (questions, inspections, mustStop) = watcher.state.withLock { state in
                    defer {
                        state.questions.removeAll(keepingCapacity: true)
                        state.inspections.removeAll()
                        state.hasEnded = state.mustStop
                    }
                    return (state.questions, state.inspections, state.mustStop)
                }
                for inspection in inspections { inspection(parts) }
                if mustStop { return }
                turn(questions, watcher)
            }
        }

        private func wait(_ wake: EventSignal) {
            var set = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
            for part in parts.all {
                for descriptor in part.descriptors {
                    set.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
                }
            }
            let timeout = self.timeout
            _ = unsafe set.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, nfds_t($0.count), timeout) }
            wake.take()
        }

        /// Milliseconds until a part wants its turn, a second at most.
        private var timeout: CInt {
            guard let due = parts.all.compactMap(\.due).min() else { return 1000 }
            return CInt(max(0, min(1000, (due - HostClock.now).nanoseconds / 1_000_000 + 1)))
        }

        private func turn(_ questions: [HostQuestion], _ watcher: HostWatcher) {
            let now = HostClock.now
            var facts: [Fact] = []
            for part in parts.all {
                if !questions.isEmpty { part.ask(questions) }
                facts += part.turn(now)
            }
            if now >= nextExpiry || now < nextExpiry - .seconds(10) {
                nextExpiry = now + .seconds(1)
                for part in parts.all { part.expire(at: now) }
                let (tables, sources) = (parts.all.flatMap(\.tables), parts.all.map(\.source))
                watcher.state.withLock { state in
                    state.tables = tables
                    state.sources = sources
                }
            }
            guard !facts.isEmpty else { return }
            watcher.state.withLock { state in
                let room = max(0, HostWatcher.factCapacity - state.facts.count)
                state.facts += facts.prefix(room)
                state.dropped &+= UInt64(max(0, facts.count - room))
            }
        }
    }
}

/// The sources, in the order in which they have their turns: owners before what is asked of their sockets, rules before
/// the translations that they ask for.
struct HostParts: ~Copyable {
    let processes: ProcessTable
    let tracing: TracingPart
    let sockets: SocketPart
    let rules = RulesetPart()
    let conntrack: ConntrackPart
    let routes: RoutePart
    /// What this process had when it began: threads give up what they do not need.
    let capabilities = Capabilities.current

    init(_ settings: HostSettings) {
        let processes = ProcessTable(keepsArguments: settings.keepsArguments)
        self.processes = processes
        let tracing = TracingPart(processes)
        self.tracing = tracing
        sockets = SocketPart(processes, tracing)
        conntrack = ConntrackPart(rules)
        let (told, sockets) = (tracing, sockets)
        routes = RoutePart(
            tracing, user: { told.owners.user(of: $0, at: $1) ?? sockets.user(of: $0) },
            connecting: { sockets.connecting() })
    }

    var all: [any HostPart] { [tracing, sockets, rules, conntrack, routes] }
}
