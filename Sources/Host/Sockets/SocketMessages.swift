import CLinux
import Glibc
import Model

/// One socket as sock_diag(7) tells of it (`struct inet_diag_msg`). In bytes:
///
///     0        1       2       3         4        56       60       64    68      72
///     | family | state | timer | retrans | sockid | rqueue | wqueue | uid | inode | attributes …
struct SocketMessage: Equatable {
    var state: SocketState
    /// Of an IPv6 socket that talks IPv4 the IPv4 addresses: those are on the wire.
    var local: Endpoint
    var peer: Endpoint
    /// The family of the socket itself: one of `v6` may serve IPv4 too, see ``isIPv6Only``.
    var family: IPAddress.Version
    /// The interface that it is bound to, 0 for none.
    var interface: UInt32
    /// Names the socket until it is gone.
    var cookie: UInt64
    /// Of a listener: connections that wait to be accepted; of others bytes that wait to be read.
    var receiveQueue: UInt32
    /// Of a listener: how many may wait; of others bytes that were not acknowledged or sent.
    var sendQueue: UInt32
    var user: UInt32
    /// In /proc/PID/fd the name of the socket; 0 when no process has it any more (TIME_WAIT).
    var inode: UInt32
    /// SO_MARK; told to CAP_NET_ADMIN alone.
    var mark: UInt32?
    /// Packets or connections that were dropped for want of room.
    var drops: UInt32?
    var isIPv6Only: Bool?

    /// `nil` when the fixed part is cut or of another family.
    init?(_ payload: KernelBytes) {
        guard let fixed = payload.load(inet_diag_msg.self),
            let version = IPAddress.Version(addressFamily: fixed.idiag_family),
            let source = payload.address(version, at: Self.addresses),
            let destination = payload.address(version, at: Self.addresses + 16)
        else { return nil }
        state = SocketState(rawValue: fixed.idiag_state)
        local = Endpoint(source.unmapped, UInt16(bigEndian: fixed.id.idiag_sport))
        peer = Endpoint(destination.unmapped, UInt16(bigEndian: fixed.id.idiag_dport))
        family = version
        interface = fixed.id.idiag_if
        cookie = UInt64(fixed.id.idiag_cookie.1) << 32 | UInt64(fixed.id.idiag_cookie.0)
        receiveQueue = fixed.idiag_rqueue
        sendQueue = fixed.idiag_wqueue
        user = fixed.idiag_uid
        inode = fixed.idiag_inode
        for (type, value) in NetlinkAttributes(payload.dropping(wb_nlmsg_align(MemoryLayout<inet_diag_msg>.size))) {
            switch type {
            case INET_DIAG_MARK: mark = value.load(UInt32.self)
            case INET_DIAG_SKMEMINFO: drops = value.load(UInt32.self, at: 4 * SK_MEMINFO_DROPS)
            case INET_DIAG_SKV6ONLY: isIPv6Only = value.load(UInt8.self).map { $0 != 0 }
            default: break  // congestion control, traffic class and more
            }
        }
    }

    /// Where the two addresses of `struct inet_diag_sockid` begin, 16 bytes each.
    private static let addresses = 8
}

/// States of sockets (`enum` in the C library's netinet/tcp.h); UDP knows `established` (connected) and `closed` alone.
struct SocketState: RawRepresentable, Hashable {
    let rawValue: UInt8

    init(rawValue: UInt8) { self.rawValue = rawValue }

    private init(_ number: Int) { rawValue = UInt8(truncatingIfNeeded: number) }

    static let established = SocketState(TCP_ESTABLISHED)
    static let synSent = SocketState(TCP_SYN_SENT)
    static let timeWait = SocketState(TCP_TIME_WAIT)
    static let closed = SocketState(TCP_CLOSE)
    static let listen = SocketState(TCP_LISTEN)
    static let synReceived = SocketState(TCP_SYN_RECV)
    static let closeWait = SocketState(TCP_CLOSE_WAIT)

    /// As sets of states are written (`idiag_states`).
    var bit: UInt32 { rawValue < 32 ? 1 << UInt32(rawValue) : 0 }
    static let all = UInt32.max
}

extension NetlinkRequest {
    /// All sockets of one transport and family that are in one of `states`, with drops and marks; of those only the
    /// ones with the local port `port`, where that is not 0.
    static func sockets(
        _ transport: TransportProtocol, _ version: IPAddress.Version, states: UInt32, port: UInt16 = 0,
        sequence: UInt32
    ) -> [UInt8] {
        var body = inet_diag_req_v2()
        body.sdiag_family = version.addressFamily
        body.sdiag_protocol = transport.rawValue
        // Extension n is asked for by bit n - 1.
        body.idiag_ext = 1 << UInt8(INET_DIAG_SKMEMINFO - 1)
        body.idiag_states = states
        body.id.idiag_sport = port.bigEndian
        return NetlinkRequest(type: Int(SOCK_DIAG_BY_FAMILY), flags: NLM_F_REQUEST | NLM_F_DUMP, body: body)
            .finish(sequence: sequence)
    }

    /// The one socket of a tuple, seen from its own side; of UDP the one that would receive from there.
    static func socket(_ tuple: FlowTuple, interface: UInt32 = 0, sequence: UInt32) -> [UInt8] {
        var body = inet_diag_req_v2()
        body.sdiag_family = tuple.source.address.version.addressFamily
        body.sdiag_protocol = tuple.transport.rawValue
        body.idiag_states = SocketState.all
        body.id.idiag_sport = tuple.source.port.bigEndian
        body.id.idiag_dport = tuple.destination.port.bigEndian
        body.id.idiag_src = tuple.source.address.words
        body.id.idiag_dst = tuple.destination.address.words
        body.id.idiag_if = interface
        // INET_DIAG_NOCOOKIE, whose macro Swift does not import: whichever socket it is.
        body.id.idiag_cookie = (UInt32.max, UInt32.max)
        return NetlinkRequest(type: Int(SOCK_DIAG_BY_FAMILY), flags: NLM_F_REQUEST, body: body)
            .finish(sequence: sequence)
    }
}

extension IPAddress.Version {
    init?(addressFamily: UInt8) {
        switch CInt(addressFamily) {
        case AF_INET: self = .v4
        case AF_INET6: self = .v6
        default: return nil
        }
    }

    /// AF_INET or AF_INET6.
    var addressFamily: UInt8 { UInt8(truncatingIfNeeded: self == .v4 ? AF_INET : AF_INET6) }
}

extension IPAddress {
    /// In network order, as kernel structures with room for either version have it.
    fileprivate var words: (UInt32, UInt32, UInt32, UInt32) {
        func word(_ bits: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: bits).bigEndian }
        return version == .v4 ? (word(low), 0, 0, 0) : (word(high >> 32), word(high), word(low >> 32), word(low))
    }
}
