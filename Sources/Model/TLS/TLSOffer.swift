/// What the first ClientHello of a connection offers (RFC 8446 §4.1.2). Lists are in the client's order and hold at
/// most ``listCapacity`` numbers; the reserved ones that are sent to be ignored (RFC 8701) are left out.
package struct TLSOffer: Sendable, Equatable {
    /// The host asked for (SNI, RFC 6066 §3), escaped, without a final dot.
    package var serverName: String?
    /// An encrypted ClientHello was sent, or random bytes in its place, which look the same. If it is a real one, the
    /// server name is that of the server in front.
    package var hasEncryptedClientHello = false
    /// ALPN identifiers (RFC 7301), escaped.
    package var applicationProtocols: [String] = []
    package var versions: [UInt16] = []
    package var cipherSuites: [UInt16] = []
    package var groups: [UInt16] = []
    /// The groups for which a key was sent along.
    package var keyShares: [UInt16] = []
    package var signatureAlgorithms: [UInt16] = []
    /// How the client offers to resume a session.
    package var resumption: Resumption?
    /// Data is sent before the handshake is done: 0-RTT (RFC 8446 §2.3).
    package var hasEarlyData = false
    /// JA3 (https://github.com/salesforce/ja3), as text and as its MD5; `nil` when the hello was not seen whole.
    package var ja3Text: String?
    package var ja3: String?
    /// JA4 (https://github.com/FoxIO-LLC/ja4); `nil` when the hello was not seen whole.
    package var ja4: String?

    package static let listCapacity = 128

    package enum Resumption: UInt8, Sendable, CaseIterable {
        /// By session ID (RFC 5246 §7.3).
        case sessionID
        /// By ticket, up to TLS 1.2 (RFC 5077).
        case ticket
        /// By pre-shared key, TLS 1.3 (RFC 8446 §2.2). A key that did not come from a session looks the same.
        case preSharedKey

        package var name: String {
            switch self {
            case .sessionID: "session_id"
            case .ticket: "ticket"
            case .preSharedKey: "pre_shared_key"
            }
        }
    }

    package init() {}
}
