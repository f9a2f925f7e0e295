import Model

/// An MPLS label stack, walked to its bottom (RFC 3032 §2.1); each entry has 4 bytes:
///
///     0        20     23  24    32 bits
///     | label | class | S | TTL |
struct MPLSStack {
    /// The label at the bottom of the stack: the one that says what is inside.
    private(set) var label: UInt32 = 0
    /// Bytes that the stack takes.
    private(set) var byteCount = 0
    let contents: Contents

    /// What follows the stack. The labels do not tell; only what is beyond doubt is named.
    enum Contents { case ipv4, ipv6, ethernet, other }

    /// More labels than any real network stacks; the rest is refused.
    static let limit = 16

    /// - Throws: ``DecodeError`` when an entry was not captured whole, or there are more than ``limit``.
    init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        var isBottom = false
        var count = 0
        while !isBottom {
            count += 1
            guard count <= Self.limit else {
                throw .invalid(.mpls, at: offset + byteCount, field: .sectionCount, value: count)
            }
            let has = bytes.byteCount - byteCount
            guard has >= 4 else { throw .truncated(.mpls, at: offset + byteCount, needs: 4, has: has) }
            let entry = bytes.uint32(at: byteCount)
            label = entry >> 12
            isBottom = entry & 0x100 != 0
            byteCount += 4
        }
        contents = Self.contents(bytes.extracting(droppingFirst: byteCount))
    }

    /// IP by the version in its first four bits (RFC 4928 §3 keeps other payloads from looking like it), Ethernet by
    /// a control word (RFC 4448 §4.6: four zero bits, reserved bits of zero) and a type that its payload bears out.
    private static func contents(_ bytes: RawSpan) -> Contents {
        guard bytes.byteCount >= 1 else { return .other }
        switch bytes.uint8(at: 0) >> 4 {
        case 4: return .ipv4
        case 6: return .ipv6
        case 0: return isEthernet(bytes) ? .ethernet : .other
        default: return .other
        }
    }

    static let controlWord = 4

    private static func isEthernet(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= controlWord + 16, bytes.uint16(at: 0) == 0 else { return false }
        let first = bytes.uint8(at: controlWord + 14) >> 4
        return switch bytes.uint16(at: controlWord + 12) {
        case EtherType.ipv4: first == 4
        case EtherType.ipv6: first == 6
        case EtherType.arp: bytes.uint16(at: controlWord + 14) == 1
        default: false
        }
    }
}
