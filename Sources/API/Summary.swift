/// Totals of everything that was read: the record `summary`, the last line of `waybill read`.
package struct Summary: Sendable, Equatable, Decodable {
    package var frames: UInt64 = 0
    /// On the wire.
    package var bytes: UInt64 = 0
    package var first: Time?
    package var last: Time?
    /// Frames shorter than they were on the wire.
    package var cutFrames: UInt64 = 0
    /// Frames whose protocol is not decoded.
    package var otherFrames: UInt64 = 0
    /// Fragments after the first, which carry no transport header.
    package var laterFragments: UInt64 = 0
    /// What became of the datagrams that came in fragments.
    package var fragments = FragmentTotals()
    /// Frames of a file that were passed over: their interface has a link type that is not decoded.
    package var unsupportedFrames: UInt64 = 0
    package var requests: UInt64 = 0
    package var lookups: UInt64 = 0
    package var neighbours: UInt64 = 0
    /// DHCP exchanges.
    package var leases: UInt64 = 0
    package var icmpErrors: UInt64 = 0
    package var layers: [LayerTotals] = []
    package var tables: [TableTotals] = []

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case frames, bytes, first, last, fragments, requests, lookups, neighbours, leases, layers, tables
        case cutFrames = "cut_frames"
        case otherFrames = "other_frames"
        case laterFragments = "later_fragments"
        case unsupportedFrames = "unsupported_frames"
        case icmpErrors = "icmp_errors"
    }
}

/// What became of one layer's headers.
package struct LayerTotals: Sendable, Equatable, Decodable {
    package var layer: String
    package var decoded: UInt64
    /// The snap length cut the header.
    package var cut: UInt64
    package var malformed: UInt64
    /// Why, and how often.
    package var reasons: [Reason]

    package struct Reason: Sendable, Equatable, Decodable {
        package var reason: String
        package var count: UInt64

        package init(reason: String, count: UInt64) {
            self.reason = reason
            self.count = count
        }
    }

    package init(layer: String, decoded: UInt64, cut: UInt64, malformed: UInt64, reasons: [Reason]) {
        self.layer = layer
        self.decoded = decoded
        self.cut = cut
        self.malformed = malformed
        self.reasons = reasons
    }
}

/// How full a table was, and what it had to drop.
package struct TableTotals: Sendable, Equatable, Decodable {
    package var name: String
    package var count: Int
    package var peak: Int
    package var capacity: Int
    package var evictions: UInt64

    package init(name: String, count: Int, peak: Int, capacity: Int, evictions: UInt64) {
        self.name = name
        self.count = count
        self.peak = peak
        self.capacity = capacity
        self.evictions = evictions
    }
}

extension Summary: JSONWritable {
    package func write(to writer: inout JSONWriter) { write(to: &writer, asRecord: true) }

    func write(to writer: inout JSONWriter, asRecord: Bool) {
        writer.beginObject()
        if asRecord { writer.field("record", RecordKind.summary) }
        writer.field("frames", frames)
        writer.field("bytes", bytes)
        writer.field("first", first)
        writer.field("last", last)
        writer.field("cut_frames", cutFrames)
        writer.field("other_frames", otherFrames)
        writer.field("later_fragments", laterFragments)
        writer.field("fragments", fragments)
        writer.field("unsupported_frames", unsupportedFrames)
        writer.field("requests", requests)
        writer.field("lookups", lookups)
        writer.field("neighbours", neighbours)
        writer.field("leases", leases)
        writer.field("icmp_errors", icmpErrors)
        writer.field("layers", layers)
        writer.field("tables", tables)
        writer.endObject()
    }
}

extension LayerTotals: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("layer", layer)
        writer.field("decoded", decoded)
        writer.field("cut", cut)
        writer.field("malformed", malformed)
        writer.field("reasons", reasons)
        writer.endObject()
    }
}

extension LayerTotals.Reason: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("reason", reason)
        writer.field("count", count)
        writer.endObject()
    }
}

extension TableTotals: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("count", count)
        writer.field("peak", peak)
        writer.field("capacity", capacity)
        writer.field("evictions", evictions)
        writer.endObject()
    }
}
