package import Model

/// One DHCPv4 message, read in place (RFC 2131 §2); bytes:
///
///     0    1       2      3      4     8      10      12       16       20       24       28       44      108    236      240
///     | op | htype | hlen | hops | xid | secs | flags | ciaddr | yiaddr | siaddr | giaddr | chaddr | sname | file | cookie | options …
///
/// Once `init` succeeds no accessor traps.
package struct DHCPView: ~Escapable {
    private let bytes: RawSpan
    private let offset: Int

    static let headerLength = 240
    private static let cookie: UInt32 = 0x6382_5363

    /// The ports of server and client; a relay uses the server's.
    @inlinable package static func isPort(_ port: UInt16) -> Bool { port == 67 || port == 68 }

    /// - Throws: ``DecodeError`` when fewer than 240 bytes were captured, `op` is neither request nor reply, or the
    ///   cookie that tells DHCP from plain BOOTP is not there (RFC 2131 §3).
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= Self.headerLength else {
            throw .truncated(.dhcp, at: offset, needs: Self.headerLength, has: bytes.byteCount)
        }
        let operation = bytes.uint8(at: 0)
        guard operation == 1 || operation == 2 else {
            throw .invalid(.dhcp, at: offset, field: .version, value: Int(operation))
        }
        let cookie = bytes.uint32(at: 236)
        guard cookie == Self.cookie else {
            throw .invalid(.dhcp, at: offset + 236, field: .version, value: Int(cookie))
        }
        self.bytes = bytes
        self.offset = offset
    }

    package var isReply: Bool { bytes.uint8(at: 0) == 2 }
    package var transactionID: UInt32 { bytes.uint32(at: 4) }
    /// `nil` for 0.0.0.0, as the next three.
    package var clientAddress: IPAddress? { address(at: 12) }
    package var yourAddress: IPAddress? { address(at: 16) }
    package var relayAddress: IPAddress? { address(at: 24) }
    /// The first 16 bytes of the client's hardware address, whatever they are.
    package var hardwareAddress: (high: UInt64, low: UInt64) { (bytes.uint64(at: 28), bytes.uint64(at: 36)) }
    /// `nil` when the hardware is not Ethernet.
    package var clientMAC: MACAddress? {
        guard bytes.uint8(at: 1) == 1, bytes.uint8(at: 2) == 6 else { return nil }
        return MACAddress(bits: bytes.uint64(at: 28) >> 16)
    }

    private func address(at offset: Int) -> IPAddress? {
        let bits = bytes.uint32(at: offset)
        return bits == 0 ? nil : IPAddress(v4: bits)
    }

    /// Reads the options, and those that overflowed into the fields `file` and `sname` (RFC 2131 §4.1).
    package var options: DHCPOptions {
        var options = DHCPOptions()
        options.read(bytes, from: Self.headerLength, to: bytes.byteCount, at: offset)
        let overload = options.overload
        if overload & 1 != 0 { options.read(bytes, from: 108, to: 236, at: offset) }
        if overload & 2 != 0 { options.read(bytes, from: 44, to: 108, at: offset) }
        return options
    }
}
