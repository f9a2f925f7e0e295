/// Bytes and a position in them. Reading past their end gives `nil`, moves nothing and never traps. What is read in one
/// protocol alone, such as its vectors or integers, is an extension in that protocol's folder.
struct ByteCursor: ~Escapable {
    let bytes: RawSpan
    private(set) var position: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var remaining: Int { bytes.byteCount - position }
    var isAtEnd: Bool { remaining == 0 }

    @_lifetime(self: copy self)
    mutating func uint8() -> UInt8? {
        guard let place = range(1) else { return nil }
        return bytes.uint8(at: place.lowerBound)
    }

    @_lifetime(self: copy self)
    mutating func uint16() -> UInt16? {
        guard let place = range(2) else { return nil }
        return bytes.uint16(at: place.lowerBound)
    }

    @_lifetime(self: copy self)
    mutating func uint32() -> UInt32? {
        guard let place = range(4) else { return nil }
        return bytes.uint32(at: place.lowerBound)
    }

    /// The next `count` bytes, if all of them are here.
    @_lifetime(self: copy self)
    mutating func range(_ count: Int) -> Range<Int>? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return position..<position + count
    }
}
