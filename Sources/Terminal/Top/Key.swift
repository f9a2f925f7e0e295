/// A key as a terminal tells of it.
package enum Key: Sendable, Equatable {
    case character(Character)
    case enter, escape, tab, backTab, backspace, delete
    case up, down, left, right, pageUp, pageDown, home, end
    /// With the control key: `control("c")`.
    case control(Character)
}

/// Makes keys of the bytes that a terminal sends (ECMA-48 §5.4, and the `ESC O` of xterm's keypad).
///
/// Sequences may come in any pieces, as they do over a slow line; a lone escape is the key of that name once nothing
/// followed it (``flush()``). What is unknown, malformed or longer than ``longest`` is dropped as a whole.
package struct KeyReader: Sendable {
    private var pending: [UInt8] = []
    private var isDropping = false

    /// Bytes of one sequence.
    static let longest = 32

    package init() {}

    /// Whether a sequence has begun and not ended.
    package var isWaiting: Bool { !pending.isEmpty || isDropping }

    package mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] { bytes.compactMap { take($0) } }

    /// Nothing more came for a while.
    package mutating func flush() -> [Key] {
        defer {
            pending = []
            isDropping = false
        }
        return pending == [Self.escape] ? [.escape] : []
    }

    private static let escape: UInt8 = 0x1B

    private mutating func take(_ byte: UInt8) -> Key? {
        if isDropping {
            if (0x40...0x7E).contains(byte) { isDropping = false }
            return nil
        }
        guard let first = pending.first else { return begin(byte) }
        pending.append(byte)
        return first == Self.escape ? sequence(byte) : character()
    }

    private mutating func begin(_ byte: UInt8) -> Key? {
        switch byte {
        case Self.escape, 0xC2...0xF4:
            pending = [byte]
            return nil
        case 0x09: return .tab
        case 0x0A, 0x0D: return .enter
        case 0x08, 0x7F: return .backspace
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(byte + 0x60)))
        case 0x20...0x7E: return .character(Character(Unicode.Scalar(byte)))
        default: return nil
        }
    }

    /// UTF-8 (RFC 3629).
    private mutating func character() -> Key? {
        guard let last = pending.last, (0x80...0xBF).contains(last) else {
            // Not a continuation: what began is dropped, and this begins something new.
            let byte = pending.last
            pending = []
            return byte.flatMap { begin($0) }
        }
        let count = pending[0] < 0xE0 ? 2 : pending[0] < 0xF0 ? 3 : 4
        guard pending.count == count else { return nil }
        defer { pending = [] }
        let text = String(decoding: pending, as: UTF8.self)
        guard text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}" else {
            return nil
        }
        return .character(Character(scalar))
    }

    private mutating func sequence(_ byte: UInt8) -> Key? {
        if pending.count == 2 {
            if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") { return nil }
            pending = []
            // Two escapes are one that was pressed twice; a key with Alt has no meaning here.
            return byte == Self.escape ? .escape : nil
        }
        guard pending.count <= Self.longest else {
            pending = []
            isDropping = true
            return nil
        }
        // Another sequence begins before this one has ended.
        if byte == Self.escape {
            pending = [byte]
            return nil
        }
        // Parameters and intermediates go on, a final byte ends (ECMA-48 §5.4).
        if (0x20...0x3F).contains(byte) { return nil }
        defer { pending = [] }
        guard (0x40...0x7E).contains(byte) else { return nil }
        return Self.key(parameters: pending.dropFirst(2).dropLast(), final: byte)
    }

    private static func key(parameters: ArraySlice<UInt8>, final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return .right
        case UInt8(ascii: "D"): return .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "Z"): return .backTab
        case UInt8(ascii: "M") where parameters.isEmpty: return .enter
        case UInt8(ascii: "~"):
            // The first parameter tells the key, a second one what was held with it.
            let number = parameters.prefix { $0 != UInt8(ascii: ";") }
            switch String(decoding: number, as: UTF8.self) {
            case "1", "7": return .home
            case "3": return .delete
            case "4", "8": return .end
            case "5": return .pageUp
            case "6": return .pageDown
            default: return nil
            }
        default: return nil
        }
    }
}
