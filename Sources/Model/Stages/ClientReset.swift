// What a client's RST cuts off, if anything. Sockets that are closed with something unread, or on which something comes
// after that, are reset by their kernel (RFC 9293 §3.6.1, RFC 2525 §2.17): most such resets end what is over.

extension Lifecycle {
    /// The client's RST, or its FIN and the RST after it, ended an answer that was still coming, or may have.
    var isCutByClient: Bool {
        guard tcp?.state == .resetByClient else { return false }
        if server.tcp?.fin != nil { return false }
        // It looked whether the port is open, and perhaps who is there.
        if client.payloadBytes == 0 && server.payloadBytes <= Self.greetingBytes { return false }
        let late = tcp?.lateBytes ?? .max
        if hasClosedAfterHandshake && late <= Self.ticketBytes { return false }
        if client.tcp?.fin != nil || isAnsweredInFull { return late > Self.farewellBytes }
        return true
    }

    /// What servers say when they hear that the client goes: a close_notify of TLS, which takes 24 to 85 bytes with its
    /// record's head, a GOAWAY of HTTP/2 before it, `221 Bye`. The head of an answer in HTTP seldom fits.
    private static let farewellBytes: UInt32 = 128
    /// A line that a server greets with (RFC 5321 §4.5.3.1.5).
    private static let greetingBytes: UInt64 = 512
    /// Session tickets, which a server of TLS 1.3 sends when the handshake is over (RFC 8446 §4.6.1).
    private static let ticketBytes: UInt32 = 4096

    /// The client ended the connection as soon as TLS was set up, before an answer to anything could have come: it looked
    /// whether the server is there.
    package var hasClosedAfterHandshake: Bool {
        guard let finished = application.tls?.finished,
            let end = [client.tcp?.fin, client.tcp?.rst].compactMap({ $0 }).min()
        else { return false }
        let roundTrip = tcp?.handshakeRoundTrip ?? .zero
        return end - finished < TimeSpan(nanoseconds: roundTrip.nanoseconds &+ Self.glance.nanoseconds)
    }

    private static let glance = TimeSpan.milliseconds(50)

    /// TLS was set up, and the server sent nothing after that but a farewell.
    package var isUnusedAfterHandshake: Bool {
        bytesAfterHandshake(of: .server).map { $0 <= UInt64(Self.farewellBytes) } ?? false
    }

    /// TLS was set up, and all that the client sent after that was a close_notify.
    package var hasOnlyTakenLeave: Bool {
        bytesAfterHandshake(of: .client).map { (1...closeNotifyBytes) ~= $0 } ?? false
    }

    /// Whether either side sent more after the handshake than a close_notify could take; `nil` when that is not known.
    var sentAfterHandshake: (client: Bool, server: Bool)? {
        guard let asked = bytesAfterHandshake(of: .client), let answered = bytesAfterHandshake(of: .server)
        else { return nil }
        return (asked > closeNotifyBytes, answered > closeNotifyBytes)
    }

    /// An alert of TLS 1.2 in a record of its own: 5 bytes of head, a nonce of 8 at most, 2 of alert and a tag of 16
    /// (RFC 5246 §6.2.3.3); or a vector of 16 bytes, and up to 64 with its authentication code and padding (§6.2.3.2). One of
    /// TLS 1.3 has a content type, and no nonce (RFC 8446 §5.2): the least that HTTP/2 says takes 7 bytes more.
    private var closeNotifyBytes: UInt64 {
        if application.tls?.version == TLSNames.version13 { return 24 }
        return application.tls?.cipherSuite.map(TLSNames.isAuthenticatedEncryption) == true ? 31 : 85
    }

    /// What a side sent after the handshake of TLS, records and all; `nil` when that is not known.
    package func bytesAfterHandshake(of party: Party) -> UInt64? {
        let side = party == .client ? client : server
        let handshake =
            party == .client ? application.tls?.clientHandshakeBytes : application.tls?.serverHandshakeBytes
        guard let handshake, let sent = side.tcp?.sequenceBytes else { return nil }
        return sent - min(sent, UInt64(handshake))
    }

    /// Every request of HTTP/1 on it has its answer, whole by its own framing (RFC 9112 §6.3).
    package var isAnsweredInFull: Bool {
        guard let http = application.http, http.unread == nil, http.upgrade == nil, http.tunnelTarget == nil,
            let last = http.exchanges.last
        else { return false }
        return http.interrupted == nil && last.responseEnded != nil
    }
}
