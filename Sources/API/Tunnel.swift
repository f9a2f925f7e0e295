/// One encapsulation that packets travelled in.
package struct Tunnel: Sendable, Equatable, Decodable {
    /// `pppoe`, `mpls`, `gre`, `pptp`, `ip_in_ip`, `6in4`, `4in6`, `6in6`, `vxlan` or `geneve`.
    package var kind: String
    /// Session, innermost label, key, call or virtual network, where there is one.
    package var id: UInt32?
    /// The ends of the packet that carried it, when that is an IP packet.
    package var source: String?
    package var destination: String?

    package init(kind: String, id: UInt32?, source: String?, destination: String?) {
        self.kind = kind
        self.id = id
        self.source = source
        self.destination = destination
    }
}

extension Tunnel: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("id", id)
        writer.field("source", source)
        writer.field("destination", destination)
        writer.endObject()
    }
}
