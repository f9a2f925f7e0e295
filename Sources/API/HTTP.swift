/// The exchanges of an HTTP/1 connection. Queries, cookies, credentials and bodies are never kept.
package struct HTTP: Sendable, Equatable, Decodable {
    /// In order: the first and the last ones when there are many, of the last rather those that failed.
    package var exchanges: [HTTPExchange] = []
    /// Of the whole connection.
    package var exchangeCount = 0
    /// With a status of 400 or above, or cut short.
    package var failedCount = 0
    /// Exchanges that are not listed.
    package var leftOut = 0
    /// The target of a CONNECT that the proxy granted: `example.org:443`.
    package var tunnelTo: String?
    /// The protocol that the connection changed to.
    package var upgrade: String?
    /// Why later exchanges are not known: `lost`, `malformed` or `too_long`.
    package var unread: String?

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case exchanges, upgrade, unread
        case exchangeCount = "exchange_count"
        case failedCount = "failed_count"
        case leftOut = "left_out"
        case tunnelTo = "tunnel_to"
    }
}

/// A response before the final one: 100, 103.
package struct InterimResponse: Sendable, Equatable, Decodable {
    package var status: UInt16
    package var time: Time

    package init(status: UInt16, time: Time) {
        self.status = status
        self.time = time
    }
}

extension HTTP: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("exchanges", exchanges)
        writer.field("exchange_count", exchangeCount)
        writer.field("failed_count", failedCount)
        writer.field("left_out", leftOut)
        writer.field("tunnel_to", tunnelTo)
        writer.field("upgrade", upgrade)
        writer.field("unread", unread)
        writer.endObject()
    }
}

extension InterimResponse: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("status", status)
        writer.field("time", time)
        writer.endObject()
    }
}
