import Model

extension Finding {
    static let secureUntrusted = Finding(
        id: "secure.untrusted_certificate", stage: .secure, severity: .notice,
        title: "The certificate is out of place, and the client went on",
        cause:
            "The server's certificate is expired, not yet valid or for another name; the client was told to trust it, or does not look.",
        evidence: "The certificate, which TLS 1.2 and earlier show, and a connection that went on.",
        fix: "Renew the certificate, or ask for the server by a name that is in it.")
}

extension Diagnosis {
    /// The certificate is one that clients reject, and this one went on. That it is its own authority is no such reason:
    /// a client that took it was told to trust it.
    static func secureUntrusted(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .ok, subject.certificateFault != nil else { return nil }
        return subject.verdict(
            .secureUntrusted,
            "\(subject.server) answered; its certificate is one that clients reject unless told to trust it.",
            evidence: subject.certificateEvidence, next: [subject.handshakeAgain])
    }
}
