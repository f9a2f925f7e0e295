/// Bytes of a QUIC packet and a position in them. Reading past them gives `nil`, never a trap.
struct QUICCursor: ~Escapable {
    let bytes: RawSpan
    private(set) var position: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var remaining: Int { bytes.byteCount - position }

    @_lifetime(self: copy self)
    mutating func uint8() -> UInt8? {
        guard remaining >= 1 else { return nil }
        defer { position += 1 }
        return bytes.uint8(at: position)
    }

    @_lifetime(self: copy self)
    mutating func uint32() -> UInt32? {
        guard remaining >= 4 else { return nil }
        defer { position += 4 }
        return bytes.uint32(at: position)
    }

    /// A variable-length integer (RFC 9000 §16): the first two bits give its length, 1, 2, 4 or 8 bytes.
    @_lifetime(self: copy self)
    mutating func varint() -> UInt64? {
        guard remaining >= 1 else { return nil }
        let first = bytes.uint8(at: position)
        let count = 1 << Int(first >> 6)
        guard remaining >= count else { return nil }
        defer { position += count }
        return switch count {
        case 1: UInt64(first)
        case 2: UInt64(bytes.uint16(at: position) & 0x3FFF)
        case 4: UInt64(bytes.uint32(at: position) & 0x3FFF_FFFF)
        default: bytes.uint64(at: position) & 0x3FFF_FFFF_FFFF_FFFF
        }
    }

    /// The next `count` bytes, if all of them are here.
    @_lifetime(self: copy self)
    mutating func range(_ count: UInt64) -> Range<Int>? {
        guard count <= UInt64(remaining) else { return nil }
        let start = position
        position += Int(count)
        return start..<position
    }

    /// Passes over bytes that are zero.
    @_lifetime(self: copy self)
    mutating func skipZeros() {
        while remaining > 0, bytes.uint8(at: position) == 0 { position += 1 }
    }
}
