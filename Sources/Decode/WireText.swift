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
        guard !isFull, octets.count + Self.count(octet, in: context) <= capacity else {
            // No escape is cut in two.
            isFull = true
            return
        }
        Self.escape(octet, in: context) { octets.append($0) }
    }

    /// How many characters `octet` becomes.
    @inline(__always)
    static func count(_ octet: UInt8, in context: Context) -> Int {
        if isPlain(octet) { return 1 }
        var count = 0
        escape(octet, in: context) { _ in count += 1 }
        return count
    }

    /// Gives the characters that stand for `octet`, one after the other.
    @inline(__always)
    static func escape(_ octet: UInt8, in context: Context, _ write: (UInt8) -> Void) {
        if isPlain(octet) { return write(octet) }
        let backslash = UInt8(ascii: "\\")
        switch (octet, context) {
        case (UInt8(ascii: "."), .label), (backslash, .label), (backslash, .quoted), (backslash, .token),
            (UInt8(ascii: "\""), .quoted), (UInt8(ascii: "\""), .listItem):
            write(backslash)
            write(octet)
        case (UInt8(ascii: ","), .listItem), (backslash, .listItem):
            write(backslash)
            write(backslash)
            if octet == backslash { write(backslash) }
            write(octet)
        case (UInt8(ascii: " "), .quoted), (UInt8(ascii: " "), .listItem), (0x21...0x7E, _):
            write(octet)
        default:
            let zero = UInt8(ascii: "0")
            write(backslash)
            write(zero + octet / 100)
            write(zero + octet / 10 % 10)
            write(zero + octet % 10)
        }
    }

    /// Letters, digits, hyphen and underscore are themselves in every context.
    @inline(__always)
    private static func isPlain(_ octet: UInt8) -> Bool {
        let letter = (octet | 0x20) &- UInt8(ascii: "a")
        return letter < 26 || octet &- UInt8(ascii: "0") < 10 || octet == UInt8(ascii: "-")
            || octet == UInt8(ascii: "_")
    }

    /// Our own words, numbers and names, printable already: all of `text`, or nothing when it does not fit.
    mutating func append(_ text: String) {
        guard !isFull, octets.count + text.utf8.count <= capacity else {
            isFull = true
            return
        }
        octets.append(contentsOf: text.utf8)
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
            append([Self.hexadecimal(octet >> 4), Self.hexadecimal(octet & 15)])
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
            append([
                Self.base64(group >> 18), Self.base64(group >> 12 & 63),
                count > 1 ? Self.base64(group >> 6 & 63) : UInt8(ascii: "="),
                count > 2 ? Self.base64(group & 63) : UInt8(ascii: "="),
            ])
            position += count
        }
    }

    consuming func finish() -> String {
        if isFull { octets += Array("...".utf8) }
        return String(decoding: octets, as: UTF8.self)
    }

    private mutating func append(_ group: [UInt8]) {
        guard !isFull, octets.count + group.count <= capacity else {
            isFull = true
            return
        }
        octets.append(contentsOf: group)
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
