import Model
import Store

/// Where the next page begins, as readers carry it: digits that mean nothing to them.
enum PageCursor {
    /// Of requests: the first packet's time in 16 hexadecimal digits, then the identifier's 12 characters.
    static func text(of key: RequestKey) -> String {
        hexadecimal(UInt64(bitPattern: key.first.nanoseconds)) + key.id.description
    }

    static func key(_ text: String) -> RequestKey? {
        guard text.utf8.count == 28, let time = number(text.prefix(16)), let id = RequestID(String(text.suffix(12)))
        else { return nil }
        return RequestKey(first: Timestamp(nanoseconds: Int64(bitPattern: time)), id: id)
    }

    /// Of what is listed in the order in which it was kept: 16 hexadecimal digits.
    static func text(of serial: UInt64) -> String { hexadecimal(serial) }

    static func serial(_ text: String) -> UInt64? { text.utf8.count == 16 ? number(text[...]) : nil }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func number(_ text: Substring) -> UInt64? {
        // A sign would be read, too.
        text.allSatisfy { $0.isASCII && $0.isHexDigit } ? UInt64(text, radix: 16) : nil
    }
}
