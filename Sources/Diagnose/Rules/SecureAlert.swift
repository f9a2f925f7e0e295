import Model

extension Diagnosis {
    /// One side ended the TLS handshake and said why (RFC 8446 §6.2).
    static func secureAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let tls = subject.lifecycle.application.tls, let alert = tls.alert,
            subject.waterfall.failure?.reason == TLSNames.alert(alert)
        else { return nil }
        let name = TLSNames.alert(alert)
        let party = tls.alertFrom?.name ?? "other side"
        let endpoint = subject.lifecycle.server.endpoint
        let serverName = tls.serverName.map { " -servername \(Words.argument($0))" } ?? ""
        return subject.verdict(
            "secure.alert", .secure,
            "The \(party) broke off the encrypted connection to \(subject.server): \(meaning(of: name)).",
            evidence: [
                "TLS alert \(name) (\(alert)) from the \(party)"
                    + (tls.alertTime.map {
                        ", \(Words.span($0 - (tls.clientHello ?? subject.lifecycle.first))) after the ClientHello"
                    }
                        ?? "")
            ], next: ["openssl s_client -connect \(endpoint)\(serverName)"])
    }

    private static func meaning(of name: String) -> String {
        switch name {
        case "unknown_ca": "it does not trust the authority that signed the certificate"
        case "certificate_expired": "the certificate has expired"
        case "bad_certificate", "certificate_unknown", "unsupported_certificate", "certificate_revoked":
            "it does not accept the certificate"
        case "certificate_required": "it asks for a client certificate, and got none"
        case "handshake_failure", "insufficient_security", "protocol_version":
            "the two sides have no TLS version or cipher in common that both accept"
        case "unrecognized_name": "it does not serve the name that was asked for"
        case "no_application_protocol": "the two sides have no application protocol in common"
        default: "it says \"\(name)\""
        }
    }

    /// The connection ended in the middle of the handshake, without a word.
    static func secureCutShort(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure) else { return nil }
        let answered = subject.failed(.secure, "closed_in_handshake")
        let endpoint = subject.lifecycle.server.endpoint
        let ended = subject.lifecycle.tcp?.closedFirst.map { ["ended first by the \($0.name)"] } ?? []
        return subject.verdict(
            answered ? "secure.closed_in_handshake" : "secure.no_server_hello", .secure,
            "\(subject.server) accepted the connection, but the encryption was never set up.",
            evidence: [
                answered ? "the connection ended after the ServerHello" : "ClientHello sent, no ServerHello"
            ] + ended,
            confidence: .likely,
            next: [
                "openssl s_client -connect \(endpoint)",
                "check that this port speaks TLS, and that nothing on the way filters by name",
            ])
    }
}
