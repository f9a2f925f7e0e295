/// TLS and QUIC: what both readers say of a connection's handshake.
extension Facts {
    static let handshakeFields = [
        "tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.extensions.supported_version",
        "tls.handshake.version", "quic.version", "quic.long.packet_type", "quic.long.packet_type_v2", "quic.dcid",
    ]

    /// The hellos that end in a frame of `subject`; the first of each kind is what counts.
    mutating func addHandshake(_ frame: TShark.Frame, _ subject: String) {
        let types = frame["tls.handshake.type"]
        if types.contains("1") { setFirst(subject, "server_name", frame.last("tls.handshake.extensions_server_name")) }
        guard types.contains("2"), !types.contains("1") else { return }
        // The ServerHello's own version is 1.2 where the extension says what was chosen (RFC 8446 §4.2.1).
        let version =
            frame["tls.handshake.extensions.supported_version"].first ?? frame["tls.handshake.version"].first
        setFirst(subject, "tls_version", version.flatMap { Self.tlsVersions[String($0)] })
    }

    mutating func addQUIC(_ frame: TShark.Frame, _ subject: String) {
        guard let version = frame["quic.version"].first, version != "0x00000000" else { return }
        setFirst(subject, "quic_version", Self.quicVersions[String(version)])
        setFirst(subject, "quic_first_destination", frame["quic.dcid"].first.map { String($0) })
    }

    /// What Waybill says of the same.
    mutating func addHandshake(of request: JSONValue, _ subject: String) {
        let secure = request["stages"].items.first { $0["stage"] == .text("secure") }
        let facts = secure?["facts"] ?? .null
        set(subject, "server_name", facts["server_name"].plain)
        set(subject, "tls_version", facts["version"].plain)
        let quic = request["quic"]
        guard let version = quic["version"].plain else { return }
        set(subject, "quic_version", version)
        set(subject, "quic_first_destination", quic["original_destination_connection_id"].plain)
    }

    private mutating func setFirst(_ subject: String, _ fact: String, _ value: String?) {
        if subjects[subject]?[fact] == nil { set(subject, fact, value) }
    }

    private static let tlsVersions = [
        "0x0301": "TLS 1.0", "0x0302": "TLS 1.1", "0x0303": "TLS 1.2", "0x0304": "TLS 1.3", "0x0300": "SSL 3.0",
    ]
    private static let quicVersions = ["0x00000001": "1", "0x6b3343cf": "2", "0xff00001d": "draft-29"]
}
