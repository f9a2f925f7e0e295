import Model

extension Finding {
    /// `secure.` and the alert's name, as `name.` and the RCODE.
    static let secureAlert = Finding(
        id: "secure.ALERT", stage: .secure, severity: .error, title: "The TLS handshake ended with another alert",
        cause: "One side cannot go on: `ALERT` stands for the alert's name in small letters (RFC 8446 §6.2).",
        evidence: "A fatal alert that is not encrypted.",
        fix: "`openssl s_client -connect ADDRESS:PORT -servername NAME` shows the same.")

    static let secureProtocolVersion = Finding(
        id: "secure.protocol_version", stage: .secure, severity: .error, title: "No TLS version in common",
        cause: "One side is too old for the other, or is set up to accept no older version (RFC 8446 §6.2).",
        evidence: "The alert protocol_version.",
        fix: "Update the older side, or allow it the version; `openssl s_client -tls1_2` tries one alone.")

    static let secureNoApplicationProtocol = Finding(
        id: "secure.no_application_protocol", stage: .secure, severity: .error,
        title: "No application protocol in common",
        cause: "The server speaks none of the protocols that the client offers by ALPN (RFC 7301 §3.2).",
        evidence: "The alert no_application_protocol.",
        fix: "Check the port, and compare what the client offers with what the server is set up for.")

    static let secureUnrecognizedName = Finding(
        id: "secure.unrecognized_name", stage: .secure, severity: .error, title: "The server does not serve that name",
        cause:
            "The server has nothing under the name in the ClientHello (SNI, RFC 6066 §3), or that name's address is wrong.",
        evidence: "The alert unrecognized_name.",
        fix: "Check the name, where it leads, and the server's virtual hosts.")

    static let secureHandshakeFailure = Finding(
        id: "secure.handshake_failure", stage: .secure, severity: .error,
        title: "No cipher, key or certificate in common",
        cause:
            "The two sides find no parameters that both accept (RFC 8446 §6.2); some servers say so for other reasons too.",
        evidence: "The alert handshake_failure or insufficient_security.",
        fix: "Compare cipher suites, groups and the certificate's key: `openssl s_client` shows what it offers.")

    static let secureUnknownCA = Finding(
        id: "secure.unknown_ca", stage: .secure, severity: .error, title: "The certificate's authority is not trusted",
        cause:
            "Whoever signed the certificate is not among the authorities that the other side trusts, or a certificate between is not sent.",
        evidence: "The alert unknown_ca.",
        fix: "Let the server send its whole chain, or let the client trust the authority.")

    static let secureCertificateRequired = Finding(
        id: "secure.certificate_required", stage: .secure, severity: .error, title: "A client certificate is asked for",
        cause: "The server lets nobody in without a certificate of the client's, and got none.",
        evidence:
            "The alert certificate_required; or, up to TLS 1.2, the server's question for a certificate, the client's empty answer, and the alert handshake_failure. TLS 1.3 encrypts them all.",
        fix: "Give the client its certificate and key.")

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

    /// The entry of an alert by its name.
    fileprivate static func ofAlert(_ name: String) -> Finding {
        switch name {
        case "protocol_version": secureProtocolVersion
        case "no_application_protocol": secureNoApplicationProtocol
        case "unrecognized_name": secureUnrecognizedName
        case "handshake_failure", "insufficient_security": secureHandshakeFailure.called("secure.\(name)")
        case "unknown_ca": secureUnknownCA
        case "certificate_required": secureCertificateRequired
        case "certificate_expired": secureCertificateExpired
        default: secureAlert.called("secure.\(name)")
        }
    }
}

extension Diagnosis {
    /// One side ended the TLS handshake and said why (RFC 8446 §6.2).
    static func secureAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let tls = subject.lifecycle.application.tls,
            let alert = subject.lifecycle.endingAlert, subject.waterfall.failure?.reason == alert.name
        else { return nil }
        let name = alert.name
        let party = alert.from.name
        if subject.lacksClientCertificate(tls, alert) {
            return subject.verdict(
                .secureCertificateRequired,
                "The server broke off the encrypted connection to \(subject.server): it asked for a client certificate, and got "
                    + "none.",
                evidence: ["the server asked for a client certificate, and the client sent an empty list"]
                    + subject.alertEvidence, confidence: .likely,
                next: [
                    "\(subject.handshakeAgain) -cert CERTIFICATE -key KEY  # with those of the client: does it go on?",
                    subject.clientJournal("which certificate is the client set up with?"),
                ])
        }
        return subject.verdict(
            .ofAlert(name),
            "The \(party) broke off the encrypted connection to \(subject.server): \(meaning(of: name)).",
            evidence: subject.alertEvidence + subject.offerEvidence(for: name) + subject.certificateEvidence,
            next: [subject.handshakeAgain])
    }

    /// One side ended the TLS handshake and said why, inside the encryption (RFC 8446 §6).
    static func secureEncryptedAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure, "encrypted_alert"), let tls = subject.lifecycle.application.tls,
            let alert = tls.encryptedAlert
        else { return nil }
        let party = alert.from.name
        return subject.verdict(
            .secureEncryptedAlert,
            "The \(party) broke off the encrypted connection to \(subject.server); why, it said inside the encryption.",
            evidence: subject.alertEvidence + subject.certificateEvidence,
            confidence: .likely,
            next: [
                alert.from == .client
                    ? subject.clientJournal("does it accept the server's certificate?")
                    : subject.serverJournal("why did it break off?"), subject.handshakeAgain,
            ])
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

extension Case {
    /// Until TLS 1.2 a server says so with handshake_failure (RFC 5246 §7.4.6); from TLS 1.3 on the alert is encrypted.
    fileprivate func lacksClientCertificate(_ tls: TLSFacts, _ alert: TLSAlertReport) -> Bool {
        alert.from == .server && alert.name == "handshake_failure" && tls.asksForClientCertificate
            && tls.clientCertificates?.count == 0
    }

    /// The alert that ended the handshake, as far as it can be read.
    var alertEvidence: [String] {
        guard let tls = lifecycle.application.tls else { return [] }
        let start = tls.clientHello ?? lifecycle.first
        if let alert = lifecycle.endingAlert {
            return [
                "TLS alert \(alert.name) (\(alert.description)) from the \(alert.from.name), "
                    + "\(Words.span(alert.time - start)) after the ClientHello"
            ]
        }
        guard let alert = tls.encryptedAlert else { return [] }
        return [
            "encrypted TLS alert from the \(alert.from.name), \(Words.span(alert.time - start)) after the ClientHello"
        ]
    }

    /// What the client brought along of that which an alert finds wanting.
    fileprivate func offerEvidence(for alert: String) -> [String] {
        guard let tls = lifecycle.application.tls else { return [] }
        switch alert {
        case "protocol_version":
            var evidence: [String] = []
            let offered = tls.offer.versions.prefix(8).map { TLSNames.version($0) }
            if !offered.isEmpty { evidence.append("the client offers \(offered.joined(separator: ", "))") }
            if let version = tls.version { evidence.append("the server chose \(TLSNames.version(version))") }
            return evidence
        case "no_application_protocol":
            let offered = tls.offer.applicationProtocols.prefix(8).map(Words.printable)
            return offered.isEmpty ? [] : ["the client offers \(offered.joined(separator: ", "))"]
        case "unrecognized_name":
            return [tls.serverName.map { "the client asks for \(Words.printable($0))" } ?? "the client names no server"]
        default: return []
        }
    }
}
