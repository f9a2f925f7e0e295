import Model

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
            "secure.alert", .secure,
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
            "secure.encrypted_alert", .secure,
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
            subject.failed(.secure, "closed_in_handshake") ? "secure.closed_in_handshake" : "secure.closed_by_quic",
            .secure,
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
