import Crypto
import Decode

/// JA3 and JA4 of one ClientHello. Only of a whole one: a part would give another client's.
enum TLSFingerprints {
    /// What carried the hello, as JA4 writes it.
    enum Carrier: Character {
        case tcp = "t"
        case quic = "q"
    }

    /// JA3 before it is hashed (https://github.com/salesforce/ja3): version, cipher suites, extensions, groups and
    /// point formats in decimal, reserved values left out.
    static func ja3Text(_ hello: ClientHelloView) -> String {
        func list(_ numbers: [UInt16]) -> String {
            numbers.lazy.filter { !TLSReserved.contains($0) }.map { String($0) }.joined(separator: "-")
        }
        return [
            String(hello.legacyVersion ?? 0), list(hello.cipherSuites), list(hello.extensions),
            list(hello.supportedGroups), hello.pointFormats.map { String($0) }.joined(separator: "-"),
        ].joined(separator: ",")
    }

    /// MD5, which is no secret's guard here: JA3 is defined by it.
    static func ja3(_ text: String) -> String { hexadecimal(Insecure.MD5.hash(data: Array(text.utf8))) }

    /// JA4 (https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md), as revised in 2026.
    static func ja4(_ hello: ClientHelloView, over carrier: Carrier) -> String {
        let suites = hello.cipherSuites.filter { !TLSReserved.contains($0) }
        let extensions = hello.extensions.filter { !TLSReserved.contains($0) }
        var prefix = String(carrier.rawValue)
        prefix += version(hello.supportedVersions.filter { !TLSReserved.contains($0) }.max())
        // By the extension's presence, whatever is in it.
        prefix += extensions.contains(0) ? "d" : "i"
        prefix += count(suites.count) + count(extensions.count)
        prefix += applicationProtocol(hello)

        let ciphers = suites.sorted().map(digits).joined(separator: ",")
        // Server name and ALPN stand in the prefix already.
        var rest = extensions.filter { $0 != 0 && $0 != 16 }.sorted().map(digits).joined(separator: ",")
        let signatures = hello.signatureAlgorithms.filter { !TLSReserved.contains($0) }
        if !rest.isEmpty && !signatures.isEmpty { rest += "_" + signatures.map(digits).joined(separator: ",") }
        return "\(prefix)_\(shortHash(ciphers))_\(shortHash(rest))"
    }

    /// The highest version offered.
    private static func version(_ number: UInt16?) -> String {
        switch number {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        case 0x0002: "s2"
        default: "00"
        }
    }

    private static func count(_ count: Int) -> String {
        let count = min(count, 99)
        return count < 10 ? "0\(count)" : "\(count)"
    }

    /// The first and last character of the first ALPN identifier: when either of the two is neither letter nor digit
    /// of ASCII, those of its hexadecimal form.
    private static func applicationProtocol(_ hello: ClientHelloView) -> String {
        guard let (first, last) = hello.endsOfFirstProtocol else { return "00" }
        if isAlphanumeric(first) && isAlphanumeric(last) { return String(decoding: [first, last], as: UTF8.self) }
        return String(first >> 4, radix: 16) + String(last & 15, radix: 16)
    }

    private static func isAlphanumeric(_ octet: UInt8) -> Bool {
        switch octet {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func shortHash(_ text: String) -> String {
        text.isEmpty ? "000000000000" : String(hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(12))
    }

    private static func digits(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Lower-case hexadecimal digits, two an octet.
    static func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
