import Glibc
import Model

/// Who connects, at that moment: the kernel's tracepoints.
final class TracingPart: HostPart {
    private var tracer: SocketTracer?
    private(set) var owners: OwnerFinder
    private let processes: ProcessTable
    private var unsent = UnsentFinder()
    private var held = HeldFinder()
    private let ownPID = getpid()
    private(set) var trouble: TracingError?
    private var retriedAt = Timestamp.distantPast

    /// tracefs may be mounted while this runs.
    private static let retryInterval = TimeSpan.seconds(10)

    init(_ processes: ProcessTable) {
        self.processes = processes
        owners = OwnerFinder(processes: processes)
        open(at: HostClock.now)
    }

    private func open(at now: Timestamp) {
        retriedAt = now
        do throws(TracingError) {
            let tracer = try SocketTracer()
            owners.followsStates = tracer.followsStates
            self.tracer = consume tracer
            processes.followsEvents = true
            trouble = nil
        } catch {
            trouble = error
        }
    }

    var source: HostSource {
        var source = HostSource(name: .tracepoints, trouble: trouble?.description)
        source.gaps = tracer?.lost ?? 0
        return source
    }

    func checks(_ surroundings: Surroundings) -> [Check] {
        let fix: String? =
            switch trouble {
            case .noTracepoints: surroundings.mountingTracefs
            case .notReadable, .refused: surroundings.grantingCapabilities
            case .unknownTracepoints, nil: nil
            }
        return [source.check("the kernel tells which thread connects or sends, and which program it runs", fix: fix)]
    }

    var descriptors: [CInt] { tracer?.descriptors ?? [] }
    var tables: [TableSummary] { [processes.summary, owners.summary, unsent.summary, held.summary] }

    func ask(_ questions: [HostQuestion]) {}

    var due: Timestamp? { tracer?.isHolding == true ? HostClock.now : unsent.due }

    /// Attempts that came to nothing, with who made them.
    func takeUnsent(at now: Timestamp) -> [UnsentAttempt] {
        unsent.take(at: now).map { attempt in
            var attempt = attempt
            attempt.process = processes.process(attempt.pid, at: attempt.time)
            return attempt
        }
    }

    /// Connects whose first packet waited for the next hop until they were over.
    func takeHeld() -> [HeldConnect] { held.takeEnded() }

    /// Some wait still: ``compareHeld(with:at:)`` is wanted now and then.
    var isHolding: Bool { held.isHolding }

    /// - Parameter connecting: the sockets that are in SYN-SENT.
    func compareHeld(with connecting: [FlowTuple], at now: Timestamp) { held.compare(with: connecting, at: now) }

    func turn(_ now: Timestamp) -> [Fact] {
        guard let (fresh, all) = tracer?.receive() else { return [] }
        // Who it was is told in order; what /proc shows of it may be gone by then.
        let seen = HostClock.now
        for event in fresh where event.body.deservesALook {
            let isNew = if case .executed = event.body { true } else { false }
            processes.peek(event.pid, at: seen, isNew: isNew)
        }
        // What this program asks the kernel looks for ways as well.
        let ordered = all.filter { $0.pid != ownPID || !$0.body.isLookup }
        for event in ordered { unsent.learn(event) }
        let facts = owners.learn(ordered)
        for event in ordered { held.learn(event) { processes.process($0, at: $1) } }
        return facts
    }

    func expire(at now: Timestamp) {
        processes.expire(at: now)
        owners.expire(at: now)
        if trouble != nil, now >= retriedAt + Self.retryInterval || now < retriedAt { open(at: now) }
        held.expire(at: now)
    }
}

extension KernelEvent.Body {
    fileprivate var isLookup: Bool {
        switch self {
        case .routed, .lookupFailed: true
        case .noPort, .connecting, .settled, .abandoned, .held, .forked, .named, .executed, .exited, .lost: false
        }
    }

    /// Somebody will ask for the process, or it began to run a program and may end at once.
    fileprivate var deservesALook: Bool {
        switch self {
        case .routed, .lookupFailed, .noPort, .connecting, .executed: true
        case .settled, .abandoned, .held, .forked, .named, .exited, .lost: false
        }
    }
}
