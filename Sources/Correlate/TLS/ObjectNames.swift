import SwiftASN1

/// Names of the object identifiers that certificates are made of, by their dotted form.
enum ObjectNames {
    /// The identifier's name, or its dotted form; `nil` when it is no identifier.
    static func name(_ node: ASN1Node) -> String? {
        guard let dotted = dotted(node) else { return nil }
        return names[dotted] ?? dotted
    }

    /// The name of an AlgorithmIdentifier (RFC 5280 §4.1.1.2).
    static func algorithm(_ node: ASN1Node) -> String? {
        var parts = ASN1Children(node)
        return parts.next().flatMap { name($0) }
    }

    /// The short name of an attribute type (RFC 4514 §3), or its dotted form.
    static func attribute(_ node: ASN1Node) -> String {
        guard let dotted = dotted(node) else { return "?" }
        return attributes[dotted] ?? dotted
    }

    static func bits(ofCurve name: String) -> Int? { curveBits[name] }

    private static func dotted(_ node: ASN1Node) -> String? {
        // No identifier in use is as long; the dotted form of what is would be.
        guard let octets = node.octets, octets.count <= 32, let identifier = try? ASN1ObjectIdentifier(derEncoded: node)
        else { return nil }
        return identifier.description
    }

    private static let names = [
        // keys
        "1.2.840.113549.1.1.1": "rsa", "1.2.840.113549.1.1.10": "rsassaPss", "1.2.840.10040.4.1": "dsa",
        "1.2.840.10045.2.1": "ec", "1.3.101.112": "ed25519", "1.3.101.113": "ed448",
        "2.16.840.1.101.3.4.3.17": "ml-dsa-44", "2.16.840.1.101.3.4.3.18": "ml-dsa-65",
        "2.16.840.1.101.3.4.3.19": "ml-dsa-87",
        // curves
        "1.2.840.10045.3.1.1": "secp192r1", "1.3.132.0.33": "secp224r1", "1.2.840.10045.3.1.7": "secp256r1",
        "1.3.132.0.34": "secp384r1", "1.3.132.0.35": "secp521r1", "1.3.132.0.10": "secp256k1",
        "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1", "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
        // signatures
        "1.2.840.113549.1.1.4": "md5WithRSAEncryption", "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.11": "sha256WithRSAEncryption", "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13": "sha512WithRSAEncryption", "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
        "1.2.840.10040.4.3": "dsa-with-sha1", "2.16.840.1.101.3.4.3.2": "dsa-with-sha256",
        "1.2.840.10045.4.1": "ecdsa-with-SHA1", "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
        "1.2.840.10045.4.3.2": "ecdsa-with-SHA256", "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    ]

    private static let attributes = [
        "2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
        "2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.42": "GN",
        "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
        "1.2.840.113549.1.9.1": "emailAddress",
    ]

    private static let curveBits = [
        "secp192r1": 192, "secp224r1": 224, "secp256r1": 256, "secp384r1": 384, "secp521r1": 521, "secp256k1": 256,
        "brainpoolP256r1": 256, "brainpoolP384r1": 384, "brainpoolP512r1": 512,
    ]
}
