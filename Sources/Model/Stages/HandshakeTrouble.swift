// How a TCP handshake can go wrong without a word of it: what its segments say together.

extension Lifecycle {
    /// The side that alone was seen of a connection that must have had both: the client confirmed, or the server sent what
    /// it would not have sent before, and nothing of the other side passed here.
    package var onlyPartySeen: Party? {
        guard transport == .tcp, let tcp else { return nil }
        if server.segments == 0, tcp.established != nil { return .client }
        if client.segments == 0, (server.tcp?.synCount ?? 0) > 0, server.payloadBytes > 0 || server.tcp?.fin != nil {
            return .server
        }
        return nil
    }

    /// The client confirmed the handshake and sent its first bytes; the server repeated its SYN-ACK and said nothing else:
    /// neither has come to it. That is so with a full accept queue (Linux keeps such a connection in SYN-RECEIVED), and
    /// where what the client sends gets lost on its way.
    package var isNeverAccepted: Bool {
        guard transport == .tcp, let established = tcp?.established, client.payloadBytes > 0, let serving = server.tcp,
            serving.synCount >= 2, let repeated = serving.lastSyn, repeated > established
        else { return false }
        // A system that gives up may say so in the end.
        guard server.segments == UInt64(serving.synCount) + (serving.rst == nil ? 0 : 1) || onlyChallengesReset else {
            return false
        }
        return ending != nil || client.tcp?.fin != nil || client.tcp?.rst != nil || serving.rst != nil
    }

    /// Beside its SYN-ACK and a RST the server sent bare ACKs, and none before the client had reset the connection: it asks
    /// whether that is meant, as the RST is beyond what has come to it (a challenge ACK, RFC 5961 §3.2).
    private var onlyChallengesReset: Bool {
        guard server.payloadBytes == 0, server.tcp?.fin == nil, let letters = history?.utf8,
            let reset = letters.firstIndex(of: UInt8(ascii: "R")),
            let acknowledged = letters.firstIndex(of: UInt8(ascii: "a"))
        else { return false }
        return reset < acknowledged
    }

    /// The SYN was answered by a bare ACK: the server has a connection on these ports that the client knows nothing of, in
    /// TIME-WAIT or broken off (RFC 9293 §3.5.1, §3.10.7.4; RFC 5961 §4). The client resets that, and asks again.
    package var isPortRemembered: Bool {
        guard transport == .tcp, let history, history.hasPrefix("Sa") else { return false }
        return history.dropFirst(2).first == "R" || history.utf8.count == 2
    }
}
