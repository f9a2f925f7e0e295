import Model

/// A socket as the kernel's tables have it.
struct KernelSocket: Equatable {
    var transport: TransportProtocol
    /// The address is unspecified while the socket is bound to none.
    var local: Endpoint
    /// Unspecified, with port 0, of a socket that is not connected.
    var remote: Endpoint
    var state: SocketState
    /// Of whoever made it.
    var user: UInt32
    /// What /proc/PID/fd calls it; 0 when no process has it any more.
    var inode: UInt64
    /// Of a TCP listener.
    var queue: ServingListener.Queue?

    var listener: ServingListener { ServingListener(address: local.address, queue: queue) }

    /// How well it fits a tuple.
    enum Fit { case exact, open }

    /// `exact` when it is connected just so, `open` when it may send to anybody; `nil` when it has nothing to do with it.
    func fit(_ tuple: FlowTuple) -> Fit? {
        guard transport == tuple.transport, local.port == tuple.source.port,
            local.address == tuple.source.address || local.address.isUnspecified && transport != .tcp
        else { return nil }
        if remote == tuple.destination || isICMP && remote.address == tuple.destination.address { return .exact }
        return transport != .tcp && remote.address.isUnspecified ? .open : nil
    }

    private var isICMP: Bool { transport == .icmp || transport == .icmpv6 }

    /// No process has it yet. Whoever closes a socket ends it, so those that go on and are nobody's were not accepted.
    var isToBeAccepted: Bool {
        transport == .tcp && inode == 0 && [.synReceived, .established, .closeWait].contains(state)
    }

    /// The connection is over: the kernel alone keeps it, for late segments.
    var isTimeWait: Bool { transport == .tcp && state == .timeWait }
}

extension KernelSocket {
    init(_ message: SocketMessage, _ transport: TransportProtocol) {
        self.init(
            transport: transport, local: message.local, remote: message.peer, state: message.state,
            user: message.user, inode: UInt64(message.inode))
        if transport == .tcp, state == .listen {
            queue = ServingListener.Queue(waiting: message.receiveQueue, limit: message.sendQueue)
        }
    }
}

/// Which socket takes what another host sends.
enum ServerAnswer: Equatable {
    /// The connection's own, or the one that receives its datagrams.
    case taken(KernelSocket)
    /// The connection is there, and no process has accepted it yet.
    case waiting
    case listening(KernelSocket)
    case several(Int)
    /// Nobody takes it; this one has the port, at another address.
    case elsewhere(KernelSocket)
    case nobody
}

/// Which socket sends as a tuple.
enum SocketAnswer: Equatable {
    case none
    case one(KernelSocket)
    /// So many that are not connected may do so.
    case several(Int)

    init(_ sockets: [KernelSocket], _ tuple: FlowTuple) {
        if let found = sockets.first(where: { $0.fit(tuple) == .exact }) {
            self = .one(found)
            return
        }
        let open = sockets.filter { $0.fit(tuple) == .open }
        self = open.isEmpty ? .none : open.count == 1 ? .one(open[0]) : .several(open.count)
    }
}
