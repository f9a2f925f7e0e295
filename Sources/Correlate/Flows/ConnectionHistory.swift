/// What happened on a connection, in the order in which it happened, in the letters of Zeek's `history`
/// (https://docs.zeek.org, Conn::Info): upper case for the client, lower case for the server.
///
/// Letters are packed into five bits each: four say which, one says whose. Of a connection that earns more than
/// ``capacity`` letters the first ones are kept.
struct ConnectionHistory: BitwiseCopyable {
    private var words = InlineArray<2, UInt64>(repeating: 0)

    static let capacity = 24
    private static let bits: UInt64 = 5
    private static let perWord: UInt64 = 12

    enum Letter: UInt64 {
        /// SYN without ACK.
        case syn = 1
        /// SYN with ACK.
        case synAck
        case acknowledgment
        case data
        case fin
        case reset
        case gap
        case retransmission
        case zeroWindow
        /// FIN and RST in one segment.
        case inconsistent
        /// SYN and FIN, or SYN and RST, in one segment.
        case multipleFlags
        /// The first packet was the server's.
        case flipped
    }

    mutating func append(_ letter: Letter, _ direction: Int) {
        let code = letter.rawValue | (direction == 0 ? 16 : 0)
        let word = Self.length(words[0]) < Self.perWord ? 0 : 1
        let length = Self.length(words[word])
        if length < Self.perWord { words[word] |= code << (length &* Self.bits) }
    }

    func contains(_ letter: Letter, _ direction: Int) -> Bool {
        let code = letter.rawValue | (direction == 0 ? 16 : 0)
        for word in 0..<2 {
            var rest = words[word]
            while rest != 0 {
                if rest & 31 == code { return true }
                rest >>= Self.bits
            }
        }
        return false
    }

    /// Letters in a word; none is zero, so the highest bit tells.
    private static func length(_ word: UInt64) -> UInt64 {
        (UInt64(64 &- word.leadingZeroBitCount) &+ bits &- 1) / bits
    }

    /// Zeek's text, empty when nothing happened.
    var text: String {
        var letters: [UInt8] = []
        for word in 0..<2 {
            var rest = words[word]
            while rest != 0 {
                letters.append(Self.ascii(rest & 31))
                rest >>= Self.bits
            }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    private static func ascii(_ code: UInt64) -> UInt8 {
        let lower =
            switch Letter(rawValue: code & 15) {
            case .syn: UInt8(ascii: "s")
            case .synAck: UInt8(ascii: "h")
            case .acknowledgment: UInt8(ascii: "a")
            case .data: UInt8(ascii: "d")
            case .fin: UInt8(ascii: "f")
            case .reset: UInt8(ascii: "r")
            case .gap: UInt8(ascii: "g")
            case .retransmission: UInt8(ascii: "t")
            case .zeroWindow: UInt8(ascii: "w")
            case .inconsistent: UInt8(ascii: "i")
            case .multipleFlags: UInt8(ascii: "q")
            case .flipped, nil: UInt8(ascii: "^")
            }
        return code & 16 == 0 || lower == UInt8(ascii: "^") ? lower : lower - 32
    }
}
