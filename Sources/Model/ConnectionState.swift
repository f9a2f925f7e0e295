/// How far a connection came and how it ended, in Zeek's words (`conn_state` of its conn.log).
package enum ConnectionState: String, Sendable, CaseIterable {
    /// An attempt, and no answer.
    case attempted = "S0"
    case established = "S1"
    /// Established, and closed by both sides.
    case finished = "SF"
    /// Established; the client closed, the server did not answer that.
    case finishedByClient = "S2"
    case finishedByServer = "S3"
    case rejected = "REJ"
    /// Established, and reset by the client.
    case resetByClient = "RSTO"
    case resetByServer = "RSTR"
    /// A SYN and then a RST of the client; no SYN-ACK was seen.
    case resetByClientUnanswered = "RSTOS0"
    /// A SYN-ACK and then a RST of the server; no SYN was seen.
    case resetByServerAlone = "RSTRH"
    /// A SYN and then a FIN of the client; no SYN-ACK was seen.
    case halfOpenFinishedByClient = "SH"
    /// A SYN-ACK and then a FIN of the server; no SYN was seen.
    case halfOpenFinishedByServer = "SHR"
    /// No handshake was seen, or none of the above.
    case other = "OTH"
}
