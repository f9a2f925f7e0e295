/// TLS, over TCP and within QUIC: what both readers say of the hellos, certificates and alerts.
extension Facts {
    static let handshakeFields = [
        "tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.extensions.supported_version",
        "tls.handshake.version", "tls.handshake.ja3", "tls.handshake.ciphersuite",
        "tls.handshake.extensions_alpn_str", "tls.alert_message.desc", "x509af.serialNumber", "x509af.utcTime",
        "x509ce.dNSName", "quic.cc.error_code.tls_alert",
    ]

    /// The messages that end in a frame of `subject`; of each kind the first one counts.
    mutating func addHandshake(_ frame: TShark.Frame, _ subject: String, _ from: String) {
        let types = frame["tls.handshake.type"]
        let alpn = frame["tls.handshake.extensions_alpn_str"].joined(separator: " ")
        if types.contains("1") {
            setFirst(subject, "server_name", frame.last("tls.handshake.extensions_server_name"))
            setFirst(subject, "ja3", frame["tls.handshake.ja3"].first.map(String.init))
            if !alpn.isEmpty { setFirst(subject, "alpn_offered", alpn) }
        }
        if types.contains("2"), !types.contains("1") {
            // The ServerHello's own version is 1.2 where the extension says what was chosen (RFC 8446 §4.2.1).
            let version =
                frame["tls.handshake.extensions.supported_version"].first ?? frame["tls.handshake.version"].first
            setFirst(subject, "tls_version", version.flatMap { Self.tlsVersions[String($0)] })
            let suite = frame["tls.handshake.ciphersuite"].first.flatMap { Int($0.dropFirst(2), radix: 16) }
            setFirst(subject, "cipher_suite", suite.map(String.init))
            if !alpn.isEmpty { setFirst(subject, "alpn", alpn) }
        }
        // A client may send none.
        if types.contains("11"), subjects[subject]?["\(from) serial"] == nil,
            let serial = frame["x509af.serialNumber"].first
        {
            set(subject, "\(from) serial", String(serial.drop { $0 == "0" }))
            // Not before and not after of the first certificate.
            let dates = frame["x509af.utcTime"].prefix(2).map { $0.prefix(19) }
            set(subject, "\(from) validity", dates.joined(separator: " "))
            let names = frame["x509ce.dNSName"]
            set(subject, "\(from) dns_names", names.prefix(Self.namesCompared).joined(separator: " "))
        }
        if types.contains("22") { set(subject, "certificate_status", "true") }
        for alert in frame["tls.alert_message.desc"] + frame["quic.cc.error_code.tls_alert"] {
            set(subject, "\(from) alert", String(alert))
        }
    }

    /// Of a certificate with many names Waybill keeps the first ones.
    private static let namesCompared = 8

    /// What Waybill says of the same.
    mutating func addHandshake(of request: JSONValue, _ subject: String) {
        let secure = request["stages"].items.first { $0["stage"] == .text("secure") }
        let facts = secure?["facts"] ?? .null
        set(subject, "server_name", facts["server_name"].plain)
        set(subject, "tls_version", facts["version"].plain)
        let tls = request["tls"]
        if tls["ja3"] != .null {
            set(subject, "ja3", tls["ja3"].plain)
            let alpn = tls["alpn_offered"].items.compactMap(\.plain).joined(separator: " ")
            if !alpn.isEmpty { set(subject, "alpn_offered", alpn) }
        }
        set(subject, "cipher_suite", tls["cipher_suite"].plain.map { TLSNumbers.suite($0) })
        set(subject, "alpn", tls["alpn"].plain)
        set(subject, "certificate_status", tls["certificate_status"].plain)
        let ends = [Self.end(request["client"]), Self.end(request["server"])]
        for (end, field) in zip(ends, ["client_certificates", "certificates"]) {
            guard let first = tls[field].items.first else { continue }
            set(subject, "\(end) serial", first["serial"].plain.map { String($0.drop { $0 == "0" }) })
            let dates = ["not_before", "not_after"].compactMap { first[$0].plain }.map {
                $0.prefix(19).split(separator: "T").joined(separator: " ")
            }
            set(subject, "\(end) validity", dates.joined(separator: " "))
            // tshark lists the names of all certificates, and knows addresses as such.
            let names = tls[field].items.flatMap { $0["names"].items }.compactMap(\.plain)
            let isName: (String) -> Bool = { name in name.contains { $0.isLetter && !$0.isHexDigit } }
            let compared = names.filter(isName).prefix(Self.namesCompared)
            set(subject, "\(end) dns_names", compared.joined(separator: " "))
        }
        for alert in tls["alerts"].items {
            let end = alert["from"].plain == "client" ? ends[0] : ends[1]
            set(subject, "\(end) alert", alert["name"].plain.map { TLSNumbers.alert($0) })
        }
    }

    mutating func setFirst(_ subject: String, _ fact: String, _ value: String?) {
        if subjects[subject]?[fact] == nil { set(subject, fact, value) }
    }

    private static let tlsVersions = [
        "0x0301": "TLS 1.0", "0x0302": "TLS 1.1", "0x0303": "TLS 1.2", "0x0304": "TLS 1.3", "0x0300": "SSL 3.0",
    ]
}

/// Numbers of the names that the captures have: written down here, so that a wrong name is found.
private enum TLSNumbers {
    static func suite(_ name: String) -> String { suites[name].map(String.init) ?? name }
    static func alert(_ name: String) -> String { alerts[name].map(String.init) ?? name }

    private static let suites = [
        "TLS_RSA_WITH_RC4_128_SHA": 0x0005, "TLS_RSA_WITH_AES_128_CBC_SHA": 0x002F,
        "TLS_DHE_RSA_WITH_AES_128_CBC_SHA": 0x0033, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA": 0x0039,
        "TLS_AES_128_GCM_SHA256": 0x1301, "TLS_AES_256_GCM_SHA384": 0x1302,
        "TLS_CHACHA20_POLY1305_SHA256": 0x1303, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA": 0xC013,
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256": 0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384": 0xC02C,
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256": 0xC02F, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384": 0xC030,
    ]

    private static let alerts = [
        "handshake_failure": 40, "unknown_ca": 48, "protocol_version": 70, "unrecognized_name": 112,
        "no_application_protocol": 120,
    ]
}
