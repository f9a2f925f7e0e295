// Vectors of the TLS presentation language (RFC 8446 §3.4): a length, then as many bytes.

extension ByteCursor {
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
}

extension RawSpan {
    /// All numbers of two bytes, in order; an odd byte at the end is left out.
    var numbers: [UInt16] {
        [UInt16](capacity: byteCount / 2) { numbers in
            var cursor = ByteCursor(self)
            while let number = cursor.uint16() { numbers.append(number) }
        }
    }
}
