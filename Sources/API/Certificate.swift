/// What an X.509 certificate says of itself (RFC 5280). What could not be read is absent.
package struct Certificate: Sendable, Equatable, Decodable {
    /// As RFC 4514 writes it: `CN=www.example.org,O=Example,C=NO`.
    package var subject: String?
    /// DNS names and addresses it is for; the first ones when `namesLeftOut` is not 0.
    package var names: [String] = []
    package var namesLeftOut: Int = 0
    package var issuer: String?
    /// Hexadecimal digits.
    package var serial: String?
    /// RFC 3339 in whole seconds, `2027-01-31T23:59:59Z`; in years up to 9999.
    package var notBefore: String?
    package var notAfter: String?
    /// `rsa`, `ec`, `ed25519`, …, or the algorithm's object identifier.
    package var keyType: String?
    package var keyBits: Int?
    /// `secp256r1`
    package var keyCurve: String?
    package var signatureAlgorithm: String?
    /// SHA-256 of the whole certificate.
    package var fingerprint: String
    package var selfSigned: Bool?
    /// When it was seen.
    package var expired: Bool?
    package var notYetValid: Bool?
    /// Whether it is for the host that was asked for; on the server's own certificate alone.
    package var nameMatches: Bool?

    package init(fingerprint: String) { self.fingerprint = fingerprint }

    private enum CodingKeys: String, CodingKey {
        case subject, names, issuer, serial, expired
        case namesLeftOut = "names_left_out"
        case notBefore = "not_before"
        case notAfter = "not_after"
        case keyType = "key_type"
        case keyBits = "key_bits"
        case keyCurve = "key_curve"
        case signatureAlgorithm = "signature_algorithm"
        case fingerprint = "sha256"
        case selfSigned = "self_signed"
        case notYetValid = "not_yet_valid"
        case nameMatches = "name_matches"
    }
}

extension Certificate: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("subject", subject)
        writer.field("names", names)
        writer.field("names_left_out", namesLeftOut)
        writer.field("issuer", issuer)
        writer.field("serial", serial)
        writer.field("not_before", notBefore)
        writer.field("not_after", notAfter)
        writer.field("key_type", keyType)
        writer.field("key_bits", keyBits)
        writer.field("key_curve", keyCurve)
        writer.field("signature_algorithm", signatureAlgorithm)
        writer.field("sha256", fingerprint)
        writer.field("self_signed", selfSigned)
        writer.field("expired", expired)
        writer.field("not_yet_valid", notYetValid)
        writer.field("name_matches", nameMatches)
        writer.endObject()
    }
}
