import Model

/// Who connects, at that moment: the kernel's tracepoints.
final class TracingPart: HostPart {
    private var tracer: SocketTracer?
    private(set) var owners: OwnerFinder
    private let processes: ProcessTable
    private var trouble: String?

    init(_ processes: ProcessTable) {
        self.processes = processes
        owners = OwnerFinder(processes: processes)
        do throws(TracingError) {
            tracer = try SocketTracer()
            processes.followsEvents = true
        } catch {
            trouble = error.description
        }
    }

    var source: HostSource {
        var source = HostSource(name: .tracepoints, trouble: trouble)
        source.gaps = tracer?.lost ?? 0
        return source
    }

    var descriptors: [CInt] { tracer?.descriptors ?? [] }
    var tables: [TableSummary] { [processes.summary, owners.summary] }

    func ask(_ questions: [HostQuestion]) {}

    var due: Timestamp? { tracer?.isHolding == true ? HostClock.now : nil }

    func turn(_ now: Timestamp) -> [Fact] {
        guard let (fresh, ordered) = tracer?.receive() else { return [] }
        // Who it was is told in order; what /proc shows of it may be gone by then.
        for event in fresh where event.body.deservesALook { processes.peek(event.pid, at: now) }
        return owners.learn(ordered)
    }

    func expire(at now: Timestamp) {
        processes.expire(at: now)
        owners.expire(at: now)
    }
}

extension KernelEvent.Body {
    /// Somebody will ask for the process, or it began to run a program and may end at once.
    fileprivate var deservesALook: Bool {
        switch self {
        case .routed, .connecting, .executed: true
        case .settled, .forked, .named, .exited, .lost: false
        }
    }
}
