import Crypto
import Decode

/// The lists of a ClientHello, read once, without the reserved values that the client mixed in (RFC 8701).
struct TLSHelloLists {
    let versions: [UInt16]
    let cipherSuites: [UInt16]
    let extensions: [UInt16]
    let groups: [UInt16]
    let signatureAlgorithms: [UInt16]

    init(_ hello: ClientHelloView) {
        func proper(_ numbers: [UInt16]) -> [UInt16] {
            var numbers = numbers
            numbers.removeAll(where: TLSReserved.contains)
            return numbers
        }
        versions = proper(hello.supportedVersions)
        cipherSuites = proper(hello.cipherSuites)
        extensions = proper(hello.extensions)
        groups = proper(hello.supportedGroups)
        signatureAlgorithms = proper(hello.signatureAlgorithms)
    }
}

/// JA3 and JA4 of one ClientHello. Only of a whole one: a part would give another client's.
///
/// Their texts are octets until they are whole: a hello has some fifty numbers, and a string for each would cost more
/// than all else that is read of it.
enum TLSFingerprints {
    /// What carried the hello.
    enum Carrier {
        case tcp, quic

        /// As JA4 writes it.
        fileprivate var letter: UInt8 { self == .tcp ? UInt8(ascii: "t") : UInt8(ascii: "q") }
    }

    /// JA3 before it is hashed (https://github.com/salesforce/ja3): version, cipher suites, extensions, groups and
    /// point formats in decimal. ASCII.
    static func ja3Text(_ hello: ClientHelloView, _ lists: TLSHelloLists) -> [UInt8] {
        let formats = hello.pointFormats
        let count = lists.cipherSuites.count + lists.extensions.count + lists.groups.count + formats.count
        // A number takes six octets at most, with what parts it from the next.
        return [UInt8](capacity: 6 * (count + 2)) { text in
            append(decimal: hello.legacyVersion ?? 0, to: &text)
            for list in [lists.cipherSuites, lists.extensions, lists.groups] {
                text.append(UInt8(ascii: ","))
                append(list, to: &text)
            }
            text.append(UInt8(ascii: ","))
            for index in formats.indices {
                if index > 0 { text.append(UInt8(ascii: "-")) }
                append(decimal: UInt16(formats[index]), to: &text)
            }
        }
    }

    /// MD5, which is no secret's guard here: JA3 is defined by it.
    static func ja3(_ text: [UInt8]) -> String { hexadecimal(Insecure.MD5.hash(data: text)) }

    /// JA4 (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md), as revised in 2026.
    static func ja4(_ hello: ClientHelloView, _ lists: TLSHelloLists, over carrier: Carrier) -> String {
        let extensions = lists.extensions
        let text = [UInt8](capacity: 36) { text in
            text.append(carrier.letter)
            append(version: lists.versions.max(), to: &text)
            // By the extension's presence, whatever is in it.
            text.append(extensions.contains(0) ? UInt8(ascii: "d") : UInt8(ascii: "i"))
            append(count: lists.cipherSuites.count, to: &text)
            append(count: extensions.count, to: &text)
            appendApplicationProtocol(hello, to: &text)
            text.append(UInt8(ascii: "_"))
            append(hashOf: hexadecimal(lists.cipherSuites.sorted(), []), to: &text)
            text.append(UInt8(ascii: "_"))
            // Server name and ALPN stand in the prefix already.
            let others = extensions.filter { $0 != 0 && $0 != 16 }.sorted()
            append(hashOf: hexadecimal(others, lists.signatureAlgorithms), to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The highest version offered.
    private static func append(version: UInt16?, to text: inout OutputSpan<UInt8>) {
        let name: (Unicode.Scalar, Unicode.Scalar) =
            switch version {
            case 0x0304: ("1", "3")
            case 0x0303: ("1", "2")
            case 0x0302: ("1", "1")
            case 0x0301: ("1", "0")
            case 0x0300: ("s", "3")
            case 0x0002: ("s", "2")
            default: ("0", "0")
            }
        text.append(UInt8(ascii: name.0))
        text.append(UInt8(ascii: name.1))
    }

    private static func append(count: Int, to text: inout OutputSpan<UInt8>) {
        let count = UInt8(truncatingIfNeeded: min(count, 99))
        text.append(UInt8(ascii: "0") + count / 10)
        text.append(UInt8(ascii: "0") + count % 10)
    }

    /// The first and last character of the first ALPN identifier: when either of the two is neither letter nor digit
    /// of ASCII, those of its hexadecimal form.
    private static func appendApplicationProtocol(_ hello: ClientHelloView, to text: inout OutputSpan<UInt8>) {
        var (first, last) = (UInt8(ascii: "0"), UInt8(ascii: "0"))
        if let ends = hello.endsOfFirstProtocol {
            let isText = isAlphanumeric(ends.first) && isAlphanumeric(ends.last)
            (first, last) = isText ? ends : (digit(ends.first >> 4), digit(ends.last & 15))
        }
        text.append(first)
        text.append(last)
    }

    private static func isAlphanumeric(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// The first twelve digits of SHA-256, zeros for an empty list.
    private static func append(hashOf list: [UInt8], to text: inout OutputSpan<UInt8>) {
        if list.isEmpty { return text.append(repeating: UInt8(ascii: "0"), count: 12) }
        for octet in SHA256.hash(data: list).prefix(6) { append(octet, to: &text) }
    }

    private static func append(_ numbers: [UInt16], to text: inout OutputSpan<UInt8>) {
        for index in numbers.indices {
            if index > 0 { text.append(UInt8(ascii: "-")) }
            append(decimal: numbers[index], to: &text)
        }
    }

    private static func append(decimal number: UInt16, to text: inout OutputSpan<UInt8>) {
        var divisor: UInt16 = 10000
        while divisor > number && divisor > 1 { divisor /= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Four digits each, then those of the second list, if both have any.
    private static func hexadecimal(_ numbers: [UInt16], _ more: [UInt16]) -> [UInt8] {
        [UInt8](capacity: 5 * (numbers.count + more.count)) { text in
            append(hexadecimal: numbers, to: &text)
            if numbers.isEmpty || more.isEmpty { return }
            text.append(UInt8(ascii: "_"))
            append(hexadecimal: more, to: &text)
        }
    }

    private static func append(hexadecimal numbers: [UInt16], to text: inout OutputSpan<UInt8>) {
        for index in numbers.indices {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(UInt8(truncatingIfNeeded: numbers[index] >> 8), to: &text)
            append(UInt8(truncatingIfNeeded: numbers[index]), to: &text)
        }
    }

    private static func append(_ octet: UInt8, to text: inout OutputSpan<UInt8>) {
        text.append(digit(octet >> 4))
        text.append(digit(octet & 15))
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }

    /// Lower-case hexadecimal digits, two an octet.
    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * octets.underestimatedCount)
        for octet in octets {
            text.append(digit(octet >> 4))
            text.append(digit(octet & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
