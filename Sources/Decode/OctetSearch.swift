extension RawSpan {
    /// Where `octet` stands first at or behind `start`.
    func firstOffset(of octet: UInt8, from start: Int) -> Int? {
        var position = start
        while position < byteCount {
            if uint8(at: position) == octet { return position }
            position += 1
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
