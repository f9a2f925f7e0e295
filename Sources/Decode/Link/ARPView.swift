package import Model

/// One ARP message for IPv4 over Ethernet, read in place (RFC 826); bytes:
///
///     0          2          4      5      6           8            14          18           24          28
///     | hardware | protocol | hlen | plen | operation | sender MAC | sender IP | target MAC | target IP |
package struct ARPView: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when fewer than 28 bytes were captured, or the addresses are not of 6 and 4 bytes.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 8 else { throw .truncated(.arp, at: offset, needs: 8, has: bytes.byteCount) }
        guard bytes.uint8(at: 4) == 6 else {
            throw .invalid(.arp, at: offset + 4, field: .addressLength, value: Int(bytes.uint8(at: 4)))
        }
        guard bytes.uint8(at: 5) == 4 else {
            throw .invalid(.arp, at: offset + 5, field: .addressLength, value: Int(bytes.uint8(at: 5)))
        }
        guard bytes.byteCount >= 28 else { throw .truncated(.arp, at: offset, needs: 28, has: bytes.byteCount) }
        self.bytes = bytes
    }

    /// 1 request, 2 reply.
    package var operation: UInt16 { bytes.uint16(at: 6) }
    package var senderMAC: MACAddress { mac(at: 8) }
    package var senderAddress: IPAddress { IPAddress(v4: bytes.uint32(at: 14)) }
    package var targetMAC: MACAddress { mac(at: 18) }
    package var targetAddress: IPAddress { IPAddress(v4: bytes.uint32(at: 24)) }

    private func mac(at offset: Int) -> MACAddress {
        MACAddress(bits: UInt64(bytes.uint32(at: offset)) << 16 | UInt64(bytes.uint16(at: offset + 4)))
    }
}
