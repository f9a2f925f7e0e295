/// The bytes of a hello that are here, and a position in them. Reading past them gives `nil`, never a trap.
struct TLSCursor: ~Escapable {
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
        guard remaining >= 1 else { return nil }
        defer { position += 1 }
        return bytes.uint8(at: position)
    }

    @_lifetime(self: copy self)
    mutating func uint16() -> UInt16? {
        guard remaining >= 2 else { return nil }
        defer { position += 2 }
        return bytes.uint16(at: position)
    }

    /// The next `count` bytes, if all of them are here.
    @_lifetime(self: copy self)
    mutating func range(_ count: Int) -> Range<Int>? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return position..<position + count
    }

    /// A vector behind its length of one byte.
    @_lifetime(self: copy self)
    mutating func vector8() -> Range<Int>? {
        guard let count = uint8() else { return nil }
        return range(Int(count))
    }

    /// A vector behind its length of two bytes.
    @_lifetime(self: copy self)
    mutating func vector16() -> Range<Int>? {
        guard let count = uint16() else { return nil }
        return range(Int(count))
    }

    static func octets(_ bytes: RawSpan) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(bytes.byteCount)
        for index in 0..<bytes.byteCount { octets.append(bytes.uint8(at: index)) }
        return octets
    }

    /// All numbers of two bytes, in order; an odd byte at the end is left out.
    static func numbers(_ bytes: RawSpan) -> [UInt16] {
        var numbers: [UInt16] = []
        numbers.reserveCapacity(bytes.byteCount / 2)
        var cursor = TLSCursor(bytes)
        while let number = cursor.uint16() { numbers.append(number) }
        return numbers
    }
}
