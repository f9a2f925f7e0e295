/// QUIC: which connection a datagram belongs to, by which version, and where its client went.
extension Facts {
    static let quicFields = ["quic.version", "quic.dcid", "quic.connection.number"]

    /// One of tshark's connections, as it began.
    struct QUICConnection {
        var subject: String
        var from: String
        var to: String
    }

    /// The connection of a datagram and its ends there: those that it began with, wherever one of them went.
    mutating func connection(
        of frame: TShark.Frame, _ from: String, _ to: String
    ) -> (subject: String, from: String, to: String) {
        let plain = Self.conversation("udp", from, to)
        guard let number = frame["quic.connection.number"].first.map(String.init) else { return (plain, from, to) }
        guard let known = connections[number] else {
            connections[number] = QUICConnection(subject: plain, from: from, to: to)
            return (plain, from, to)
        }
        // One end moves, the other says which of the two is meant.
        if to == known.to || from == known.from {
            if from != known.from { setFirst(known.subject, "moved_to", from) }
            return (known.subject, known.from, known.to)
        }
        return (known.subject, known.to, known.from)
    }

    /// A client may begin with another version than the one that comes to be used (RFC 9368).
    mutating func addQUIC(_ frame: TShark.Frame, _ subject: String) {
        guard let version = frame["quic.version"].last, version != "0x00000000" else { return }
        set(subject, "quic_version", Self.quicVersions[String(version)])
        setFirst(subject, "quic_first_destination", frame["quic.dcid"].first.map { String($0) })
    }

    /// What Waybill says of the same.
    mutating func addQUIC(of request: JSONValue, _ subject: String) {
        let quic = request["quic"]
        guard let version = quic["version"].plain else { return }
        set(subject, "quic_version", version)
        set(subject, "quic_first_destination", quic["original_destination_connection_id"].plain)
        if let change = quic["address_changes"].items.first { set(subject, "moved_to", Self.end(change["to"])) }
    }

    private static let quicVersions = ["0x00000001": "1", "0x6b3343cf": "2", "0xff00001d": "draft-29"]
}
