import Model

/// From what threads do to whose socket a tuple is.
///
///     routed, its port known (TCP: while it connects) ─────▶ owner
///     connecting, its port not known yet ──settled─────────▶ owner
struct OwnerFinder {
    private let processes: ProcessTable
    /// Sockets that connect, by their address in the kernel.
    private var connecting: [UInt64: Connecting] = [:]
    /// To where each thread connects, and since when.
    private var connects: [Int32: (peer: Endpoint, time: Timestamp)] = [:]
    /// Whether states of TCP sockets are told: then who looks for a way and does not connect, as `ip route get` with a
    /// tuple does, is nobody's owner.
    var followsStates = false
    private var told = ToldOwners()
    private(set) var echoes = EchoSenders()
    private var forgotten: UInt64 = 0
    private var peak = 0

    /// From SYN-SENT to the lookup that has the port; where few ports are free it takes a while to find one.
    private static let connectPatience = TimeSpan.seconds(1)

    /// Connects under way at once; each is over after two minutes at most.
    private static let capacity = 16_384

    private struct Connecting {
        var time: Timestamp
        var pid: Int32
        var tuple: FlowTuple
    }

    init(processes: ProcessTable) { self.processes = processes }

    var summary: TableSummary {
        TableSummary(
            name: "connecting_sockets", count: connecting.count, peak: peak, capacity: Self.capacity,
            evictions: forgotten)
    }

    /// Whether the owner was told of the request on `tuple` whose first packet was seen at `first`.
    func hasTold(_ tuple: FlowTuple, since first: Timestamp, isInbound: Bool = false) -> Bool {
        isInbound ? told.hasInbound(tuple, since: first) : told.has(tuple, since: first)
    }

    /// Who made the socket of `tuple`, as far as a tracepoint told a moment before `time`.
    func user(of tuple: FlowTuple, at time: Timestamp) -> UInt32? { told.user(of: tuple, at: time) }

    /// - Parameter events: in the order of time.
    mutating func learn(_ events: [KernelEvent]) -> [Fact] {
        // What processes did next matters for what is read of them now.
        for event in events { processes.apply(event) }
        var facts: [Fact] = []
        for event in events {
            switch event.body {
            case .routed(let tuple) where tuple.transport == .icmp || tuple.transport == .icmpv6:
                guard let process = processes.process(event.pid, at: event.time) else { break }
                echoes.note(tuple, process, at: event.time)
            case .routed(let tuple) where Self.isOfTunnels(tuple): break
            case .routed(let tuple): if connects(event, tuple) { note(tuple, event.pid, event.time, &facts) }
            case .connecting(let socket, let tuple):
                if connects.count >= Self.capacity { connects.removeAll(keepingCapacity: true) }
                connects[event.thread] = (tuple.destination, event.time)
                if tuple.source.port != 0 {
                    note(tuple, event.pid, event.time, &facts)
                } else {
                    // Looked up now: when its port is known it may be gone.
                    _ = processes.process(event.pid, at: event.time)
                    keep(socket, Connecting(time: event.time, pid: event.pid, tuple: tuple))
                }
            case .settled(let socket, let tuple), .abandoned(let socket, let tuple):
                // The address of a socket that is gone is used again: the peer must be the same as well.
                if let known = connecting.removeValue(forKey: socket), known.tuple.destination == tuple.destination {
                    note(tuple, known.pid, known.time, &facts)
                }
            case .lost:
                // A record that settles one of these may be among them, and its address another socket's by now.
                connecting.removeAll(keepingCapacity: true)
            case .lookupFailed, .noPort, .held, .forked, .named, .executed, .exited: break
            }
        }
        return facts
    }

    /// What a tunnel carries, the kernel sends through a socket of its own, in the thread whose packet is inside: nobody
    /// is told by that. A program's own socket to such a port is found in the kernel's tables.
    static func isOfTunnels(_ tuple: FlowTuple) -> Bool {
        tuple.transport == .udp && tunnelPorts.contains(tuple.destination.port)
    }

    /// GTP-U (3GPP TS 29.281 §4.4.2), VXLAN (RFC 7348 §5), Geneve (RFC 8926 §3.3), and Linux's own port for VXLAN
    /// (drivers/net/vxlan/vxlan_core.c, `vxlan_port`).
    private static let tunnelPorts: Set<UInt16> = [2152, 4789, 6081, 8472]

    /// Whether the thread that looks for a way does so for a socket that sends.
    private func connects(_ event: KernelEvent, _ tuple: FlowTuple) -> Bool {
        guard followsStates, tuple.transport == .tcp else { return true }
        guard let connect = connects[event.thread] else { return false }
        return connect.peer == tuple.destination && event.time - connect.time < Self.connectPatience
    }

    private mutating func note(_ tuple: FlowTuple, _ pid: Int32, _ time: Timestamp, _ facts: inout [Fact]) {
        // A connect asks for its way several times; one fact is enough.
        if case .socketOwner(tuple, let owner)? = facts.last?.body, owner.process?.pid == pid { return }
        guard let process = processes.process(pid, at: time) else { return }
        told.note(tuple, user: process.networkNamespace == .own ? process.user?.identifier : nil, at: time)
        facts.append(Fact(time: time, body: .socketOwner(tuple, SocketOwner(process, .traced))))
    }

    private mutating func keep(_ socket: UInt64, _ entry: Connecting) {
        if connecting.count >= Self.capacity, connecting[socket] == nil {
            forgotten &+= 1
            return
        }
        connecting[socket] = entry
        peak = max(peak, connecting.count)
    }

    /// Forgets what is long over.
    mutating func expire(at time: Timestamp) {
        told.expire(at: time)
        connects = connects.filter { time - $0.value.time < Self.connectPatience }
        let limit = time - .seconds(150)
        connecting = connecting.filter { $0.value.time > limit }
    }
}
