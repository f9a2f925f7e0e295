/// The socket that listens at the port of an inbound request, as it was a moment after the request began.
package struct ServingListener: Sendable, Equatable, Decodable {
    /// What it is bound to; `0.0.0.0` or `::` for all addresses.
    package var address: String
    /// Connections that waited to be accepted, and how many may; of TCP alone.
    package var waiting: UInt32?
    package var limit: UInt32?

    package init(address: String, waiting: UInt32? = nil, limit: UInt32? = nil) {
        self.address = address
        self.waiting = waiting
        self.limit = limit
    }
}

extension ServingListener: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("waiting", waiting)
        writer.field("limit", limit)
        writer.endObject()
    }
}
