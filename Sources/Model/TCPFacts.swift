/// Where a TCP connection stands, in the contract's words.
package enum TCPState: UInt8, Sendable, CaseIterable {
    /// SYN, and nothing came back.
    case noAnswer
    /// SYN, answered by RST.
    case refused
    /// The client took its attempt back (RST or FIN) before the handshake was complete.
    case aborted
    /// SYN and SYN-ACK, without the ACK that completes the handshake.
    case halfOpen
    case established
    /// One side has sent its FIN.
    case halfClosed
    case closed
    case resetByClient
    case resetByServer
    /// No SYN of either side was seen: the connection is older than the capture.
    case midstream

    package var name: String {
        switch self {
        case .noAnswer: "no_answer"
        case .refused: "refused"
        case .aborted: "aborted"
        case .halfOpen: "half_open"
        case .established: "established"
        case .halfClosed: "half_closed"
        case .closed: "closed"
        case .resetByClient: "reset_by_client"
        case .resetByServer: "reset_by_server"
        case .midstream: "midstream"
        }
    }
}

/// What both sides of a TCP connection did together.
package struct TCPFacts: Sendable, Equatable {
    package var state: TCPState
    /// When the client's ACK (or first data) completed the handshake.
    package var established: Timestamp?
    /// From the SYN that was answered to the SYN-ACK: the path between here and the server.
    package var serverRoundTrip: TimeSpan?
    /// From the SYN-ACK to the ACK: the path between here and the client.
    package var clientRoundTrip: TimeSpan?
    /// Who sent FIN or RST first.
    package var closedFirst: Party?
    /// The client's first RST acknowledges nothing: it answers a segment for which there is no socket (RFC 9293 §3.10.7.1).
    package var clientHasNoSocket = false
    /// Payload of the server that the client had not received when it sent its first FIN or RST; `nil` when it sent
    /// none. After a close such bytes are answered with a RST (RFC 9293 §3.6.1).
    package var lateBytes: UInt32?
    /// Its ports were another connection's until this one's SYN.
    package var isPortReused = false

    package init(state: TCPState) { self.state = state }

    /// The whole path's round trip, both parts seen.
    package var handshakeRoundTrip: TimeSpan? {
        guard let serverRoundTrip, let clientRoundTrip else { return serverRoundTrip }
        return TimeSpan(nanoseconds: serverRoundTrip.nanoseconds &+ clientRoundTrip.nanoseconds)
    }
}

package enum Party: UInt8, Sendable, BitwiseCopyable {
    case client, server

    package var name: String { self == .client ? "client" : "server" }
    package var other: Party { self == .client ? .server : .client }
}
