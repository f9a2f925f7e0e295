import Model

/// Who connects, at that moment: the kernel's tracepoints.
final class TracingPart: HostPart {
    private var tracer: SocketTracer?
    private(set) var owners: OwnerFinder
    private var trouble: String?

    init(_ settings: HostSettings) {
        owners = OwnerFinder(processes: ProcessTable(keepsArguments: settings.keepsArguments))
        do throws(TracingError) { tracer = try SocketTracer() } catch { trouble = error.description }
    }

    var source: HostSource {
        var source = HostSource(name: .tracepoints, trouble: trouble)
        source.gaps = tracer?.lost ?? 0
        return source
    }

    var descriptors: [CInt] { tracer?.descriptors ?? [] }
    var tables: [TableSummary] { [owners.processes.summary] }

    func ask(_ questions: [HostQuestion]) {}

    func turn(_ now: Timestamp) -> [Fact] { owners.learn(tracer?.receive() ?? []) }

    func expire(at now: Timestamp) { owners.expire(at: now) }
}
