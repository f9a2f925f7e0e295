/// What can be read of a TLS handshake in passing (RFC 8446, RFC 5246), over TCP or within QUIC.
package struct TLSFacts: Sendable, Equatable {
    /// When the first byte of the first ClientHello was seen.
    package var clientHello: Timestamp?
    package var helloRetryRequest: Timestamp?
    /// When all of the ServerHello was seen, not that of a HelloRetryRequest.
    package var serverHello: Timestamp?
    /// When the last handshake flight that is visible was sent.
    package var finished: Timestamp?
    /// Payload of each side up to then; what follows is requests and answers, tickets and farewells. `nil` where that was not
    /// all seen, and where a client of TLS 1.3 shows a certificate: then nobody knows where its handshake ends.
    package var clientHandshakeBytes: UInt32?
    package var serverHandshakeBytes: UInt32?
    package var offer = TLSOffer()
    /// The version that the ServerHello chose, as on the wire: 0x0304 is TLS 1.3.
    package var version: UInt16?
    package var cipherSuite: UInt16?
    /// The group of the key exchange.
    package var group: UInt16?
    /// The ALPN identifier chosen, where it is not encrypted (before TLS 1.3).
    package var applicationProtocol: String?
    /// Whether the session that the client offered to resume was; `nil` when it offered none or that was not seen.
    package var isResumed: Bool?
    /// Up to TLS 1.2, where certificates are in the clear.
    package var certificates: TLSCertificateChain?
    /// The client's; empty when it was asked for one and has none.
    package var clientCertificates: TLSCertificateChain?
    /// When the first of them was seen: what their validity is measured by.
    package var certificateTime: Timestamp?
    package var asksForClientCertificate = false
    /// A stapled OCSP response was sent (RFC 6066 §8).
    package var hasCertificateStatus = false
    /// A session ticket was given, in the clear (RFC 5077).
    package var issuesTicket = false
    /// An alert before the end of the handshake that cannot be read.
    package var encryptedAlert: EncryptedAlert?
    /// Bytes of the handshake were not captured.
    package var isPartlyUnseen = false
    /// Alerts in the clear, oldest first, at most ``alertCapacity``; `alertCount` has all.
    package var alerts: [TLSAlertReport] = []
    package var alertCount = 0

    package static let alertCapacity = 8

    package struct EncryptedAlert: Sendable, Equatable {
        package var time: Timestamp
        package var from: Party

        package init(time: Timestamp, from: Party) {
            self.time = time
            self.from = from
        }
    }

    package init() {}

    /// The host asked for (SNI), escaped; with ECH that of the server in front.
    package var serverName: String? { offer.serverName }

    package mutating func note(_ alert: TLSAlertReport) {
        alertCount += 1
        if alerts.count < Self.alertCapacity { alerts.append(alert) }
    }

    /// The alert that ended the handshake, or else the first one. A warning may be followed by the rest of the
    /// handshake (RFC 5246 §7.2).
    package var tellingAlert: TLSAlertReport? { endingAlert ?? alerts.first }

    /// The alert that ended the handshake.
    package var endingAlert: TLSAlertReport? {
        let ending = alerts.filter { alert in
            TLSNames.isFatal(alert.description) && !(finished.map { $0 > alert.time } ?? false)
        }
        return ending.first { $0.level == 2 } ?? ending.first
    }
}

/// An alert in the clear (RFC 8446 §6, RFC 5246 §7.2).
package struct TLSAlertReport: Sendable, Equatable {
    package var time: Timestamp
    package var from: Party
    /// 1 warning, 2 fatal. TLS 1.3 leaves it without meaning; there the description tells.
    package var level: UInt8
    package var description: UInt8

    package init(time: Timestamp, from: Party, level: UInt8, description: UInt8) {
        self.time = time
        self.from = from
        self.level = level
        self.description = description
    }

    /// `handshake_failure`.
    package var name: String { TLSNames.alert(description) }
}
