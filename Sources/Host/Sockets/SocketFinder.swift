import CLinux
import Glibc
import Model

/// Asks the kernel for the socket that a tuple belongs to (sock_diag(7)), in this program's network namespace.
///
/// The kernel answers within send(2) and recv(2), so nobody waits.
struct SocketFinder<Socket: NetlinkSocket & ~Copyable>: ~Copyable {
    private var socket: Socket
    private var sequence: UInt32 = 0
    /// Answers that could not be taken whole.
    private(set) var gaps: UInt64 = 0

    /// One answer has no more parts than this; a dump of a million sockets has fewer.
    private static var partLimit: Int { 16_384 }

    init(socket: consuming Socket) { self.socket = socket }

    /// - Throws: ``NetlinkError`` when the socket fails; make a new finder then.
    mutating func find(_ tuple: FlowTuple) throws(NetlinkError) -> SocketAnswer {
        var exact: [KernelSocket] = []
        // udp_diag looks for the socket that would receive from `src` (net/ipv4/udp_diag.c, udp_diag_dump_one).
        let seen = tuple.transport == .udp ? tuple.reversed : tuple
        try ask(NetlinkRequest.socket(seen, sequence: next())) { exact.append(KernelSocket($0, tuple.transport)) }
        if let found = exact.first(where: { $0.fit(tuple) == .exact }) { return .one(found) }
        // Of those that are not connected the kernel gave one; more may have the port. A socket that is bound to an
        // interface, as with link-local addresses, is found by that alone.
        guard tuple.transport == .udp || tuple.source.address.isLinkLocal else { return .none }
        var all: [KernelSocket] = []
        for family in tuple.source.address.version == .v4 ? [IPAddress.Version.v4, .v6] : [.v6] {
            let request = NetlinkRequest.sockets(
                tuple.transport, family, states: SocketState.all, port: tuple.source.port, sequence: next())
            try ask(request) {
                let found = KernelSocket($0, tuple.transport)
                if found.fit(tuple) != nil, all.count < 64 { all.append(found) }
            }
        }
        return SocketAnswer(all, tuple)
    }

    /// Who takes what comes with `tuple` from another host: the kernel is asked as it asks itself for a packet.
    ///
    /// - Throws: ``NetlinkError`` when the socket fails; make a new finder then.
    mutating func server(of tuple: FlowTuple) throws(NetlinkError) -> ServerAnswer {
        let own = tuple.reversed
        var found: KernelSocket?
        let seen = tuple.transport == .udp ? tuple : own
        try ask(NetlinkRequest.socket(seen, sequence: next())) { found = found ?? KernelSocket($0, tuple.transport) }
        if let found, found.local.port == own.source.port {
            if found.state == .listen { return .listening(found) }
            if found.fit(own) != nil, found.inode != 0 { return .taken(found) }
            if found.fit(own) != nil, found.isToBeAccepted { return .waiting }
        }
        // Over already; or the socket is bound to an interface, and found by that alone.
        let states = tuple.transport == .udp ? SocketState.all : SocketState.listen.bit
        var all: [KernelSocket] = []
        var elsewhere: KernelSocket?
        for family in own.source.address.version == .v4 ? [IPAddress.Version.v4, .v6] : [.v6] {
            let request = NetlinkRequest.sockets(
                tuple.transport, family, states: states, port: own.source.port, sequence: next())
            try ask(request) { message in
                guard family == own.source.address.version || message.isIPv6Only != true else { return }
                let socket = KernelSocket(message, tuple.transport)
                let isAddressed = socket.local.address == own.source.address || socket.local.address.isUnspecified
                guard socket.local.port == own.source.port, all.count < 64 else { return }
                guard isAddressed else {
                    if tuple.transport == .udp ? socket.remote.address.isUnspecified : socket.state == .listen {
                        // One that others can reach tells more.
                        if elsewhere?.local.address.isLoopback != false { elsewhere = socket }
                    }
                    return
                }
                if tuple.transport == .udp ? socket.fit(own) != nil : socket.state == .listen { all.append(socket) }
            }
        }
        let bound = all.filter { !$0.local.address.isUnspecified }
        let fitting = bound.isEmpty ? all : bound
        guard let first = fitting.first else { return elsewhere.map { .elsewhere($0) } ?? .nobody }
        guard fitting.count == 1 else { return .several(fitting.count) }
        return tuple.transport == .udp ? .taken(first) : .listening(first)
    }

    /// Every socket of `transport` that there is.
    mutating func all(_ transport: TransportProtocol, _ body: (KernelSocket) -> Void) throws(NetlinkError) {
        for family in [IPAddress.Version.v4, .v6] {
            let request = NetlinkRequest.sockets(transport, family, states: SocketState.all, sequence: next())
            try ask(request) { body(KernelSocket($0, transport)) }
        }
    }

    /// Every socket of `transport` in one of `states`, as the kernel tells of it.
    mutating func messages(
        _ transport: TransportProtocol, states: UInt32, _ body: (SocketMessage) -> Void
    ) throws(NetlinkError) {
        for family in [IPAddress.Version.v4, .v6] {
            try ask(NetlinkRequest.sockets(transport, family, states: states, sequence: next()), body)
        }
    }

    private mutating func next() -> UInt32 {
        sequence = sequence == .max ? 1 : sequence + 1
        return sequence
    }

    private mutating func ask(
        _ request: [UInt8], _ body: (SocketMessage) -> Void
    ) throws(NetlinkError) {
        let number = sequence
        try socket.send(request)
        for _ in 0..<Self.partLimit {
            switch try socket.receive() {
            case .nothing: return
            case .lost: gaps &+= 1
            case .datagram(let bytes):
                var messages = NetlinkMessages(bytes)
                while let message = messages.next() {
                    guard message.sequence == number else { continue }
                    switch Int(message.type) {
                    case Int(NLMSG_DONE), Int(NLMSG_ERROR): return
                    case Int(SOCK_DIAG_BY_FAMILY):
                        if let found = SocketMessage(message.payload) { body(found) }
                        // The answer to a question about one socket is one message.
                        if message.flags & UInt16(NLM_F_MULTI) == 0 { return }
                    default: break
                    }
                }
                if messages.isMalformed { gaps &+= 1 }
            }
        }
    }
}

extension SocketFinder where Socket == KernelNetlinkSocket {
    /// - Throws: ``NetlinkError`` when the kernel gives no such socket.
    init() throws(NetlinkError) { self.init(socket: try KernelNetlinkSocket(NETLINK_SOCK_DIAG)) }
}
