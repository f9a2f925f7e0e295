import Model

// Ways in which the handshake of TLS fails.

extension LifecycleSample {
    static let handshakes: [LifecycleSample] = [
        alerted("alert protocol_version", 70, from: .server), alerted("alert unrecognized_name", 112, from: .server),
        alerted("alert no_application_protocol", 120, from: .server),
        alerted("alert certificate_expired", 45, from: .client), alerted("alert decode_error", 50, from: .server),
        rejected("expired certificate rejected", "example.org", 2018..<2020, by: 45),
        rejected("early certificate rejected", "example.org", 2030..<2031, by: 42),
        rejected("certificate of another name rejected", "other.example", 2018..<2030, by: 42),
        rejected("certificate in order, rejected", "example.org", 2018..<2030, by: 42),
        rejected("expired certificate, left without a word", "example.org", 2018..<2020, by: nil),
        answeredByAlert("expired certificate, left, and the server has an alert for it"),
        hidden("TLS 1.3, no answer until the client left", asked: 200, answered: 0, leaver: .client, at: 2026),
        hidden("TLS 1.3, closed with an alert for an answer", asked: 200, answered: 24, leaver: .server, at: 40),
        hidden("TLS 1.3, tickets and then silence", asked: 200, answered: 510, leaver: .client, at: 2026),
        farewell("TLS 1.3, a farewell, and then the server closed first"),
        hidden("TLS 1.3, looked at", asked: 24, answered: 24, leaver: .client, at: 27),
        LifecycleSample(
            "no TLS at this port",
            secured(.closed) { _, lifecycle in
                lifecycle.exchange(500, at: 11, 309, at: 25)
                lifecycle.fins(client: 27, server: 26)
            }),
        LifecycleSample(
            "left in the handshake",
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0303
                lifecycle.fins(client: 27, server: 28)
            }),
        LifecycleSample(
            "no client certificate",
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0303
                tls.asksForClientCertificate = true
                tls.clientCertificates = TLSCertificateChain()
                tls.note(TLSAlertReport(time: after(27), from: .server, level: 2, description: 40))
                lifecycle.fins(client: 46, server: 28)
            }),
        left("certificate of another name, left after the handshake", "other.example", until: 28),
        left("certificate of another name, used", "other.example", until: 900),
        left("certificate in order, left after the handshake", "example.org", until: 28),
        reset("reset after the ClientHello", ttl: 57), reset("reset after the ClientHello by another", ttl: 64),
        LifecycleSample(
            "ClientHello lost",
            greeted(.halfClosed, until: 3000) { lifecycle in
                lifecycle.client.tcp?.retransmittedSegments = 4
                lifecycle.client.tcp?.unacknowledged = 501
                lifecycle.fins(client: 3000, server: nil)
            }),
        LifecycleSample(
            "ClientHello sent again and again",
            greeted(.established, until: 3000) { lifecycle in
                lifecycle.ending = nil
                lifecycle.client.tcp?.retransmittedSegments = 4
                lifecycle.client.tcp?.unacknowledged = 500
            }),
        LifecycleSample(
            "ClientHello unanswered",
            greeted(.halfClosed, until: 3000) { lifecycle in
                lifecycle.client.tcp?.unacknowledged = 1
                lifecycle.fins(client: 3000, server: nil)
            }),
        LifecycleSample(
            "left after the ClientHello", greeted(.halfClosed, until: 30) { $0.fins(client: 30, server: nil) }),
    ]

    /// The client leaves, and the server has an alert for that.
    private static func answeredByAlert(_ name: String) -> LifecycleSample {
        var sample = rejected(name, "example.org", 2018..<2020, by: nil)
        sample.lifecycle.application.tls?.note(
            TLSAlertReport(time: after(28), from: .server, level: 2, description: 50))
        return sample
    }

    /// The handshake of TLS 1.3 is done after 26 ms; then both sides send so many bytes.
    private static func hidden(
        _ name: String, asked: UInt64, answered: UInt64, leaver: Party, at end: Double
    ) -> LifecycleSample {
        LifecycleSample(
            name,
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0304
                tls.cipherSuite = 0x1301
                tls.finished = after(26)
                tls.clientHandshakeBytes = 580
                tls.serverHandshakeBytes = 4000
                lifecycle.client.tcp?.sequenceBytes = 580 + asked
                lifecycle.server.tcp?.sequenceBytes = 4000 + answered
                lifecycle.client.lastPayload = after(leaver == .client ? end : 26)
                if answered > 0 { lifecycle.server.lastPayload = after(leaver == .client ? 27 : end) }
                lifecycle.fins(
                    client: leaver == .client ? end : end + 1, server: leaver == .client ? end + 1 : end)
                lifecycle.last = after(end + 1)
            })
    }

    /// The client's close_notify reaches the server before its FIN, and the server closes at once.
    private static func farewell(_ name: String) -> LifecycleSample {
        var sample = hidden(name, asked: 224, answered: 0, leaver: .server, at: 2027)
        sample.lifecycle.client.lastPayload = after(2026)
        return sample
    }

    /// A ClientHello at 11 ms, and no byte of the server.
    private static func greeted(
        _ state: TCPState, until end: Double, _ change: (inout Lifecycle) -> Void
    ) -> Lifecycle {
        var lifecycle = secured(state) { _, lifecycle in
            lifecycle.server.payloadBytes = 0
            lifecycle.server.firstPayload = nil
            lifecycle.server.lastPayload = nil
        }
        lifecycle.last = sampleStart + .milliseconds(Int(end))
        change(&lifecycle)
        return lifecycle
    }

    private static func reset(_ name: String, ttl: UInt8) -> LifecycleSample {
        LifecycleSample(
            name,
            greeted(.resetByServer, until: 12) { lifecycle in
                lifecycle.server.tcp?.rst = after(12)
                lifecycle.server.tcp?.resetTTL = ttl
                lifecycle.tcp?.closedFirst = .server
            })
    }

    private static func alerted(_ name: String, _ description: UInt8, from party: Party) -> LifecycleSample {
        LifecycleSample(
            name,
            secured(.closed) { tls, lifecycle in
                tls.offer.versions = [0x0304, 0x0303]
                tls.note(TLSAlertReport(time: after(25), from: party, level: 2, description: description))
                lifecycle.fins(client: party == .client ? 25 : 46, server: 26)
            })
    }

    /// The handshake of TLS 1.2 is done after 26 ms, and the client closes after `end`.
    private static func left(_ name: String, _ host: String, until end: Double) -> LifecycleSample {
        var sample = rejected(name, host, 2018..<2030, by: nil)
        sample.lifecycle.application.tls?.finished = after(26)
        sample.lifecycle.application.tls?.serverHandshakeBytes = end < 50 ? 4000 : 2000
        sample.lifecycle.application.tls?.clientHandshakeBytes = 600
        sample.lifecycle.client.lastPayload = after(end)
        sample.lifecycle.server.lastPayload = after(end - 1)
        sample.lifecycle.fins(client: end, server: end + 1)
        return sample
    }

    /// The server shows its certificate, and the client leaves with an alert or without a word.
    private static func rejected(
        _ name: String, _ host: String, _ years: Range<Int64>, by description: UInt8?
    ) -> LifecycleSample {
        LifecycleSample(
            name,
            secured(.closed) { tls, lifecycle in
                tls.serverHello = after(25)
                tls.version = 0x0303
                var certificate = TLSCertificate(fingerprint: String(repeating: "0", count: 64))
                certificate.subject = "CN=\(host)"
                certificate.names = [host]
                certificate.notBefore = beginning(of: years.lowerBound)
                certificate.notAfter = beginning(of: years.upperBound)
                var chain = TLSCertificateChain()
                chain.certificates = [certificate]
                chain.count = 1
                tls.certificates = chain
                tls.certificateTime = after(25)
                if let description {
                    tls.note(TLSAlertReport(time: after(26), from: .client, level: 2, description: description))
                }
                lifecycle.fins(client: 27, server: 28)
            })
    }

    private static func beginning(of year: Int64) -> CertificateTime {
        CertificateTime(seconds: (year - 1970) * 31_556_952, text: "\(year)-01-01T00:00:00Z")
    }
}
