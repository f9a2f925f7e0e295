/// Names of TLS numbers (IANA "Transport Layer Security (TLS) Parameters").
package enum TLSNames {
    package static let version13: UInt16 = 0x0304

    /// `TLS 1.3`; `0x7F1C` where none is registered.
    package static func version(_ number: UInt16) -> String {
        switch number {
        case 0x0300: return "SSL 3.0"
        case 0x0301: return "TLS 1.0"
        case 0x0302: return "TLS 1.1"
        case 0x0303: return "TLS 1.2"
        case 0x0304: return "TLS 1.3"
        default: return hexadecimal(number)
        }
    }

    /// `TLS_AES_128_GCM_SHA256`; `0x7F1C` where none is registered.
    package static func cipherSuite(_ number: UInt16) -> String {
        CipherSuiteNames.names[number].map { "TLS_" + $0 } ?? hexadecimal(number)
    }

    /// Encryption with associated data (RFC 5288, RFC 6655, RFC 7905): its records are of their content's length.
    package static func isAuthenticatedEncryption(_ suite: UInt16) -> Bool {
        let name = cipherSuite(suite)
        return ["_GCM_", "_CCM", "_POLY1305_"].contains { name.contains($0) }
    }

    /// Whether a ServerKeyExchange of that suite begins with the parameters of an elliptic curve (RFC 8422 §5.4): with
    /// a pre-shared key, a hint comes before them.
    package static func beginsWithNamedCurve(_ suite: UInt16) -> Bool {
        guard let name = CipherSuiteNames.names[suite] else { return false }
        return name.hasPrefix("ECDHE_ECDSA_") || name.hasPrefix("ECDHE_RSA_") || name.hasPrefix("ECDH_anon_")
    }

    /// `x25519`; `0x7F1C` where none is registered.
    package static func group(_ number: UInt16) -> String { TLSGroupNames.group(number) ?? hexadecimal(number) }

    /// `ed25519`; `0x7F1C` where none is registered.
    package static func signatureAlgorithm(_ number: UInt16) -> String {
        TLSGroupNames.signature(number) ?? hexadecimal(number)
    }

    private static func hexadecimal(_ number: UInt16) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// Every alert ends the handshake but close_notify, user_canceled and no_renegotiation (RFC 8446 §6, RFC 5246 §7.2.2).
    package static func isFatal(_ alert: UInt8) -> Bool { alert != 0 && alert != 90 && alert != 100 }

    /// The alert's name (RFC 8446 §6, RFC 5246 §7.2); `alert_200` where none is registered.
    package static func alert(_ number: UInt8) -> String {
        switch number {
        case 0: "close_notify"
        case 10: "unexpected_message"
        case 20: "bad_record_mac"
        case 21: "decryption_failed"
        case 22: "record_overflow"
        case 30: "decompression_failure"
        case 40: "handshake_failure"
        case 41: "no_certificate"
        case 42: "bad_certificate"
        case 43: "unsupported_certificate"
        case 44: "certificate_revoked"
        case 45: "certificate_expired"
        case 46: "certificate_unknown"
        case 47: "illegal_parameter"
        case 48: "unknown_ca"
        case 49: "access_denied"
        case 50: "decode_error"
        case 51: "decrypt_error"
        case 52: "too_many_cids_requested"
        case 60: "export_restriction"
        case 70: "protocol_version"
        case 71: "insufficient_security"
        case 80: "internal_error"
        case 86: "inappropriate_fallback"
        case 90: "user_canceled"
        case 100: "no_renegotiation"
        case 109: "missing_extension"
        case 110: "unsupported_extension"
        case 111: "certificate_unobtainable"
        case 112: "unrecognized_name"
        case 113: "bad_certificate_status_response"
        case 114: "bad_certificate_hash_value"
        case 115: "unknown_psk_identity"
        case 116: "certificate_required"
        case 120: "no_application_protocol"
        case 121: "ech_required"
        default: "alert_\(number)"
        }
    }
}
