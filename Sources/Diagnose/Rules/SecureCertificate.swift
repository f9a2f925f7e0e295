import Model

extension Finding {
    static let secureCertificateExpired = Finding(
        id: "secure.certificate_expired", stage: .secure, severity: .error, title: "The certificate has expired",
        cause: "The server's certificate was not renewed in time, or the client's clock is ahead.",
        evidence:
            "The alert certificate_expired; or the certificate, which TLS 1.2 and earlier show, and a client that does not go on, or leaves right after the handshake.",
        fix: "Renew the certificate and have the server load it; compare `date -u` on the client.")

    static let secureCertificateNotYetValid = Finding(
        id: "secure.certificate_not_yet_valid", stage: .secure, severity: .error,
        title: "The certificate is from the future",
        cause: "This host's clock is behind, as after a flat battery; seldom the certificate was made too early.",
        evidence:
            "The certificate, which TLS 1.2 and earlier show, and a client that does not go on, or leaves right after the handshake.",
        fix: "Compare `date -u` with another clock, and look at the time service: `timedatectl`.")

    static let secureCertificateOfOther = Finding(
        id: "secure.certificate_of_other_name", stage: .secure, severity: .error,
        title: "The certificate is for another name",
        cause: "The server does not know the name, its certificate lacks it, or the name's address leads elsewhere.",
        evidence:
            "The certificate, which TLS 1.2 and earlier show, and a client that does not go on, or leaves right after the handshake.",
        fix: "Check what the name resolves to, and which names are in the certificate.")
}

extension Diagnosis {
    /// The client did not go on, and the server's certificate, where it can be seen, shows why.
    static func secureCertificate(_ subject: Case) -> Verdict? {
        guard subject.failed(.secure), let tls = subject.lifecycle.application.tls, subject.isClientUnwilling(tls),
            let fault = subject.certificateFault
        else { return nil }
        return unacceptable(subject, fault, isRefused: true)
    }

    /// The client left as soon as the handshake was done: many look at the name in the certificate only then. One that only
    /// looks whether the server is there does the same.
    static func secureCertificateLeft(_ subject: Case) -> Verdict? {
        guard subject.lifecycle.isUnusedAfterHandshake, let finished = subject.lifecycle.application.tls?.finished,
            let end = subject.firstEnd, end.time - finished < .seconds(1),
            end.party == .client || subject.lifecycle.hasOnlyTakenLeave,
            let fault = subject.certificateFault
        else { return nil }
        return unacceptable(subject, fault, isRefused: false)
    }

    private static func unacceptable(_ subject: Case, _ fault: CertificateFault, isRefused: Bool) -> Verdict {
        let (finding, what): (Finding, String)
        switch fault {
        case .expired(let since):
            finding = .secureCertificateExpired
            what = "has expired\(since.map { " \(Words.day($0.text))" } ?? "")"
        case .notYetValid(let from):
            finding = .secureCertificateNotYetValid
            what =
                "is not valid before \(from.map { Words.day($0.text) } ?? "later"): probably this host's clock is behind"
        case .ofOtherName(let name):
            finding = .secureCertificateOfOther
            what = "is not for \(Words.printable(name))"
        }
        var next = [subject.handshakeAgain]
        switch fault {
        case .expired, .notYetValid: next.append("date -u; timedatectl  # is this host's clock right?")
        case .ofOtherName(let name):
            next.append("dig \(Words.isPlainArgument(name) ? name : "-q \(Words.argument(name))")")
        }
        let ending = subject.alertEvidence
        return subject.verdict(
            finding,
            isRefused
                ? "The client does not go on with \(subject.server): the server's certificate \(what)."
                : "The client left \(subject.server) as soon as TLS was set up, perhaps because the server's certificate \(what).",
            severity: isRefused ? .error : .warning,
            evidence: subject.certificateEvidence + subject.clockEvidence(fault)
                + (ending.isEmpty ? ["ended first by the client, without an alert that can be read"] : ending),
            confidence: isRefused ? .likely : .possible, next: next)
    }
}

/// What is out of place about a server's certificate.
enum CertificateFault {
    case expired(CertificateTime?)
    case notYetValid(CertificateTime?)
    case ofOtherName(String)
}

extension Case {
    /// The first reason to reject the server's certificate that can be seen.
    var certificateFault: CertificateFault? {
        guard let tls = lifecycle.application.tls, let time = tls.certificateTime,
            let certificate = tls.certificates?.certificates.first
        else { return nil }
        if certificate.isExpired(at: time) == true { return .expired(certificate.notAfter) }
        if certificate.isNotYetValid(at: time) == true { return .notYetValid(certificate.notBefore) }
        if let name = tls.serverName, certificate.isFor(name) == false { return .ofOtherName(name) }
        return nil
    }

    /// The client ended the handshake, and gave no reason that has nothing to do with the certificate.
    fileprivate func isClientUnwilling(_ tls: TLSFacts) -> Bool {
        if let alert = lifecycle.endingAlert {
            guard alert.from == .client else { return false }
            switch alert.name {
            case "bad_certificate", "certificate_unknown", "certificate_expired": return true
            default: return false
            }
        }
        if let alert = tls.encryptedAlert { return alert.from == .client }
        return failed(.secure, "closed_in_handshake") && lifecycle.tcp?.closedFirst == .client
    }

    /// By how much a clock would have to be wrong.
    fileprivate func clockEvidence(_ fault: CertificateFault) -> [String] {
        guard case .notYetValid(let from?) = fault, let time = lifecycle.application.tls?.certificateTime else {
            return []
        }
        return ["by the clock that these packets were captured with, that is \(Words.long(from.timestamp - time)) away"]
    }
}
