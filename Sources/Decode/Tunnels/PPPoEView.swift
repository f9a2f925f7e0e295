import Model

/// The header of a PPPoE session frame, read in place (RFC 2516 §4); bytes:
///
///     0             1      2            4        6
///     | ver 1|type 1 | code | session id | length | PPP …
struct PPPoEView: ~Escapable {
    private let bytes: RawSpan

    static let byteCount = 6

    /// - Throws: ``DecodeError`` when fewer than 6 bytes were captured, or version and type are not 1.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= Self.byteCount else {
            throw .truncated(.pppoe, at: offset, needs: Self.byteCount, has: bytes.byteCount)
        }
        let version = bytes.uint8(at: 0)
        guard version == 0x11 else { throw .invalid(.pppoe, at: offset, field: .version, value: Int(version)) }
        self.bytes = bytes
    }

    /// 0 is a session's data; discovery has codes of its own.
    var code: UInt8 { bytes.uint8(at: 1) }
    var sessionID: UInt16 { bytes.uint16(at: 2) }
    /// Bytes after this header.
    var length: Int { Int(bytes.uint16(at: 4)) }
}

/// The head of a PPP frame: address and control where they were not left out, and the protocol in one byte or two
/// (RFC 1661 §2 and §6.5, RFC 1662 §3.1).
struct PPPHeader {
    /// Bytes.
    private(set) var byteCount: Int
    private(set) var protocolNumber: UInt16

    static let ipv4: UInt16 = 0x0021
    static let ipv6: UInt16 = 0x0057
    static let mpls: UInt16 = 0x0281

    /// - Throws: ``DecodeError`` when the protocol field was not captured whole.
    init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        let start = bytes.byteCount >= 2 && bytes.uint16(at: 0) == 0xFF03 ? 2 : 0
        let has = bytes.byteCount - start
        guard has >= 1 else { throw .truncated(.ppp, at: offset + start, needs: 1, has: has) }
        let first = bytes.uint8(at: start)
        // The last byte of a protocol number is odd, the one before it even.
        if first & 1 == 1 {
            byteCount = start + 1
            protocolNumber = UInt16(first)
        } else {
            guard has >= 2 else { throw .truncated(.ppp, at: offset + start, needs: 2, has: has) }
            byteCount = start + 2
            protocolNumber = bytes.uint16(at: start)
        }
    }
}
