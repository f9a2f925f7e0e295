import Host
import Model

/// What a kernel might say to the watcher of links and addresses: datagrams, each with its length before it.
enum NetlinkTarget {
    static func run(_ bytes: RawSpan) {
        var input = Input(bytes)
        var datagrams: [NetlinkReception] = []
        while !input.isAtEnd && datagrams.count < 512 {
            let length = Int(input.uint16())
            datagrams.append(length == 0 ? .lost("too much at once") : .datagram(input.take(length)))
        }
        guard var watcher = try? LinkWatcher(socket: Script(waiting: datagrams[...])) else { return }
        for _ in 0..<4 {
            guard let facts = try? watcher.receive(at: Timestamp(nanoseconds: 0)) else { return }
            demand(facts.count <= 16 * (bytes.byteCount + 16), "too many facts")
        }
        for table in watcher.tables {
            demand(table.count >= 0 && table.count <= table.capacity, "\(table.name) holds too much")
        }
        _ = watcher.links
    }

    private struct Script: NetlinkSocket {
        var waiting: ArraySlice<NetlinkReception>

        mutating func send(_ datagram: [UInt8]) throws(NetlinkError) {}
        mutating func receive() throws(NetlinkError) -> NetlinkReception { waiting.popFirst() ?? .nothing }
    }
}
