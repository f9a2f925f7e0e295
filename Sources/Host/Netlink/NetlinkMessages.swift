import CLinux

/// The messages of one netlink datagram (RFC 3549 §2.3.2), in order. In bytes:
///
///     0        4      6       8          12        16
///     | length | type | flags | sequence | port ID | payload, padded to 4 …
///
/// It ends at the first header that is cut or whose length is a lie; ``isMalformed`` then says so, and what
/// came before it counts.
struct NetlinkMessages: Sequence, IteratorProtocol {
    private var rest: KernelBytes
    private(set) var isMalformed = false

    init(_ datagram: [UInt8]) { rest = KernelBytes(datagram) }

    mutating func next() -> NetlinkMessage? {
        guard rest.count > 0, !isMalformed else { return nil }
        let size = MemoryLayout<nlmsghdr>.size
        guard let header = rest.load(nlmsghdr.self), let length = Int(exactly: header.nlmsg_len), length >= size,
            let payload = rest.part(at: size, length: length - size)
        else {
            isMalformed = true
            return nil
        }
        rest = rest.dropping(wb_nlmsg_align(length))
        return NetlinkMessage(
            type: header.nlmsg_type, flags: header.nlmsg_flags, sequence: header.nlmsg_seq, payload: payload)
    }
}

/// One netlink message, its payload still bytes.
struct NetlinkMessage: Equatable {
    var type: UInt16
    var flags: UInt16
    var sequence: UInt32
    var payload: KernelBytes
}

/// The attributes behind a message's fixed part (rtnetlink(7), `struct rtattr`), in order. In bytes:
///
///     0        2      4
///     | length | type | value, padded to 4 …
///
/// It ends at the first attribute that is cut or whose length is a lie.
struct NetlinkAttributes: Sequence, IteratorProtocol {
    private var rest: KernelBytes

    init(_ bytes: KernelBytes) { rest = bytes }

    /// - Returns: the type without its flag bits, as the anonymous enums of the headers number it, and the value.
    mutating func next() -> (type: Int, value: KernelBytes)? {
        let size = MemoryLayout<rtattr>.size
        guard let header = rest.load(rtattr.self) else { return nil }
        let length = Int(header.rta_len)
        guard length >= size, let value = rest.part(at: size, length: length - size) else { return nil }
        rest = rest.dropping(wb_nlmsg_align(length))
        return (Int(wb_nla_type(header.rta_type)), value)
    }
}
