/// One try to reach the name of a request by one of its addresses.
package struct ConnectAttempt: Sendable, Equatable, Decodable {
    package var client: SocketAddress
    package var server: SocketAddress
    package var started: Time
    /// `won`, `failed`, `abandoned`, `lost` or `pending`.
    package var outcome: String
    package var reason: String?
    package var duration: Milliseconds?
    package var interface: String?

    private enum CodingKeys: String, CodingKey {
        case client, server, started, outcome, reason, interface
        case duration = "duration_ms"
    }

    package init(
        client: SocketAddress, server: SocketAddress, started: Time, outcome: String, reason: String?,
        duration: Milliseconds?, interface: String?
    ) {
        self.client = client
        self.server = server
        self.started = started
        self.outcome = outcome
        self.reason = reason
        self.duration = duration
        self.interface = interface
    }
}

extension ConnectAttempt: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("client", client)
        writer.field("server", server)
        writer.field("started", started)
        writer.field("outcome", outcome)
        writer.field("reason", reason)
        writer.field("duration_ms", duration)
        writer.field("interface", interface)
        writer.endObject()
    }
}
