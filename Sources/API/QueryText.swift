/// Query strings as URLs carry them (RFC 3986 §3.4, `application/x-www-form-urlencoded` for `+`).
package enum QueryText {
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    /// Percent-encodes everything but the unreserved characters (RFC 3986 §2.3).
    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Undoes the encoding; what is no valid escape stays as it is, bytes that are no UTF-8 become U+FFFD.
    package static func decode(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), let high = rest.first.flatMap(nibble),
                let low = rest.dropFirst().first.flatMap(nibble)
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The parameters of a query string, decoded, in order; a parameter without `=` has an empty value.
    package static func items(_ query: String) -> [(name: String, value: String)] {
        query.split(separator: "&").map { item in
            guard let equals = item.firstIndex(of: "=") else { return (decode(item), "") }
            return (decode(item[..<equals]), decode(item[item.index(after: equals)...]))
        }
    }

    /// For error messages: one line, at most 64 characters.
    static func shortened(_ text: String) -> String {
        let line = text.prefix(64).map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? "?" : $0 }
        return String(line) + (text.count > 64 ? "…" : "")
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
