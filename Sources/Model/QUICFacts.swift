/// What can be read of a QUIC connection in passing: headers, and the Initial packets, whose keys are public
/// (RFC 9000, RFC 9001, RFC 9369).
package struct QUICFacts: Sendable, Equatable {
    /// The version in use: that of the server's first Initial packet, before it that of the client's latest.
    package var version: QUICVersion
    /// The version of the client's first packet.
    package var firstVersion: QUICVersion
    /// What the server offered in a Version Negotiation packet, at most ``versionCapacity``.
    package var versionsOffered: [QUICVersion] = []
    package var versionNegotiation: Timestamp?
    package var retry: Timestamp?
    /// What the client called the server before it knew its id.
    package var originalDestinationConnectionID: QUICConnectionID?
    package var clientConnectionID: QUICConnectionID?
    package var serverConnectionID: QUICConnectionID?
    package var clientInitial: Timestamp?
    /// The server's first packet that answers: Initial, Retry or Version Negotiation.
    package var serverAnswer: Timestamp?
    /// From a client's Initial packet to the first Initial of the server that acknowledges it.
    package var roundTrip: TimeSpan?
    /// When the client's first Handshake packet was seen: the sign that it has read the ServerHello.
    package var clientHandshake: Timestamp?
    /// When the client's first 1-RTT packet was seen. It has the keys for it once it has verified the server's Finished
    /// and sent its own (RFC 9001 §5.7), so the handshake is over for the client then; its Handshake packets are
    /// encrypted, and which one has the Finished cannot be seen.
    package var finished: Timestamp?
    /// 0-RTT packets of the client.
    package var zeroRTTPackets: UInt32 = 0
    /// Initial packets that could not be decrypted, or were not for want of room or time.
    package var unreadInitials: UInt32 = 0
    /// Of the client: the server's are encrypted.
    package var transportParameters: QUICTransportParameters?
    package var close: QUICClose?
    /// Oldest first, at most ``addressChangeCapacity``: one that moves on is followed no further.
    package var addressChanges: [QUICAddressChange] = []
    /// The first packet seen was not the client's first.
    package var joinedMidstream = false

    package static let versionCapacity = 16
    package static let addressChangeCapacity = 8

    package init(version: QUICVersion) {
        self.version = version
        firstVersion = version
    }
}

/// The client's transport parameters that tell something of the connection (RFC 9000 §18.2).
package struct QUICTransportParameters: Sendable, Equatable {
    package var maxIdleTimeout: TimeSpan?
    package var maxUDPPayloadSize: UInt64?
    package var initialMaxData: UInt64?
    package var initialMaxBidirectionalStreams: UInt64?
    package var initialMaxUnidirectionalStreams: UInt64?
    package var disablesActiveMigration = false

    package init() {}
}

/// A CONNECTION_CLOSE frame in an Initial packet (RFC 9000 §19.19). Later ones are encrypted.
package struct QUICClose: Sendable, Equatable {
    package var time: Timestamp
    package var from: Party
    package var errorCode: UInt64
    /// The application closed; its codes are its own.
    package var isApplication: Bool
    /// The frame that caused it; `nil` when unknown.
    package var frameType: UInt64?
    /// Escaped.
    package var reasonPhrase: String?

    package init(time: Timestamp, from: Party, errorCode: UInt64, isApplication: Bool) {
        self.time = time
        self.from = from
        self.errorCode = errorCode
        self.isApplication = isApplication
    }

    /// The error's name (RFC 9000 §20.1, RFC 9368 §10.2), for a failed TLS handshake the alert's (RFC 9001 §4.8);
    /// `error_0x1a2b` where none is registered.
    package var name: String {
        if isApplication { return "application_error_0x\(String(errorCode, radix: 16))" }
        switch errorCode {
        case 0x00: return "no_error"
        case 0x01: return "internal_error"
        case 0x02: return "connection_refused"
        case 0x03: return "flow_control_error"
        case 0x04: return "stream_limit_error"
        case 0x05: return "stream_state_error"
        case 0x06: return "final_size_error"
        case 0x07: return "frame_encoding_error"
        case 0x08: return "transport_parameter_error"
        case 0x09: return "connection_id_limit_error"
        case 0x0A: return "protocol_violation"
        case 0x0B: return "invalid_token"
        case 0x0C: return "application_error"
        case 0x0D: return "crypto_buffer_exceeded"
        case 0x0E: return "key_update_error"
        case 0x0F: return "aead_limit_reached"
        case 0x10: return "no_viable_path"
        case 0x11: return "version_negotiation_error"
        default: return alert.map(TLSNames.alert) ?? "error_0x\(String(errorCode, radix: 16))"
        }
    }

    /// The TLS alert that the code stands for.
    package var alert: UInt8? {
        !isApplication && (0x0100...0x01FF).contains(errorCode) ? UInt8(truncatingIfNeeded: errorCode) : nil
    }
}

/// Packets of the connection came from, or went to, another address: the client moved, or a NAT on the way gave it
/// another port (RFC 9000 §9).
package struct QUICAddressChange: Sendable, Equatable {
    package var time: Timestamp
    package var party: Party
    package var from: Endpoint
    package var to: Endpoint

    package init(time: Timestamp, party: Party, from: Endpoint, to: Endpoint) {
        self.time = time
        self.party = party
        self.from = from
        self.to = to
    }
}
