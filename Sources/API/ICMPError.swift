/// One ICMP or ICMPv6 error message: the record `icmp_error`. Inside a request it stands without `record`.
package struct ICMPError: Sendable, Equatable, Decodable {
    package var time: Time
    package var from: String
    package var to: String
    package var type: UInt8
    package var code: UInt8
    /// Type and code in words: `port_unreachable`, `ttl_exceeded`, …
    package var name: String
    /// Next-hop MTU, where the message carries one.
    package var mtu: UInt32?
    package var quoted: Quotation?
    /// The `id` of the request that it quotes, when that is known.
    package var request: String?

    /// The tuple of the packet inside.
    package struct Quotation: Sendable, Equatable, Decodable {
        /// `tcp`, `udp`, `icmp`, `icmpv6`, or the IANA number in decimal.
        package var transport: String
        package var source: SocketAddress
        package var destination: SocketAddress

        private enum CodingKeys: String, CodingKey {
            case source, destination
            case transport = "protocol"
        }

        package init(transport: String, source: SocketAddress, destination: SocketAddress) {
            self.transport = transport
            self.source = source
            self.destination = destination
        }
    }

    package init(
        time: Time, from: String, to: String, type: UInt8, code: UInt8, name: String, mtu: UInt32?,
        quoted: Quotation?, request: String?
    ) {
        self.time = time
        self.from = from
        self.to = to
        self.type = type
        self.code = code
        self.name = name
        self.mtu = mtu
        self.quoted = quoted
        self.request = request
    }
}

extension ICMPError: JSONWritable {
    package func write(to writer: inout JSONWriter) { write(to: &writer, asRecord: true) }

    func write(to writer: inout JSONWriter, asRecord: Bool) {
        writer.beginObject()
        if asRecord { writer.field("record", RecordKind.icmpError) }
        writer.field("time", time)
        writer.field("from", from)
        writer.field("to", to)
        writer.field("type", type)
        writer.field("code", code)
        writer.field("name", name)
        writer.field("mtu", mtu)
        writer.field("quoted", quoted)
        writer.field("request", request)
        writer.endObject()
    }
}

extension ICMPError.Quotation: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("protocol", transport)
        writer.field("source", source)
        writer.field("destination", destination)
        writer.endObject()
    }
}
