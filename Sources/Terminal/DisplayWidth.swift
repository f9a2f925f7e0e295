/// How many terminal cells text takes (UAX #11 for East Asian characters, UTS #51 for emoji).
enum DisplayWidth {
    /// Ranges whose assigned characters are Wide or Fullwidth; emoji come from their own property.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6,
        0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
    ]

    /// The cells of one scalar: 0 for a combining mark, 2 for a wide character, else 1.
    static func cells(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        // Vowels and final consonants of conjoining Hangul are drawn into the cell of the initial consonant.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        if wide.contains(where: { $0.contains(scalar.value) }) { return 2 }
        let isRegionalIndicator = (0x1F1E6...0x1F1FF).contains(scalar.value)
        return scalar.properties.isEmojiPresentation && !isRegionalIndicator ? 2 : 1
    }

    /// The cells of text that ``Escaping`` has passed.
    static func cells(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + cells($1) }
    }

    /// The longest beginning of `text` that fits into `limit` cells, marks kept with their base.
    static func prefix(_ text: String, cells limit: Int) -> String {
        var taken = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            used += cells(scalar)
            if used > limit { break }
            taken.append(scalar)
        }
        return String(taken)
    }
}
