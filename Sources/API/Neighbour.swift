/// One address resolution or announcement on a link: the record `neighbour`.
package struct Neighbour: Sendable, Equatable, Decodable {
    /// `arp` or `ndp`.
    package var transport: String
    /// `resolution`, `announcement` or `probe`.
    package var kind: String
    package var interface: String?
    package var vlanIDs: [Int]
    /// What its messages travelled in, outermost first.
    package var tunnels: [Tunnel] = []
    package var target: String
    /// Who asked or announced; absent for a probe, which has no address yet.
    package var asker: String?
    package var askerMAC: String?
    package var requests: UInt32
    package var replies: UInt32
    /// Every MAC that answered; two mean that two stations claim the address.
    package var macs: [String]
    package var first: Time
    package var answered: Time?
    package var last: Time
    /// From the first request to the first answer.
    package var duration: Milliseconds?
    /// Nothing more belongs to it; before that an answer may still come.
    package var complete: Bool

    private enum CodingKeys: String, CodingKey {
        case kind, interface, tunnels, target, asker, requests, replies, macs, first, answered, last, complete
        case transport = "protocol"
        case vlanIDs = "vlan_ids"
        case askerMAC = "asker_mac"
        case duration = "duration_ms"
    }

    package init(
        transport: String, kind: String, interface: String?, vlanIDs: [Int], target: String, asker: String?,
        askerMAC: String?, requests: UInt32, replies: UInt32, macs: [String], first: Time, answered: Time?, last: Time,
        duration: Milliseconds?, complete: Bool
    ) {
        self.transport = transport
        self.kind = kind
        self.interface = interface
        self.vlanIDs = vlanIDs
        self.target = target
        self.asker = asker
        self.askerMAC = askerMAC
        self.requests = requests
        self.replies = replies
        self.macs = macs
        self.first = first
        self.answered = answered
        self.last = last
        self.duration = duration
        self.complete = complete
    }
}

extension Neighbour: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("record", RecordKind.neighbour)
        writer.field("protocol", transport)
        writer.field("kind", kind)
        writer.field("interface", interface)
        writer.field("vlan_ids", vlanIDs)
        writer.field("tunnels", tunnels)
        writer.field("target", target)
        writer.field("asker", asker)
        writer.field("asker_mac", askerMAC)
        writer.field("requests", requests)
        writer.field("replies", replies)
        writer.field("macs", macs)
        writer.field("first", first)
        writer.field("answered", answered)
        writer.field("last", last)
        writer.field("duration_ms", duration)
        writer.field("complete", complete)
        writer.endObject()
    }
}
