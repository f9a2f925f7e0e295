package import Model

/// A Linux "cooked" header, version 1 (LINKTYPE_LINUX_SLL) or 2 (LINKTYPE_LINUX_SLL2), read in place; bytes:
///
///     v1  0             2          4            6         14         16
///         | packet type | ARPHRD   | addr. len. | address | protocol | payload …
///     v2  0          2          4       8        10            11           12        20
///         | protocol | reserved | index | ARPHRD | packet type | addr. len. | address | payload …
package struct CookedView: ~Escapable {
    private let bytes: RawSpan
    private let isVersion2: Bool

    /// - Throws: ``DecodeError`` when fewer than 16 (v1) or 20 (v2) bytes were captured.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, isVersion2: Bool, at offset: Int) throws(DecodeError) {
        let needed = isVersion2 ? 20 : 16
        guard bytes.byteCount >= needed else {
            throw .truncated(isVersion2 ? .linuxSLL2 : .linuxSLL, at: offset, needs: needed, has: bytes.byteCount)
        }
        self.bytes = bytes
        self.isVersion2 = isVersion2
    }

    package var byteCount: Int { isVersion2 ? 20 : 16 }
    package var protocolType: UInt16 { bytes.uint16(at: isVersion2 ? 0 : 14) }
    /// ARPHRD_ of the device (linux/if_arp.h).
    package var hardwareType: UInt16 { bytes.uint16(at: isVersion2 ? 8 : 2) }

    /// The sender's address, when it has the six bytes of one.
    package var source: MACAddress? {
        let length = isVersion2 ? UInt16(bytes.uint8(at: 11)) : bytes.uint16(at: 4)
        let start = isVersion2 ? 12 : 6
        guard length == 6, hardwareType != CookedView.loopbackHardware else { return nil }
        return MACAddress(bits: UInt64(bytes.uint32(at: start)) << 16 | UInt64(bytes.uint16(at: start + 4)))
    }

    /// ARPHRD_LOOPBACK: its all-zero addresses say nothing.
    static let loopbackHardware: UInt16 = 772
    /// ARPHRD_NETLINK: the protocol field is a netlink family there, not an EtherType.
    static let netlinkHardware: UInt16 = 824
}

/// The four bytes of BSD loopback: an address family in the capturing machine's byte order (LINKTYPE_NULL) or
/// in network order (LINKTYPE_LOOP). Both orders are read, a family is small.
enum LoopbackHeader {
    static let byteCount = 4

    /// The IP version that follows, or `nil` for another family.
    ///
    /// - Throws: ``DecodeError`` when fewer than 4 bytes were captured.
    static func version(_ bytes: RawSpan, at offset: Int) throws(DecodeError) -> IPAddress.Version? {
        guard bytes.byteCount >= byteCount else {
            throw .truncated(.loopback, at: offset, needs: byteCount, has: bytes.byteCount)
        }
        let value = bytes.uint32(at: 0)
        switch value > 0xFFFF ? value.byteSwapped : value {
        case 2: return .v4
        // AF_INET6 of Linux, NetBSD/OpenBSD, FreeBSD and Darwin.
        case 10, 24, 28, 30: return .v6
        default: return nil
        }
    }
}
