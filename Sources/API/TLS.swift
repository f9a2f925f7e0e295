/// What was read of a TLS handshake, over TCP or within QUIC. Names are those of IANA; numbers without one are written
/// `0x7F1C`. Values that clients send only to be ignored (RFC 8701) are left out of every list.
package struct TLS: Sendable, Equatable, Decodable {
    /// The host asked for (SNI).
    package var serverName: String?
    /// There is an encrypted ClientHello, or random bytes in its place. If it is a real one, the server name is that of
    /// the server in front.
    package var serverNameMayBeOuter: Bool?
    /// `offered`, when there is an encrypted ClientHello, or random bytes in its place: they look the same.
    package var ech: String?
    package var alpnOffered: [String] = []
    /// The protocol chosen; encrypted in TLS 1.3.
    package var alpn: String?
    package var versionsOffered: [String] = []
    package var version: String?
    package var cipherSuitesOffered: [String] = []
    package var cipherSuite: String?
    package var groupsOffered: [String] = []
    /// The groups that a key was sent along for.
    package var keyShares: [String] = []
    /// The group of the key exchange.
    package var group: String?
    package var signatureAlgorithmsOffered: [String] = []
    package var resumption: Resumption?
    package var earlyDataOffered: Bool?
    package var ja3: String?
    package var ja3Text: String?
    package var ja4: String?
    /// The server's, its own first, up to TLS 1.2; the first ones when `certificateCount` is greater.
    package var certificates: [Certificate] = []
    package var certificateCount: Int?
    package var clientCertificateRequested: Bool?
    package var clientCertificates: [Certificate] = []
    package var clientCertificateCount: Int?
    /// A stapled OCSP response was sent.
    package var certificateStatus: Bool?
    /// The server gave a session ticket, in the clear.
    package var sessionTicket: Bool?
    /// Alerts in the clear; the oldest ones when `alertCount` is greater.
    package var alerts: [Alert] = []
    package var alertCount: Int = 0
    /// Who sent an alert before the end of the handshake that cannot be read: `client` or `server`.
    package var encryptedAlertFrom: String?
    package var encryptedAlertTime: Time?
    package var clientHello: Time?
    package var helloRetryRequest: Time?
    package var serverHello: Time?
    package var finished: Time?
    /// From the ClientHello to the last flight of the handshake.
    package var handshake: Milliseconds?
    /// Bytes of the handshake were not captured.
    package var partlyUnseen: Bool?

    /// How the client offered to resume a session, and whether the server did.
    package struct Resumption: Sendable, Equatable, Decodable {
        /// `session_id`, `ticket` or `pre_shared_key`.
        package var offered: String
        package var accepted: Bool?

        package init(offered: String, accepted: Bool?) {
            self.offered = offered
            self.accepted = accepted
        }
    }

    package struct Alert: Sendable, Equatable, Decodable {
        package var time: Time
        /// `client` or `server`.
        package var from: String
        /// `warning` or `fatal`.
        package var level: String
        package var name: String

        package init(time: Time, from: String, level: String, name: String) {
            self.time = time
            self.from = from
            self.level = level
            self.name = name
        }
    }

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case ech, alpn, version, group, resumption, ja3, ja4, certificates, alerts, finished
        case serverName = "server_name"
        case serverNameMayBeOuter = "server_name_may_be_outer"
        case alpnOffered = "alpn_offered"
        case versionsOffered = "versions_offered"
        case cipherSuitesOffered = "cipher_suites_offered"
        case cipherSuite = "cipher_suite"
        case groupsOffered = "groups_offered"
        case keyShares = "key_shares"
        case signatureAlgorithmsOffered = "signature_algorithms_offered"
        case earlyDataOffered = "early_data_offered"
        case ja3Text = "ja3_text"
        case certificateCount = "certificate_count"
        case clientCertificateRequested = "client_certificate_requested"
        case clientCertificates = "client_certificates"
        case clientCertificateCount = "client_certificate_count"
        case certificateStatus = "certificate_status"
        case sessionTicket = "session_ticket"
        case alertCount = "alert_count"
        case encryptedAlertFrom = "encrypted_alert_from"
        case encryptedAlertTime = "encrypted_alert_time"
        case clientHello = "client_hello"
        case helloRetryRequest = "hello_retry_request"
        case serverHello = "server_hello"
        case handshake = "handshake_ms"
        case partlyUnseen = "partly_unseen"
    }
}

extension TLS: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("server_name", serverName)
        writer.field("server_name_may_be_outer", serverNameMayBeOuter)
        writer.field("ech", ech)
        writer.field("alpn_offered", alpnOffered)
        writer.field("alpn", alpn)
        writer.field("versions_offered", versionsOffered)
        writer.field("version", version)
        writer.field("cipher_suites_offered", cipherSuitesOffered)
        writer.field("cipher_suite", cipherSuite)
        writer.field("groups_offered", groupsOffered)
        writer.field("key_shares", keyShares)
        writer.field("group", group)
        writer.field("signature_algorithms_offered", signatureAlgorithmsOffered)
        writer.field("resumption", resumption)
        writer.field("early_data_offered", earlyDataOffered)
        writer.field("ja3", ja3)
        writer.field("ja3_text", ja3Text)
        writer.field("ja4", ja4)
        writer.field("certificates", certificates)
        writer.field("certificate_count", certificateCount)
        writer.field("client_certificate_requested", clientCertificateRequested)
        writer.field("client_certificates", clientCertificates)
        writer.field("client_certificate_count", clientCertificateCount)
        writer.field("certificate_status", certificateStatus)
        writer.field("session_ticket", sessionTicket)
        writer.field("alerts", alerts)
        writer.field("alert_count", alertCount)
        writer.field("encrypted_alert_from", encryptedAlertFrom)
        writer.field("encrypted_alert_time", encryptedAlertTime)
        writer.field("client_hello", clientHello)
        writer.field("hello_retry_request", helloRetryRequest)
        writer.field("server_hello", serverHello)
        writer.field("finished", finished)
        writer.field("handshake_ms", handshake)
        writer.field("partly_unseen", partlyUnseen)
        writer.endObject()
    }
}

extension TLS.Resumption: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("offered", offered)
        writer.field("accepted", accepted)
        writer.endObject()
    }
}

extension TLS.Alert: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("time", time)
        writer.field("from", from)
        writer.field("level", level)
        writer.field("name", name)
        writer.endObject()
    }
}
