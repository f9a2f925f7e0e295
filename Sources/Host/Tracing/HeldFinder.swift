import Model

/// Finds, in what threads do, the connects whose first packet the kernel held back until they were over: a pure value.
///
/// A neighbour whose hardware address is not known is asked for it, and what is sent to it waits meanwhile. The first
/// packet of a connect is sent by the thread that connects, right after the socket came to SYN-SENT.
///
///     SYN-SENT ──packet held──▶ held ──established───────▶ forgotten
///                                └──closed─────────────▶ ended
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
        case .routed, .lookupFailed, .noPort, .forked, .named, .executed, .exited: break
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
