/// What can be read of a TLS handshake in passing (RFC 8446, RFC 5246).
package struct TLSFacts: Sendable, Equatable {
    package var clientHello: Timestamp?
    package var serverHello: Timestamp?
    /// When the last handshake flight that is visible was sent.
    package var finished: Timestamp?
    package var serverName: String?
    package var applicationProtocols: [String] = []
    /// The version that the ServerHello chose, as on the wire: 0x0304 is TLS 1.3.
    package var version: UInt16?
    package var alert: UInt8?
    package var alertFrom: Party?
    package var alertTime: Timestamp?

    package init() {}
}
