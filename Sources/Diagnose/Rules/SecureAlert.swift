import Model

extension Finding {
    static let secureAlert = Finding(
        id: "secure.alert", stage: .secure, severity: .error, title: "The TLS handshake ended with an alert",
        cause: "One side cannot accept what the other offers or shows: the alert names it (RFC 8446 §6.2).",
        evidence: "A fatal alert that is not encrypted.",
        fix: "`openssl s_client -connect ADDRESS:PORT -servername NAME` shows the same.")

    static let secureEncryptedAlert = Finding(
        id: "secure.encrypted_alert", stage: .secure, severity: .error,
        title: "The TLS handshake ended with an encrypted alert",
        cause: "One side cannot accept what the other showed; why stands inside the encryption (RFC 8446 §6).",
        evidence: "An encrypted record of an alert's length, and the end of the connection.",
        fix: "Look into the log of the side that sent it.")

    static let secureClosedByQUIC = Finding(
        id: "secure.closed_by_quic", stage: .secure, severity: .error, title: "The QUIC handshake was closed",
        cause: "One side closed the connection before it was established, and said why (RFC 9000 §20.1).",
        evidence: "A CONNECTION_CLOSE frame in the handshake.",
        fix: "Try it with a curl that has HTTP/3.")
}

extension Diagnosis {
    /// One side ended the TLS handshake and said why (RFC 8446 §6.2).
    static func secureAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let tls = subject.lifecycle.application.tls,
            let alert = tls.endingAlert, subject.waterfall.failure?.reason == alert.name
        else { return nil }
        let name = alert.name
        let party = alert.from.name
        let after = alert.time - (tls.clientHello ?? subject.lifecycle.first)
        return subject.verdict(
            .secureAlert,
            "The \(party) broke off the encrypted connection to \(subject.server): \(meaning(of: name)).",
            evidence: [
                "TLS alert \(name) (\(alert.description)) from the \(party), \(Words.span(after)) after the ClientHello"
            ] + subject.handshakeEvidence, next: [subject.handshakeAgain])
    }

    /// One side ended the TLS handshake and said why, inside the encryption (RFC 8446 §6).
    static func secureEncryptedAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure, "encrypted_alert"), let tls = subject.lifecycle.application.tls,
            let alert = tls.encryptedAlert
        else { return nil }
        let party = alert.from.name
        let after = alert.time - (tls.clientHello ?? subject.lifecycle.first)
        return subject.verdict(
            .secureEncryptedAlert,
            "The \(party) broke off the encrypted connection to \(subject.server); why, it said inside the encryption.",
            evidence: ["encrypted TLS alert from the \(party), \(Words.span(after)) after the ClientHello"]
                + subject.handshakeEvidence,
            confidence: .likely, next: ["look into the log of the \(party)", subject.handshakeAgain])
    }

    /// One side closed a QUIC connection in its handshake, for another reason than TLS (RFC 9000 §20.1).
    static func secureClosedInQUIC(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let quic = subject.lifecycle.application.quic, let close = quic.close
        else { return nil }
        let party = close.from.name
        let after = close.time - (quic.clientInitial ?? subject.lifecycle.first)
        var evidence = [
            "QUIC error \(close.name) from the \(party), \(Words.span(after)) after the client's first packet"
        ]
        if let phrase = close.reasonPhrase { evidence.append("the \(party) says: \(Words.printable(phrase))") }
        return subject.verdict(
            subject.failed(.secure, "closed_in_handshake") ? .secureClosedInHandshake : .secureClosedByQUIC,
            "The \(party) closed the QUIC connection to \(subject.server) before it was established: "
                + "\(meaning(ofQUIC: close)).",
            evidence: evidence, next: [subject.handshakeAgain])
    }

    private static func meaning(ofQUIC close: QUICClose) -> String {
        switch close.name {
        case "no_error": "it gives no error as the reason"
        case "connection_refused": "it refuses new connections"
        case "invalid_token": "it does not accept the token that should prove the client's address"
        case "version_negotiation_error": "the two sides did not come to one QUIC version"
        case "no_viable_path": "the way there does not carry packets as large as QUIC needs"
        case "transport_parameter_error", "protocol_violation", "frame_encoding_error":
            "it says that the other side does not keep to the protocol (\(close.name))"
        default: "it says \"\(close.name)\""
        }
    }

    private static func meaning(of name: String) -> String {
        switch name {
        case "unknown_ca": "it does not trust the authority that signed the certificate"
        case "certificate_expired": "the certificate has expired"
        case "bad_certificate", "certificate_unknown", "unsupported_certificate", "certificate_revoked":
            "it does not accept the certificate"
        case "certificate_required": "it asks for a client certificate, and got none"
        case "protocol_version": "the two sides have no TLS version in common that both accept"
        case "handshake_failure", "insufficient_security":
            "the two sides have no cipher, key or certificate in common that both accept"
        case "unrecognized_name": "it does not serve the name that was asked for"
        case "no_application_protocol": "the two sides have no application protocol in common"
        case "user_canceled": "it gave up the handshake"
        default: "it says \"\(name)\""
        }
    }
}
