/// Who answered a SYN that was sent to somebody else.
package struct ElsewhereAnswer: Sendable, Equatable, Decodable {
    package var address: String
    package var port: UInt16
    /// Source MAC of the answer: the station itself, or the hop before the observer.
    package var mac: String?
    package var time: Time

    package init(address: String, port: UInt16, mac: String?, time: Time) {
        self.address = address
        self.port = port
        self.mac = mac
        self.time = time
    }
}

extension ElsewhereAnswer: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("port", port)
        writer.field("mac", mac)
        writer.field("time", time)
        writer.endObject()
    }
}
