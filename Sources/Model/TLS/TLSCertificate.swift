/// The certificates of one Certificate message, the sender's own first (RFC 5246 §7.4.2).
package struct TLSCertificateChain: Sendable, Equatable {
    /// At most ``capacity``.
    package var certificates: [TLSCertificate] = []
    /// Those in the message.
    package var count = 0

    package static let capacity = 4

    package init() {}
}

/// What an X.509 certificate says of itself (RFC 5280 §4.1). What could not be read is absent.
package struct TLSCertificate: Sendable, Equatable {
    /// SHA-256 of the whole certificate, 64 lower-case hexadecimal digits.
    package var fingerprint: String
    /// Distinguished names as RFC 4514 writes them, printable ASCII, at most 512 characters.
    package var subject: String?
    package var issuer: String?
    /// Lower-case hexadecimal digits, two an octet, at most 20 octets.
    package var serial: String?
    package var notBefore: CertificateTime?
    package var notAfter: CertificateTime?
    /// DNS names and IP addresses of the subject (RFC 5280 §4.2.1.6), escaped, at most ``nameCapacity``.
    package var names: [String] = []
    package var namesLeftOut = 0
    /// `rsa`, `ec`, `ed25519`, …, or the algorithm's object identifier.
    package var keyType: String?
    package var keyBits: Int?
    /// `secp256r1`.
    package var keyCurve: String?
    /// `sha256WithRSAEncryption`, or the object identifier.
    package var signatureAlgorithm: String?
    /// Subject and issuer are the same, and so are their key identifiers, as far as they are given. The signature
    /// itself is not checked.
    package var isSelfSigned: Bool?

    package static let nameCapacity = 32

    package init(fingerprint: String) { self.fingerprint = fingerprint }

    /// Whether `time` is outside the validity; `nil` when that could not be read.
    package func isExpired(at time: Timestamp) -> Bool? { notAfter.map { time > $0.timestamp } }
    package func isNotYetValid(at time: Timestamp) -> Bool? { notBefore.map { time < $0.timestamp } }

    /// Whether it is for `host` (RFC 9525 §6.3); `nil` when it names no hosts in the extension made for that: some
    /// clients then take the subject's common name, others do not.
    package func isFor(_ host: String) -> Bool? {
        if names.isEmpty { return nil }
        let host = host.lowercased()
        if names.contains(where: { Self.matches($0.lowercased(), host) }) { return true }
        return namesLeftOut > 0 ? nil : false
    }

    /// A wildcard stands for one whole label, the leftmost.
    private static func matches(_ pattern: String, _ host: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return pattern == host }
        guard let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
        return host[dot...] == pattern.dropFirst()
    }
}

/// A time of a certificate: whole seconds, in years up to 9999.
package struct CertificateTime: Sendable, Equatable {
    /// Since 1970-01-01T00:00:00Z.
    package var seconds: Int64
    /// RFC 3339, `2027-01-31T23:59:59Z`.
    package var text: String

    package init(seconds: Int64, text: String) {
        self.seconds = seconds
        self.text = text
    }

    /// The end of time when it is beyond the year 2262.
    package var timestamp: Timestamp { Timestamp(seconds: seconds, nanoseconds: 0) }
}
