import Model

/// Finds, in what threads do, the connects whose first packet the kernel held back until they were over: a pure value.
///
/// A neighbour whose hardware address is not known is asked for it, and what is sent to it waits meanwhile. The first
/// packet of a connect is sent by the thread that connects, right after the socket came to SYN-SENT.
///
///     SYN-SENT ──packet held──▶ held ──established──────────────▶ forgotten
///                                └──closed, or in no table───▶ ended
///
/// What comes of it the kernel tells in whatever thread is running, and not every kernel tells of what happens while a
/// processor is idle: so those that are held are compared with the kernel's sockets now and then.
///
/// That nothing left is not certain by then: the neighbour may have answered, and the server have refused.
struct HeldFinder {
    /// The connect that each thread is in, or was in a moment ago.
    private var connecting: [Int32: HeldConnect] = [:]
    /// By the socket's address in the kernel.
    private var held: [UInt64: HeldConnect] = [:]
    private var ended: [HeldConnect] = []
    private var forgotten: UInt64 = 0
    private var peak = 0

    /// Connects that are held back at once; more are not followed, and counted.
    static let capacity = 1024
    private static let threadCapacity = 4096
    /// From SYN-SENT to the first packet; a thread may have to wait for its processor in between.
    private static let promptly = TimeSpan.milliseconds(100)
    /// SYNs are repeated for about two minutes.
    private static let patience = TimeSpan.seconds(150)

    /// - Parameters:
    ///   - event: in the order of time.
    ///   - process: who a process was at a time; asked for those that are held, since they may end with their connect.
    mutating func learn(_ event: KernelEvent, process: (_ pid: Int32, _ time: Timestamp) -> Process?) {
        switch event.body {
        case .connecting(let socket, let tuple):
            // The address of a socket that is gone is used again.
            held[socket] = nil
            if connecting.count >= Self.threadCapacity { connecting.removeAll(keepingCapacity: true) }
            connecting[event.thread] = HeldConnect(time: event.time, pid: event.pid, socket: socket, tuple: tuple)
        case .routed(let tuple):
            guard let connect = connecting[event.thread], connect.tuple.isSame(as: tuple) else { return }
            connecting[event.thread]?.tuple = tuple
        case .held(let nextHop, let interface):
            guard var connect = connecting.removeValue(forKey: event.thread),
                event.time - connect.time < Self.promptly
            else { return }
            guard held.count < Self.capacity else {
                forgotten &+= 1
                return
            }
            connect.nextHop = nextHop
            connect.interface = interface
            connect.process = process(connect.pid, connect.time)
            held[connect.socket] = connect
            peak = max(peak, held.count)
        case .settled(let socket, _): held[socket] = nil
        case .abandoned(let socket, let tuple):
            guard var connect = held.removeValue(forKey: socket), connect.tuple.destination == tuple.destination,
                ended.count < Self.capacity
            else { return }
            connect.tuple = tuple
            connect.ended = event.time
            ended.append(connect)
        // What ends one of them may be lost, and its address another socket's by now.
        case .lost:
            connecting.removeAll(keepingCapacity: true)
            held.removeAll()
        case .lookupFailed, .noPort, .forked, .named, .executed, .exited: break
        }
    }

    /// Whether something waits for its end.
    var isHolding: Bool { !held.isEmpty }

    /// Ends what is held and whose socket connects no more, in case its end was not told.
    ///
    /// - Parameter connecting: the sockets that are in SYN-SENT now, by their tuples. One whose port is not known here is
    ///   over when none of them may be its own.
    mutating func compare(with connecting: [FlowTuple], at now: Timestamp) {
        let known = Set(held.values.map(\.tuple))
        let unclaimed = Dictionary(grouping: connecting.filter { !known.contains($0) }, by: \.destination)
        let nameless = Dictionary(
            grouping: held.filter { $0.value.tuple.source.port == 0 }, by: \.value.tuple.destination)
        let present = Set(connecting)
        for (socket, var connect) in held.sorted(by: { ($0.value.time, $0.key) < ($1.value.time, $1.key) }) {
            if connect.tuple.source.port != 0 {
                guard !present.contains(connect.tuple) else { continue }
            } else if let candidates = unclaimed[connect.tuple.destination] {
                if candidates.count == 1, nameless[connect.tuple.destination]?.count == 1 {
                    held[socket]?.tuple = candidates[0]
                }
                continue
            }
            held[socket] = nil
            connect.ended = now
            if ended.count < Self.capacity { ended.append(connect) }
        }
    }

    /// Those that are over, in the order in which they ended.
    mutating func takeEnded() -> [HeldConnect] {
        defer { ended.removeAll() }
        return ended
    }

    mutating func expire(at now: Timestamp) {
        connecting = connecting.filter { now - $0.value.time < Self.promptly }
        held = held.filter { now - $0.value.time < Self.patience }
    }

    var summary: TableSummary {
        TableSummary(
            name: "held_connects", count: held.count, peak: peak, capacity: Self.capacity, evictions: forgotten)
    }
}

extension FlowTuple {
    /// Whether `other` is the same connect, its source chosen by now.
    fileprivate func isSame(as other: FlowTuple) -> Bool {
        transport == other.transport && destination == other.destination && other.source.port != 0
            && (source.port == 0 || source.port == other.source.port)
    }
}

/// A connect whose first packet waited for the next hop's hardware address.
struct HeldConnect: Equatable {
    var time: Timestamp
    var pid: Int32
    var socket: UInt64
    /// The source may not have been chosen while it waits.
    var tuple: FlowTuple
    var nextHop = IPAddress.anyIPv4
    var interface = ""
    var process: Process?
    var ended: Timestamp?
}
