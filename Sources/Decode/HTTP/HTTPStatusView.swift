/// The status line at the start of a segment, read in place (RFC 9112 §4): `HTTP/1.1 200 OK`.
///
/// `init` fails on bytes that do not begin a response, which is no error.
package struct HTTPStatusView: Sendable, Equatable, BitwiseCopyable {
    /// 100 to 599.
    package let status: UInt16
    /// The digit behind `HTTP/1.`.
    package let minorVersion: UInt8

    /// Up to the last digit of the status; the reason phrase is not looked at.
    private static let length = 12

    /// `nil` when `segment` does not begin with the version 1.x and a status code, in full.
    package init?(_ segment: RawSpan) {
        guard segment.byteCount >= Self.length, segment.uint64(at: 0) & ~0xFF == 0x4854_5450_2F31_2E00,
            let minor = Self.digit(segment, at: 7), segment.uint8(at: 8) == UInt8(ascii: " "),
            let hundreds = Self.digit(segment, at: 9), let tens = Self.digit(segment, at: 10),
            let ones = Self.digit(segment, at: 11), (1...5).contains(hundreds)
        else { return nil }
        if segment.byteCount > Self.length {
            let next = segment.uint8(at: Self.length)
            guard next == 0x20 || next == 0x0D || next == 0x0A else { return nil }
        }
        minorVersion = UInt8(truncatingIfNeeded: minor)
        status = hundreds * 100 + tens * 10 + ones
    }

    /// Informational: the response proper is still to come (RFC 9110 §15.2). After 101 it is another protocol's.
    package var isInterim: Bool { status < 200 && status != 101 }

    /// No body follows, whatever the fields say (RFC 9112 §6.3).
    package var isWithoutBody: Bool { status < 200 || status == 204 || status == 304 }

    private static func digit(_ bytes: RawSpan, at offset: Int) -> UInt16? {
        let octet = bytes.uint8(at: offset)
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) ? UInt16(octet - UInt8(ascii: "0")) : nil
    }
}
