import Crypto
import Decode

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
    /// point formats in decimal, reserved values left out. ASCII.
    static func ja3Text(_ hello: ClientHelloView) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(512)
        appendDecimal(hello.legacyVersion ?? 0, to: &text)
        for list in [hello.cipherSuites, hello.extensions, hello.supportedGroups] {
            text.append(UInt8(ascii: ","))
            appendList(list, reserved: false, to: &text)
        }
        text.append(UInt8(ascii: ","))
        appendList(hello.pointFormats.map { UInt16($0) }, reserved: true, to: &text)
        return text
    }

    /// MD5, which is no secret's guard here: JA3 is defined by it.
    static func ja3(_ text: [UInt8]) -> String { hexadecimal(Insecure.MD5.hash(data: text)) }

    /// JA4 (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md), as revised in 2026.
    static func ja4(_ hello: ClientHelloView, over carrier: Carrier) -> String {
        let suites = hello.cipherSuites.filter { !TLSReserved.contains($0) }
        let extensions = hello.extensions.filter { !TLSReserved.contains($0) }
        var text: [UInt8] = []
        text.reserveCapacity(36)
        text.append(carrier.letter)
        appendVersion(hello.supportedVersions.lazy.filter { !TLSReserved.contains($0) }.max(), to: &text)
        // By the extension's presence, whatever is in it.
        text.append(extensions.contains(0) ? UInt8(ascii: "d") : UInt8(ascii: "i"))
        appendCount(suites.count, to: &text)
        appendCount(extensions.count, to: &text)
        appendApplicationProtocol(hello, to: &text)

        var list: [UInt8] = []
        list.reserveCapacity(512)
        appendHexadecimal(suites.sorted(), to: &list)
        text.append(UInt8(ascii: "_"))
        appendShortHash(list, to: &text)
        list.removeAll(keepingCapacity: true)
        // Server name and ALPN stand in the prefix already.
        appendHexadecimal(extensions.filter { $0 != 0 && $0 != 16 }.sorted(), to: &list)
        let signatures = hello.signatureAlgorithms.filter { !TLSReserved.contains($0) }
        if !list.isEmpty && !signatures.isEmpty {
            list.append(UInt8(ascii: "_"))
            appendHexadecimal(signatures, to: &list)
        }
        text.append(UInt8(ascii: "_"))
        appendShortHash(list, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The highest version offered.
    private static func appendVersion(_ number: UInt16?, to text: inout [UInt8]) {
        let name: StaticString =
            switch number {
            case 0x0304: "13"
            case 0x0303: "12"
            case 0x0302: "11"
            case 0x0301: "10"
            case 0x0300: "s3"
            case 0x0002: "s2"
            default: "00"
            }
        name.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    }

    private static func appendCount(_ count: Int, to text: inout [UInt8]) {
        let count = UInt8(truncatingIfNeeded: min(count, 99))
        text.append(UInt8(ascii: "0") + count / 10)
        text.append(UInt8(ascii: "0") + count % 10)
    }

    /// The first and last character of the first ALPN identifier: when either of the two is neither letter nor digit
    /// of ASCII, those of its hexadecimal form.
    private static func appendApplicationProtocol(_ hello: ClientHelloView, to text: inout [UInt8]) {
        let zero = UInt8(ascii: "0")
        guard let (first, last) = hello.endsOfFirstProtocol else { return text += [zero, zero] }
        if isAlphanumeric(first) && isAlphanumeric(last) { return text += [first, last] }
        text += [digit(first >> 4), digit(last & 15)]
    }

    private static func isAlphanumeric(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// The first twelve digits of SHA-256, zeros for an empty list.
    private static func appendShortHash(_ list: [UInt8], to text: inout [UInt8]) {
        if list.isEmpty { return text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 12)) }
        for octet in SHA256.hash(data: list).prefix(6) { append(octet, to: &text) }
    }

    private static func appendList(_ numbers: [UInt16], reserved: Bool, to text: inout [UInt8]) {
        var isFirst = true
        for number in numbers where reserved || !TLSReserved.contains(number) {
            if !isFirst { text.append(UInt8(ascii: "-")) }
            isFirst = false
            appendDecimal(number, to: &text)
        }
    }

    private static func appendDecimal(_ number: UInt16, to text: inout [UInt8]) {
        var divisor: UInt16 = 10000
        while divisor > number && divisor > 1 { divisor /= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Four digits each.
    private static func appendHexadecimal(_ numbers: [UInt16], to text: inout [UInt8]) {
        for (index, number) in numbers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(UInt8(truncatingIfNeeded: number >> 8), to: &text)
            append(UInt8(truncatingIfNeeded: number), to: &text)
        }
    }

    private static func append(_ octet: UInt8, to text: inout [UInt8]) {
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
        for octet in octets { append(octet, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }
}
