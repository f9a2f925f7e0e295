/// The version field of a QUIC long header (RFC 8999 §5.1).
package struct QUICVersion: RawRepresentable, Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Marks a Version Negotiation packet (RFC 8999 §6).
    package static let negotiation = QUICVersion(rawValue: 0)
    /// RFC 9000.
    package static let v1 = QUICVersion(rawValue: 0x0000_0001)
    /// RFC 9369.
    package static let v2 = QUICVersion(rawValue: 0x6B33_43CF)

    /// The versions whose packets are read beyond their invariant part.
    package var isKnown: Bool { self == .v1 || self == .v2 }

    /// 0x?a?a?a?a: offered so that the other side negotiates (RFC 9000 §15).
    package var isReserved: Bool { rawValue & 0x0F0F_0F0F == 0x0A0A_0A0A }

    /// The number of a draft of the IETF before version 1, as 0xff000000 plus it.
    package var draft: UInt32? { rawValue >> 8 == 0xFF_0000 && rawValue & 0xFF != 0 ? rawValue & 0xFF : nil }

    /// `1`, `2`, `draft-29`; `0x1a2a3a4a` for any other.
    package var description: String {
        if self == .v1 { return "1" }
        if self == .v2 { return "2" }
        if let draft { return "draft-\(draft)" }
        let digits = String(rawValue, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
