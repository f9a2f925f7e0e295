/// What was read of a QUIC connection: the object `quic` of a request.
package struct QUICConnection: Sendable, Equatable, Decodable {
    /// The version in use: `1`, `2`, `draft-29`, or eight hexadecimal digits behind `0x`.
    package var version: String
    /// The version of the client's first packet, when another one came to be used.
    package var firstVersion: String?
    /// What the server offered in a Version Negotiation packet; empty without one.
    package var versionsOffered: [String] = []
    package var versionNegotiation: Bool
    /// The server had the client prove its address.
    package var retry: Bool
    /// In hexadecimal; empty when it has no bytes.
    package var clientConnectionID: String?
    package var serverConnectionID: String?
    /// What the client called the server in its first packet.
    package var originalDestinationConnectionID: String?
    package var zeroRTTPackets: UInt32
    /// Initial packets that could not be decrypted.
    package var unreadInitials: UInt32
    /// From a client's Initial packet to the server's that acknowledges it.
    package var rtt: Milliseconds?
    /// From the client's first packet to its first 1-RTT packet.
    package var handshake: Milliseconds?
    package var transportParameters: TransportParameters?
    package var close: Close?
    package var addressChanges: [AddressChange]

    /// The client's transport parameters (RFC 9000 §18.2), by their names there.
    package struct TransportParameters: Sendable, Equatable, Decodable {
        package var maxIdleTimeout: Milliseconds?
        package var maxUDPPayloadSize: UInt64?
        package var initialMaxData: UInt64?
        package var initialMaxStreamsBidi: UInt64?
        package var initialMaxStreamsUni: UInt64?
        package var disableActiveMigration: Bool

        package init(disableActiveMigration: Bool) { self.disableActiveMigration = disableActiveMigration }

        private enum CodingKeys: String, CodingKey {
            case maxIdleTimeout = "max_idle_timeout_ms"
            case maxUDPPayloadSize = "max_udp_payload_size"
            case initialMaxData = "initial_max_data"
            case initialMaxStreamsBidi = "initial_max_streams_bidi"
            case initialMaxStreamsUni = "initial_max_streams_uni"
            case disableActiveMigration = "disable_active_migration"
        }
    }

    /// A CONNECTION_CLOSE frame in the clear, during the handshake.
    package struct Close: Sendable, Equatable, Decodable {
        package var time: Time
        /// `client` or `server`.
        package var by: String
        package var errorCode: UInt64
        /// The code's name, for a failed TLS handshake its alert's.
        package var error: String
        package var frameType: UInt64?
        package var reasonPhrase: String?

        package init(time: Time, by: String, errorCode: UInt64, error: String) {
            self.time = time
            self.by = by
            self.errorCode = errorCode
            self.error = error
        }

        private enum CodingKeys: String, CodingKey {
            case time, by, error
            case errorCode = "error_code"
            case frameType = "frame_type"
            case reasonPhrase = "reason_phrase"
        }
    }

    /// One side went on at another address or port.
    package struct AddressChange: Sendable, Equatable, Decodable {
        package var time: Time
        /// Who moved, `client` or `server`.
        package var party: String
        package var from: SocketAddress
        package var to: SocketAddress

        package init(time: Time, party: String, from: SocketAddress, to: SocketAddress) {
            self.time = time
            self.party = party
            self.from = from
            self.to = to
        }
    }

    private enum CodingKeys: String, CodingKey {
        case version, retry, close
        case firstVersion = "first_version"
        case versionsOffered = "versions_offered"
        case versionNegotiation = "version_negotiation"
        case clientConnectionID = "client_connection_id"
        case serverConnectionID = "server_connection_id"
        case originalDestinationConnectionID = "original_destination_connection_id"
        case zeroRTTPackets = "zero_rtt_packets"
        case unreadInitials = "unread_initials"
        case rtt = "rtt_ms"
        case handshake = "handshake_ms"
        case transportParameters = "transport_parameters"
        case addressChanges = "address_changes"
    }

    package init(
        version: String, versionNegotiation: Bool, retry: Bool, zeroRTTPackets: UInt32, unreadInitials: UInt32,
        addressChanges: [AddressChange]
    ) {
        self.version = version
        self.versionNegotiation = versionNegotiation
        self.retry = retry
        self.zeroRTTPackets = zeroRTTPackets
        self.unreadInitials = unreadInitials
        self.addressChanges = addressChanges
    }
}

extension QUICConnection: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("version", version)
        writer.field("first_version", firstVersion)
        writer.field("versions_offered", versionsOffered)
        writer.field("version_negotiation", versionNegotiation)
        writer.field("retry", retry)
        writer.field("client_connection_id", clientConnectionID)
        writer.field("server_connection_id", serverConnectionID)
        writer.field("original_destination_connection_id", originalDestinationConnectionID)
        writer.field("zero_rtt_packets", zeroRTTPackets)
        writer.field("unread_initials", unreadInitials)
        writer.field("rtt_ms", rtt)
        writer.field("handshake_ms", handshake)
        writer.field("transport_parameters", transportParameters)
        writer.field("close", close)
        writer.field("address_changes", addressChanges)
        writer.endObject()
    }
}

extension QUICConnection.TransportParameters: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("max_idle_timeout_ms", maxIdleTimeout)
        writer.field("max_udp_payload_size", maxUDPPayloadSize)
        writer.field("initial_max_data", initialMaxData)
        writer.field("initial_max_streams_bidi", initialMaxStreamsBidi)
        writer.field("initial_max_streams_uni", initialMaxStreamsUni)
        writer.field("disable_active_migration", disableActiveMigration)
        writer.endObject()
    }
}

extension QUICConnection.Close: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("time", time)
        writer.field("by", by)
        writer.field("error_code", errorCode)
        writer.field("error", error)
        writer.field("frame_type", frameType)
        writer.field("reason_phrase", reasonPhrase)
        writer.endObject()
    }
}

extension QUICConnection.AddressChange: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("time", time)
        writer.field("party", party)
        writer.field("from", from)
        writer.field("to", to)
        writer.endObject()
    }
}
