import CLinux
import Model

/// Builds one netlink request: lengths and padding are its business, field values the caller's.
///
///     var request = NetlinkRequest(type: RTM_GETLINK, flags: NLM_F_REQUEST | NLM_F_DUMP, body: ifinfomsg())
///     request.append(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
///     try socket.send(request.finish(sequence: 7))
struct NetlinkRequest {
    private var header: nlmsghdr
    /// Behind the header.
    private var bytes: [UInt8] = []

    init<Body: BitwiseCopyable>(type: Int, flags: CInt, body: Body) {
        header = nlmsghdr(
            nlmsg_len: 0, nlmsg_type: UInt16(truncatingIfNeeded: type), nlmsg_flags: UInt16(truncatingIfNeeded: flags),
            nlmsg_seq: 0, nlmsg_pid: 0)
        write(body)
    }

    mutating func append<Value: BitwiseCopyable>(_ attribute: Int, _ value: Value) {
        let length = MemoryLayout<rtattr>.size + MemoryLayout<Value>.size
        write(rtattr(rta_len: UInt16(truncatingIfNeeded: length), rta_type: UInt16(truncatingIfNeeded: attribute)))
        write(value)
    }

    /// An address in network order, 4 or 16 bytes.
    mutating func append(_ attribute: Int, address: IPAddress) {
        switch address.version {
        case .v4: append(attribute, UInt32(truncatingIfNeeded: address.low).bigEndian)
        case .v6: append(attribute, (UInt128(address.high) << 64 | UInt128(address.low)).bigEndian)
        }
    }

    /// An attribute that consists of those that `build` appends.
    mutating func append(_ attribute: Int, nested build: (inout NetlinkRequest) -> Void) {
        let start = bytes.count
        write(rtattr(rta_len: 0, rta_type: UInt16(truncatingIfNeeded: attribute) | UInt16(NLA_F_NESTED)))
        build(&self)
        let length = UInt16(truncatingIfNeeded: bytes.count - start)
        unsafe withUnsafeBytes(of: length) { unsafe bytes.replaceSubrange(start..<start + $0.count, with: $0) }
    }

    /// The whole datagram.
    consuming func finish(sequence: UInt32) -> [UInt8] {
        header.nlmsg_len = UInt32(truncatingIfNeeded: MemoryLayout<nlmsghdr>.size + bytes.count)
        header.nlmsg_seq = sequence
        return unsafe withUnsafeBytes(of: header) { unsafe Array($0) } + bytes
    }

    private mutating func write<Value: BitwiseCopyable>(_ value: Value) {
        unsafe withUnsafeBytes(of: value) { unsafe bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: repeatElement(0, count: wb_nlmsg_align(bytes.count) - bytes.count))
    }
}

extension NetlinkRequest {
    /// All links, without the statistics that make up most of each answer.
    static func allLinks(sequence: UInt32) -> [UInt8] {
        var request = NetlinkRequest(type: RTM_GETLINK, flags: NLM_F_REQUEST | NLM_F_DUMP, body: ifinfomsg())
        request.append(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request.finish(sequence: sequence)
    }

    /// All addresses of all families.
    static func allAddresses(sequence: UInt32) -> [UInt8] {
        NetlinkRequest(type: RTM_GETADDR, flags: NLM_F_REQUEST | NLM_F_DUMP, body: ifaddrmsg())
            .finish(sequence: sequence)
    }
}
