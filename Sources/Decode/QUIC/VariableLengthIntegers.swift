extension ByteCursor {
    /// A variable-length integer (RFC 9000 §16): the first two bits give its length, 1, 2, 4 or 8 bytes.
    @_lifetime(self: copy self)
    mutating func varint() -> UInt64? {
        guard remaining >= 1 else { return nil }
        let count = 1 << Int(bytes.uint8(at: position) >> 6)
        guard let start = range(count)?.lowerBound else { return nil }
        return switch count {
        case 1: UInt64(bytes.uint8(at: start))
        case 2: UInt64(bytes.uint16(at: start) & 0x3FFF)
        case 4: UInt64(bytes.uint32(at: start) & 0x3FFF_FFFF)
        default: bytes.uint64(at: start) & 0x3FFF_FFFF_FFFF_FFFF
        }
    }

    /// As many bytes as such an integer says, if all of them are here.
    @_lifetime(self: copy self)
    mutating func range(_ count: UInt64) -> Range<Int>? {
        guard let count = Int(exactly: count) else { return nil }
        return range(count)
    }

    /// Passes over PADDING frames (RFC 9000 §19.1).
    @_lifetime(self: copy self)
    mutating func skipZeros() {
        while remaining > 0, bytes.uint8(at: position) == 0 { _ = uint8() }
    }
}
