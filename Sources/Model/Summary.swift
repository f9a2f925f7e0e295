/// Totals of everything that was read: what each layer made of the frames, and how full the tables were.
package struct Summary: Sendable, Equatable {
    package var frames: UInt64 = 0
    /// On the wire.
    package var bytes: UInt64 = 0
    package var first: Timestamp?
    package var last: Timestamp?
    /// Frames shorter than they were on the wire.
    package var cutFrames: UInt64 = 0
    /// Frames whose protocol is not decoded (no IP, no ARP).
    package var otherFrames: UInt64 = 0
    package var layers: [LayerSummary] = []
    package var tables: [TableSummary] = []
    package var requests: UInt64 = 0
    package var lookups: UInt64 = 0
    package var neighbours: UInt64 = 0
    package var leases: UInt64 = 0
    package var icmpErrors: UInt64 = 0
    /// Fragments after the first, which carry no transport header.
    package var laterFragments: UInt64 = 0
    package var fragments = FragmentSummary()
    /// Frames of a file that were passed over: their interface has a link type that is not decoded.
    package var unsupportedFrames: UInt64 = 0

    package init() {}
}

/// What became of the datagrams that came in fragments.
package struct FragmentSummary: Sendable, Equatable {
    /// Put together, and read as if they had come whole.
    package var reassembled: UInt64 = 0
    /// Refused: two pieces claim the same bytes and are not the same (RFC 5722, RFC 8200 §4.5).
    package var overlapping: UInt64 = 0
    /// Refused: a piece reaches beyond 65,535 bytes.
    package var tooLarge: UInt64 = 0
    /// Refused: in more pieces than are kept of one.
    package var tooManyPieces: UInt64 = 0
    /// Refused: the snap length cut a piece.
    package var cut: UInt64 = 0
    /// The rest did not come in time, or not before the capture ended.
    package var incomplete: UInt64 = 0

    package init() {}
}

/// What became of one layer. A header that the snap length cut is `cut`; one that is wrong is `malformed`.
package struct LayerSummary: Sendable, Equatable {
    package var layer: Layer
    package var decoded: UInt64
    package var cut: UInt64
    package var malformed: UInt64
    /// Why, and how often: `header length` → 3.
    package var reasons: [Reason]

    package struct Reason: Sendable, Equatable {
        package var reason: String
        package var count: UInt64

        package init(reason: String, count: UInt64) {
            self.reason = reason
            self.count = count
        }
    }

    package init(layer: Layer, decoded: UInt64, cut: UInt64, malformed: UInt64, reasons: [Reason]) {
        self.layer = layer
        self.decoded = decoded
        self.cut = cut
        self.malformed = malformed
        self.reasons = reasons
    }
}

/// How full a table was, and what it had to drop.
package struct TableSummary: Sendable, Equatable {
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
