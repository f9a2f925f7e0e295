import CLinux
import Glibc

/// What a watcher needs of a netlink socket; tests replay recorded datagrams through it.
package protocol NetlinkSocket: ~Copyable {
    mutating func send(_ datagram: [UInt8]) throws(NetlinkError)

    /// Takes the next datagram, without waiting.
    mutating func receive() throws(NetlinkError) -> NetlinkReception
}

package enum NetlinkReception: Equatable, Sendable {
    case datagram([UInt8])
    /// Nothing is waiting.
    case nothing
    /// Messages were lost, for the reason given: the kernel had more to say than the socket's buffer holds.
    case lost(String)
}

/// Why the kernel could not be asked.
package enum NetlinkError: Error, Equatable, CustomStringConvertible {
    /// A call on the socket failed with this errno.
    case socket(call: String, errno: Int32)
    /// The kernel answered a request with this errno.
    case refused(request: String, errno: Int32)

    package var description: String {
        switch self {
        case .socket(let call, let number):
            "cannot ask the kernel: netlink \(call): \(Self.text(number))"
        case .refused(let request, let number):
            "the kernel refused to list its \(request): \(Self.text(number))"
        }
    }

    private static func text(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "errno \(number)" }
        return unsafe String(cString: text)
    }
}

/// A netlink socket, owned: it cannot be copied and closes exactly once.
package struct KernelNetlinkSocket: NetlinkSocket, ~Copyable {
    /// For poll(2); it stays this value's own.
    package let fileDescriptor: CInt
    private var buffer = [UInt8](repeating: 0, count: Self.datagramCapacity)

    /// The kernel sends at most 32 KiB at once (`max_recvmsg_len`, net/netlink/af_netlink.c).
    private static let datagramCapacity = 65_536
    /// What may wait to be read. An event takes about 1 KiB of it, so thousands of containers can start at once.
    private static let usualBuffer: CInt = 4 * 1024 * 1024

    /// Hears of links and addresses.
    package init() throws(NetlinkError) {
        try self.init(NETLINK_ROUTE, groups: UInt32(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
    }

    /// - Parameters:
    ///   - family: the subsystem that is talked to (NETLINK_ROUTE, NETLINK_SOCK_DIAG, …).
    ///   - groups: whose events are heard, group n as bit n - 1.
    ///   - bufferedBytes: that may wait to be read, by the kernel's account, before messages are lost.
    /// - Throws: ``NetlinkError`` when the kernel gives no such socket.
    init(_ family: CInt, groups: UInt32 = 0, bufferedBytes: CInt = usualBuffer) throws(NetlinkError) {
        fileDescriptor = socket(
            AF_NETLINK, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), family)
        guard fileDescriptor >= 0 else { throw .socket(call: "socket", errno: errno) }
        // SO_RCVBUFFORCE needs CAP_NET_ADMIN; without it the system's own limit has to do.
        for option in [SO_RCVBUFFORCE, SO_RCVBUF] {
            var size = bufferedBytes
            let result = unsafe setsockopt(
                fileDescriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<CInt>.size))
            if result == 0 { break }
        }
        var address = sockaddr_nl()
        address.nl_family = UInt16(AF_NETLINK)
        address.nl_groups = groups
        let length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let bound = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(fileDescriptor, $0, length) }
        }
        guard bound == 0 else {
            let number = errno
            close(fileDescriptor)
            throw .socket(call: "bind", errno: number)
        }
    }

    deinit { close(fileDescriptor) }

    package mutating func send(_ datagram: [UInt8]) throws(NetlinkError) {
        while true {
            let sent = unsafe datagram.withUnsafeBytes {
                unsafe Glibc.send(fileDescriptor, $0.baseAddress, $0.count, 0)
            }
            if sent >= 0 { return }
            guard errno == EINTR else { throw .socket(call: "send", errno: errno) }
        }
    }

    package mutating func receive() throws(NetlinkError) -> NetlinkReception {
        while true {
            var sender = sockaddr_nl()
            var senderLength = socklen_t(MemoryLayout<sockaddr_nl>.size)
            let descriptor = fileDescriptor
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe withUnsafeMutablePointer(to: &sender) {
                    unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        // MSG_TRUNC makes it return the datagram's own length, however much fits.
                        unsafe recvfrom(
                            descriptor, bytes.baseAddress, bytes.count, CInt(MSG_TRUNC), $0, &senderLength)
                    }
                }
            }
            if count < 0 {
                switch errno {
                case EINTR: continue
                case EAGAIN: return .nothing
                case ENOBUFS: return .lost("the netlink socket's buffer overflowed")
                default: throw .socket(call: "recvfrom", errno: errno)
                }
            }
            // The kernel's own port is 0; anyone else's word about interfaces counts for nothing.
            guard sender.nl_pid == 0 else { continue }
            guard count <= buffer.count else { return .lost("a netlink datagram of \(count) bytes was cut") }
            return .datagram(Array(buffer.prefix(count)))
        }
    }
}
