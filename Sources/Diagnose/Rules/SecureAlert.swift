import Model

extension Diagnosis {
    /// One side ended the TLS handshake and said why (RFC 8446 §6.2).
    static func secureAlert(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let tls = subject.lifecycle.application.tls,
            let alert = tls.endingAlert, subject.waterfall.failure?.reason == alert.name
        else { return nil }
        let name = alert.name
        let party = alert.from.name
        let endpoint = subject.lifecycle.server.endpoint
        let serverName = tls.serverName.map { " -servername \(Words.argument($0))" } ?? ""
        let after = alert.time - (tls.clientHello ?? subject.lifecycle.first)
        return subject.verdict(
            "secure.alert", .secure,
            "The \(party) broke off the encrypted connection to \(subject.server): \(meaning(of: name)).",
            evidence: [
                "TLS alert \(name) (\(alert.description)) from the \(party), \(Words.span(after)) after the ClientHello"
            ],
            next: ["openssl s_client -connect \(endpoint)\(serverName)"])
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
}
