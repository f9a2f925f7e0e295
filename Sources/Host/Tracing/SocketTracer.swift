// Host's door for what threads do at this moment; HostWatcher makes facts of it.

import CLinux
import Glibc
import Model

/// Listens to the kernel's tracepoints: which thread connects or sends, and how processes come and go.
///
/// A look at the socket table finds no process that is gone already; the tracepoints fire in the very thread that
/// connects, before its first packet leaves. Nothing is written to tracefs; other users of tracing are not disturbed.
struct SocketTracer: ~Copyable {
    private let layouts: TracepointLayouts
    private let rings: [PerfRing]
    private let events: EventSet
    private(set) var lost: UInt64 = 0
    /// By CLOCK_MONOTONIC: not yet told, since another processor's ring may hold what came before.
    private var held: [KernelEvent] = []

    /// Events that write into another one's ring.
    private final class EventSet {
        var descriptors: [CInt] = []

        deinit { for descriptor in descriptors { close(descriptor) } }
    }

    private static let folders = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

    /// - Throws: ``TracingError``: without CAP_PERFMON, without tracefs.
    init() throws(TracingError) {
        let layouts = try Self.layouts()
        let events = EventSet()
        var rings: [PerfRing] = []
        for processor in Self.processors() {
            let opened = try Self.open(on: processor, layouts)
            rings.append(opened.ring)
            events.descriptors += opened.others
        }
        self.layouts = layouts
        self.events = events
        self.rings = rings
    }

    /// TCP sockets that come to SYN-SENT are told.
    var followsStates: Bool { layouts.stateChange != nil }

    /// For poll(2); they stay this value's own.
    var descriptors: [CInt] { rings.map(\.descriptor) }

    /// Rings are read one after the other, and a record is written a moment after its time.
    private static let margin = TimeSpan(nanoseconds: 200_000)

    /// Something waits for the other rings: ``receive()`` is to be called again in a millisecond.
    var isHolding: Bool { !held.isEmpty }

    /// What happened since the last call.
    ///
    /// - Returns: all of it, unordered, for whoever must be quick; and what is complete by now, in the order of time.
    mutating func receive() -> (fresh: [KernelEvent], ordered: [KernelEvent]) {
        let until = HostClock.monotonic - Self.margin
        var fresh: [KernelEvent] = []
        for ring in rings {
            var records = PerfRecords(ring.read(), layouts)
            while let event = records.next() {
                if case .lost(let count) = event.body { lost &+= count }
                fresh.append(event)
            }
        }
        let offset = HostClock.monotonicOffset
        held += fresh
        held.sort { $0.time < $1.time }
        let end = held.firstIndex { $0.time > until } ?? held.endIndex
        var ordered = Array(held[..<end])
        held.removeFirst(end)
        for index in ordered.indices { ordered[index].time = ordered[index].time + offset }
        return (fresh, ordered)
    }

    private static func layouts() throws(TracingError) -> TracepointLayouts {
        let events = try eventFolder()
        func format(_ name: String) -> TracepointFormat? {
            ProcFile.text(of: "\(events)/\(name)/format").flatMap { TracepointFormat($0) }
        }
        var layouts = TracepointLayouts()
        layouts.routeLookup = format("fib/fib_table_lookup").flatMap { TracepointLayouts.RouteLookup($0, .v4) }
        layouts.routeLookup6 = format("fib6/fib6_table_lookup").flatMap { TracepointLayouts.RouteLookup($0, .v6) }
        layouts.stateChange = format("sock/inet_sock_set_state").flatMap { TracepointLayouts.StateChange($0) }
        layouts.neighbourSend = format("neigh/neigh_event_send_done").flatMap { TracepointLayouts.NeighbourSend($0) }
        layouts.exec = format("sched/sched_process_exec").flatMap { TracepointLayouts.Exec($0) }
        guard layouts.routeLookup != nil || layouts.stateChange != nil else { throw .unknownTracepoints }
        return layouts
    }

    /// Where the tracepoints are described. It is opened to find out: access(2) would ask what the real user may do
    /// without the capabilities that this process has.
    private static func eventFolder() throws(TracingError) -> String {
        var codes: [CInt] = []
        for folder in folders {
            let descriptor = unsafe Glibc.open("\(folder)/events", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            if descriptor >= 0 {
                close(descriptor)
                return "\(folder)/events"
            }
            codes.append(errno)
        }
        // The second is for root alone wherever it is, so only the first one's word counts.
        throw codes.first == EACCES ? .notReadable : .noTracepoints
    }

    /// `0-3,6`: those that are online (Documentation/admin-guide/cputopology.rst).
    private static func processors() -> [Int] {
        let text = ProcFile.text(of: "/sys/devices/system/cpu/online") ?? "0"
        var numbers: [Int] = []
        for part in text.split(whereSeparator: { $0 == "," || $0 == "\n" }) {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 8192 else { continue }
            numbers += first...last
        }
        return numbers
    }

    /// The first event of a processor has the ring, the others write into it.
    private static func open(
        on processor: Int, _ layouts: TracepointLayouts
    ) throws(TracingError) -> (ring: PerfRing, others: [CInt]) {
        let number = CInt(clamping: processor)
        var wanted: [(identifier: UInt64, filter: String?)] = []
        if let layout = layouts.routeLookup { wanted.append((layout.identifier, layout.filter)) }
        if let layout = layouts.routeLookup6 {
            wanted.append((layout.identifier, layout.filter))
        }
        if let layout = layouts.stateChange { wanted.append((layout.identifier, TracepointLayouts.StateChange.filter)) }
        if let layout = layouts.neighbourSend {
            wanted.append((layout.identifier, TracepointLayouts.NeighbourSend.filter))
        }
        if let layout = layouts.exec { wanted.append((layout.identifier, nil)) }
        var opened: [CInt] = []
        do throws(TracingError) {
            for (identifier, filter) in wanted {
                let event = wb_open_tracepoint(identifier, number)
                guard event >= 0 else { throw .refused(what: "its tracepoints", errno: errno) }
                opened.append(event)
                if let filter, unsafe wb_perf_filter(event, filter) != 0 {
                    throw .refused(what: "a filter for its tracepoints", errno: errno)
                }
            }
            let tasks = wb_open_task_events(number)
            guard tasks >= 0 else { throw .refused(what: "the coming and going of processes", errno: errno) }
            opened.append(tasks)
        } catch {
            for event in opened { close(event) }
            throw error
        }
        let first = opened.removeFirst()
        do throws(TracingError) {
            let ring = try PerfRing(descriptor: first)
            for event in opened where wb_perf_redirect(event, first) != 0 {
                throw .refused(what: "one place for its records", errno: errno)
            }
            for event in [first] + opened where wb_perf_enable(event) != 0 {
                throw .refused(what: "to enable its tracepoints", errno: errno)
            }
            return (ring, opened)
        } catch {
            for event in opened { close(event) }
            throw error
        }
    }
}
