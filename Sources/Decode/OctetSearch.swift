extension RawSpan {
    /// How many CR and LF stand at the beginning.
    package var leadingLineEnds: Int {
        var position = 0
        while position < byteCount, uint8(at: position) == 0x0D || uint8(at: position) == 0x0A { position &+= 1 }
        return position
    }

    /// Where `octet` stands first at or behind `start`.
    func firstOffset(of octet: UInt8, from start: Int) -> Int? {
        var position = start
        // Eight at a time: a byte that is zero after the exclusive or borrows from its own highest bit.
        let pattern = UInt64(octet) &* 0x0101_0101_0101_0101
        while position &+ 8 <= byteCount {
            let word = uint64(at: position) ^ pattern
            let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if zeros != 0 { break }
            position &+= 8
        }
        while position < byteCount {
            if uint8(at: position) == octet { return position }
            position &+= 1
        }
        return nil
    }

    /// Whether the whole of `text`, which is ASCII, stands at `offset`.
    ///
    /// - Parameter foldingCase: capital letters on the wire match the small ones of `text`.
    func has(_ text: StaticString, at offset: Int, foldingCase: Bool) -> Bool {
        matchCount(of: text, at: offset, foldingCase: foldingCase) == text.utf8CodeUnitCount
    }

    /// How many octets of `text` stand at `offset`, up to the first that differs or the end of the bytes.
    func matchCount(of text: StaticString, at offset: Int, foldingCase: Bool) -> Int {
        let limit = max(0, min(text.utf8CodeUnitCount, byteCount - offset))
        return text.withUTF8Buffer { expected in
            for index in 0..<limit {
                let octet = uint8(at: offset + index)
                let folded = foldingCase && (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
                guard unsafe folded == expected[index] else { return index }
            }
            return limit
        }
    }
}
