import Model

/// One GRE header, read in place: version 0 (RFC 2784, RFC 2890) or version 1, the one of PPTP (RFC 2637 §4.1); bytes:
///
///     0                2               4
///     | flags, version | protocol type | [checksum, reserved] [key] [sequence] [acknowledgment] payload …
struct GREView: ~Escapable {
    private let bytes: RawSpan
    private let keyOffset: Int
    /// Bytes.
    let byteCount: Int

    private static let checksum: UInt16 = 0x8000
    private static let routing: UInt16 = 0x4000
    private static let key: UInt16 = 0x2000
    private static let sequence: UInt16 = 0x1000
    private static let acknowledgment: UInt16 = 0x0080

    static let transparentEthernet: UInt16 = 0x6558
    static let ppp: UInt16 = 0x880B

    /// - Throws: ``DecodeError`` when the header was not captured whole, its version is above 1, it has the source
    ///   routes of RFC 1701, which RFC 2784 §2.3 says to discard, or version 1 is not as PPTP has it.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 4 else { throw .truncated(.gre, at: offset, needs: 4, has: bytes.byteCount) }
        let flags = bytes.uint16(at: 0)
        let version = flags & 7
        guard version <= 1 else { throw .invalid(.gre, at: offset, field: .version, value: Int(version)) }
        let refused = version == 0 ? Self.routing : Self.routing | Self.checksum
        guard flags & refused == 0 else { throw .invalid(.gre, at: offset, field: .flags, value: Int(flags)) }
        if version == 1 {
            guard flags & Self.key != 0, bytes.uint16(at: 2) == Self.ppp else {
                throw .invalid(.gre, at: offset, field: .flags, value: Int(flags))
            }
        }
        var length = 4
        if flags & Self.checksum != 0 { length += 4 }
        keyOffset = length
        if flags & Self.key != 0 { length += 4 }
        if flags & Self.sequence != 0 { length += 4 }
        if version == 1, flags & Self.acknowledgment != 0 { length += 4 }
        guard bytes.byteCount >= length else {
            throw .truncated(.gre, at: offset, needs: length, has: bytes.byteCount)
        }
        byteCount = length
        self.bytes = bytes
    }

    var isPPTP: Bool { bytes.uint16(at: 0) & 7 == 1 }
    /// An EtherType.
    var protocolType: UInt16 { bytes.uint16(at: 2) }
    var key: UInt32? { bytes.uint16(at: 0) & Self.key != 0 ? bytes.uint32(at: keyOffset) : nil }
    /// PPTP: bytes after this header; 0 for a bare acknowledgment.
    var payloadLength: Int { Int(bytes.uint16(at: 4)) }
    /// PPTP: the peer's number for the session.
    var callID: UInt16 { bytes.uint16(at: 6) }
}
