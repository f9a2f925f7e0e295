import Model

/// Which of two ports is likelier a server's, where no handshake was seen to tell: one of the system's (RFC 6335 §6) before
/// others, and those before the ones that clients are given (from 32768 on with Linux, from 49152 on elsewhere).
struct PortRank: Comparable {
    private let rank: UInt8

    init(_ port: UInt16) { rank = port < 1024 ? 0 : port < 32768 ? 1 : 2 }

    static func < (left: PortRank, right: PortRank) -> Bool { left.rank < right.rank }

    /// The ports say who the server is, not only who spoke first.
    static func tellsServer(_ flow: Flow) -> Bool { PortRank(flow.server.port) < PortRank(flow.client.port) }
}
