import Model

/// The header of a tunnel that travels in UDP: VXLAN or Geneve.
///
/// Ports tell little, so ``init(_:port:at:)`` takes a datagram for a tunnel's only when every bit that the RFCs fix
/// is as they fix it: 40 of VXLAN's 64, 32 of Geneve's.
package struct OverlayHeader {
    package let isGeneve: Bool
    /// The virtual network identifier, 24 bits.
    package let network: UInt32
    /// Bytes, options included.
    let byteCount: Int
    /// What is inside, as an EtherType; transparent Ethernet for VXLAN.
    let protocolType: UInt16

    /// IANA's port of VXLAN, and the one that Linux used before there was one.
    static let vxlan: UInt16 = 4789
    static let oldVXLAN: UInt16 = 8472
    static let geneve: UInt16 = 6081

    /// Bytes of a header without options.
    static let minimum = 8

    /// Whether datagrams to `port` may be a tunnel's.
    @inlinable package static func isPort(_ port: UInt16) -> Bool { port == 4789 || port == 8472 || port == 6081 }

    /// Reads the start of a datagram sent to `port`; `nil` when it is no tunnel's.
    ///
    /// - Throws: ``DecodeError`` when a header that began well does not fit into what was captured.
    init?(_ bytes: RawSpan, port: UInt16, at offset: Int) throws(DecodeError) {
        switch port {
        case Self.vxlan, Self.oldVXLAN: try self.init(vxlan: bytes, at: offset)
        case Self.geneve: try self.init(geneve: bytes, at: offset)
        default: return nil
        }
    }

    /// RFC 7348 §5; bytes:
    ///
    ///     0             1          4     7          8
    ///     | flags: I set | reserved | VNI | reserved | Ethernet …
    ///
    /// Linux's group policy extension (draft-smith-vxlan-group-policy) puts a group into the reserved bytes and says
    /// so by the first flag.
    private init?(vxlan bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 8 else {
            guard bytes.byteCount >= 1, bytes.uint8(at: 0) == 0x08 else { return nil }
            throw .truncated(.vxlan, at: offset, needs: 8, has: bytes.byteCount)
        }
        let flags = bytes.uint32(at: 0)
        let hasPolicy = flags & 0xFFB7_0000 == 0x8800_0000
        guard flags == 0x0800_0000 || hasPolicy, bytes.uint8(at: 7) == 0 else { return nil }
        isGeneve = false
        network = bytes.uint32(at: 4) >> 8
        byteCount = 8
        protocolType = GREView.transparentEthernet
    }

    /// RFC 8926 §3.4; bytes:
    ///
    ///     0                     1                2               4     7          8
    ///     | ver 0|option length | O|C | reserved | protocol type | VNI | reserved | options, 4 bytes each … | payload …
    private init?(geneve bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 8 else {
            guard bytes.byteCount >= 4, bytes.uint8(at: 0) >> 6 == 0, bytes.uint8(at: 1) & 0x3F == 0,
                Self.isGenevePayload(bytes.uint16(at: 2))
            else { return nil }
            throw .truncated(.geneve, at: offset, needs: 8, has: bytes.byteCount)
        }
        let type = bytes.uint16(at: 2)
        guard bytes.uint8(at: 0) >> 6 == 0, bytes.uint8(at: 1) & 0x3F == 0, bytes.uint8(at: 7) == 0,
            Self.isGenevePayload(type)
        else { return nil }
        let length = 8 + Int(bytes.uint8(at: 0) & 0x3F) * 4
        guard bytes.byteCount >= length else {
            throw .truncated(.geneve, at: offset, needs: length, has: bytes.byteCount)
        }
        isGeneve = true
        network = bytes.uint32(at: 4) >> 8
        byteCount = length
        protocolType = type
    }

    private static func isGenevePayload(_ type: UInt16) -> Bool {
        type == GREView.transparentEthernet || type == EtherType.ipv4 || type == EtherType.ipv6
    }
}
