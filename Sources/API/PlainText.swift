/// Text that JSON and terminals take as it is.
enum PlainText {
    /// Printable ASCII without quotation mark and backslash. Eight bytes are looked at in one step.
    static func isPlain(_ characters: Span<UInt8>) -> Bool {
        unsafe characters.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                guard isPlain(unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) else { return false }
                index += 8
            }
            while index < bytes.count {
                guard isPlain(unsafe bytes[index]) else { return false }
                index += 1
            }
            return true
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones << 7
        // A byte of 0x80 and more is not plain, so the borrows and carries between bytes cannot hide one that is not.
        let isSmall = word &- ones &* 0x20
        let isDelete = word &+ ones
        let isQuote = (word ^ ones &* 0x22) &- ones
        let isBackslash = (word ^ ones &* 0x5C) &- ones
        return (word | isSmall | isDelete | isQuote | isBackslash) & highs == 0
    }
}
