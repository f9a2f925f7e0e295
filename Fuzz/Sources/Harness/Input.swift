/// An input, read from front to back; beyond its end everything is zero or empty.
struct Input: ~Escapable {
    private let bytes: RawSpan
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.byteCount }

    mutating func byte() -> UInt8 {
        guard position < bytes.byteCount else { return 0 }
        defer { position += 1 }
        return bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt8.self)
    }

    mutating func bool() -> Bool { byte() & 1 == 1 }

    /// Little-endian.
    mutating func uint16() -> UInt16 {
        let low = UInt16(byte())
        return low | UInt16(byte()) << 8
    }

    /// As many of `count` bytes as there are left.
    mutating func take(_ count: Int) -> [UInt8] {
        let end = min(bytes.byteCount, position + max(0, count))
        defer { position = end }
        return bytes.extracting(position..<end).withUnsafeBytes { Array($0) }
    }

    mutating func rest() -> [UInt8] { take(bytes.byteCount) }
}
