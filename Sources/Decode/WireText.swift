/// Builds text out of octets from the wire: always printable ASCII, never longer than it was told to be.
///
/// Octets that would not print become `\DDD`, three decimal digits, as in DNS master files (RFC 1035 §5.1), so a
/// terminal or a log can show the result as it is. Text that reaches `capacity` ends in `...`.
struct WireText {
    private var octets: [UInt8] = []
    private let capacity: Int
    private(set) var isFull = false

    /// - Parameter capacity: characters kept; the closing `...` is not counted.
    init(capacity: Int, expecting count: Int = 0) {
        self.capacity = capacity
        octets.reserveCapacity(min(count, capacity))
    }

    /// What has to be escaped besides the octets that do not print.
    enum Context {
        /// A label of a domain name: the dot, the backslash and the space.
        case label
        /// A `<character-string>` in quotes: the quote and the backslash, and a space stays (RFC 1035 §5.1).
        case quoted
        /// One item of a comma-separated list in quotes, escaped twice as RFC 9460 appendix A.1 has it.
        case listItem
        /// A token that cannot hold spaces, such as a path: the backslash.
        case token
    }

    mutating func append(_ octet: UInt8, in context: Context) {
        switch (octet, context) {
        case (UInt8(ascii: "."), .label), (UInt8(ascii: "\\"), .label), (UInt8(ascii: "\\"), .quoted),
            (UInt8(ascii: "\\"), .token), (UInt8(ascii: "\""), .quoted), (UInt8(ascii: "\""), .listItem):
            write(UInt8(ascii: "\\"), octet)
        case (UInt8(ascii: ","), .listItem):
            write(UInt8(ascii: "\\"), UInt8(ascii: "\\"), octet)
        case (UInt8(ascii: "\\"), .listItem):
            write(octet, octet, octet, octet)
        case (UInt8(ascii: " "), .quoted), (UInt8(ascii: " "), .listItem), (0x21...0x7E, _):
            write(octet)
        default:
            let zero = UInt8(ascii: "0")
            write(UInt8(ascii: "\\"), zero + octet / 100, zero + octet / 10 % 10, zero + octet % 10)
        }
    }

    /// Our own words and numbers; must be printable ASCII already.
    mutating func append(_ text: String) {
        guard !isFull else { return }
        for octet in text.utf8 { write(octet) }
    }

    mutating func append(_ bytes: RawSpan, from start: Int, to end: Int, in context: Context) {
        var position = start
        while position < end && !isFull {
            append(bytes.uint8(at: position), in: context)
            position += 1
        }
    }

    /// Upper-case hexadecimal digits, two an octet.
    mutating func appendHexadecimal(_ bytes: RawSpan) {
        var position = 0
        while position < bytes.byteCount && !isFull {
            let octet = bytes.uint8(at: position)
            write(Self.hexadecimal(octet >> 4), Self.hexadecimal(octet & 15))
            position += 1
        }
    }

    /// Base 64 with padding (RFC 4648 §4).
    mutating func appendBase64(_ bytes: RawSpan) {
        var position = 0
        while position < bytes.byteCount && !isFull {
            let count = min(3, bytes.byteCount - position)
            var group: UInt32 = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? UInt32(bytes.uint8(at: position + index)) : 0)
            }
            write(
                Self.base64(group >> 18), Self.base64(group >> 12 & 63),
                count > 1 ? Self.base64(group >> 6 & 63) : UInt8(ascii: "="),
                count > 2 ? Self.base64(group & 63) : UInt8(ascii: "="))
            position += count
        }
    }

    consuming func finish() -> String {
        if isFull { octets += Array("...".utf8) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// All of `sequence` or nothing, so that no escape is cut in two.
    private mutating func write(_ sequence: UInt8...) {
        guard !isFull, octets.count + sequence.count <= capacity else {
            isFull = true
            return
        }
        octets.append(contentsOf: sequence)
    }

    private mutating func write(_ octet: UInt8) {
        guard !isFull, octets.count < capacity else {
            isFull = true
            return
        }
        octets.append(octet)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + (digit - 10)
    }

    private static func base64(_ digit: UInt32) -> UInt8 {
        let digit = UInt8(truncatingIfNeeded: digit & 63)
        switch digit {
        case 0..<26: return UInt8(ascii: "A") + digit
        case 26..<52: return UInt8(ascii: "a") + (digit - 26)
        case 52..<62: return UInt8(ascii: "0") + (digit - 52)
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }
}
