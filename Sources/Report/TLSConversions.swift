import API
import Model

// A handshake in the contract's words.

extension API.TLS {
    init(_ facts: TLSFacts) {
        self.init()
        let offer = facts.offer
        serverName = offer.serverName
        if offer.hasEncryptedClientHello {
            ech = "offered"
            if offer.serverName != nil { serverNameMayBeOuter = true }
        }
        alpnOffered = offer.applicationProtocols
        alpn = facts.applicationProtocol
        versionsOffered = offer.versions.map { TLSNames.version($0) }
        version = facts.version.map { TLSNames.version($0) }
        cipherSuitesOffered = offer.cipherSuites.map { TLSNames.cipherSuite($0) }
        cipherSuite = facts.cipherSuite.map { TLSNames.cipherSuite($0) }
        groupsOffered = offer.groups.map { TLSNames.group($0) }
        keyShares = offer.keyShares.map { TLSNames.group($0) }
        group = facts.group.map { TLSNames.group($0) }
        signatureAlgorithmsOffered = offer.signatureAlgorithms.map { TLSNames.signatureAlgorithm($0) }
        resumption = offer.resumption.map { Resumption(offered: $0.name, accepted: facts.isResumed) }
        if offer.hasEarlyData { earlyDataOffered = true }
        ja3 = offer.ja3
        ja3Text = offer.ja3Text
        ja4 = offer.ja4
        if let chain = facts.certificates {
            certificates = API.Certificate.list(chain, facts.certificateTime)
            if !certificates.isEmpty, let host = offer.serverName {
                certificates[0].nameMatches = chain.certificates.first.flatMap { $0.isFor(host) }
            }
            certificateCount = chain.count
        }
        if facts.asksForClientCertificate { clientCertificateRequested = true }
        if let chain = facts.clientCertificates {
            clientCertificates = API.Certificate.list(chain, facts.certificateTime)
            clientCertificateCount = chain.count
        }
        if facts.hasCertificateStatus { certificateStatus = true }
        if facts.issuesTicket { sessionTicket = true }
        alerts = facts.alerts.map { alert in
            Alert(
                time: Time(alert.time), from: alert.from.name, level: alert.level == 1 ? "warning" : "fatal",
                name: alert.name)
        }
        alertCount = facts.alertCount
        encryptedAlertFrom = facts.encryptedAlert?.from.name
        encryptedAlertTime = facts.encryptedAlert.map { Time($0.time) }
        clientHello = facts.clientHello.map { Time($0) }
        helloRetryRequest = facts.helloRetryRequest.map { Time($0) }
        serverHello = facts.serverHello.map { Time($0) }
        finished = facts.finished.map { Time($0) }
        if let start = facts.clientHello, let end = facts.finished { handshake = Milliseconds(end - start) }
        if facts.isPartlyUnseen { partlyUnseen = true }
    }
}

extension API.Certificate {
    fileprivate static func list(_ chain: TLSCertificateChain, _ time: Timestamp?) -> [API.Certificate] {
        chain.certificates.map { API.Certificate($0, time) }
    }

    private init(_ certificate: TLSCertificate, _ time: Timestamp?) {
        self.init(fingerprint: certificate.fingerprint)
        subject = certificate.subject
        names = certificate.names
        namesLeftOut = certificate.namesLeftOut
        issuer = certificate.issuer
        serial = certificate.serial
        notBefore = certificate.notBefore?.text
        notAfter = certificate.notAfter?.text
        keyType = certificate.keyType
        keyBits = certificate.keyBits
        keyCurve = certificate.keyCurve
        signatureAlgorithm = certificate.signatureAlgorithm
        selfSigned = certificate.isSelfSigned
        expired = time.flatMap { certificate.isExpired(at: $0) }
        notYetValid = time.flatMap { certificate.isNotYetValid(at: $0) }
    }
}
