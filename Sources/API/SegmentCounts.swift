/// Segments of one side of a TCP connection that stand out, by the names and rules of Wireshark's `tcp.analysis` flags.
/// A count is there from the first one on.
package struct SegmentCounts: Sendable, Equatable, Decodable {
    /// Sent again within 20 ms of at least two duplicate ACKs that asked for it.
    package var fastRetransmissions: UInt32?
    /// Sent again although the other side had acknowledged it.
    package var spuriousRetransmissions: UInt32?
    /// ACKs that only repeat the one before.
    package var duplicateAcks: UInt32?
    /// Segments before which something is missing: Wireshark's "previous segment not captured".
    package var lostSegments: UInt32?
    /// ACKs for bytes that were not seen.
    package var ackedUnseenSegments: UInt32?
    /// Segments that filled the other side's window to its last byte.
    package var windowFull: UInt32?
    /// Segments that tell nothing but a new window.
    package var windowUpdates: UInt32?
    /// Single new bytes sent into a window of zero.
    package var zeroWindowProbes: UInt32?
    /// Segments of at most one byte, just before the next sequence number.
    package var keepAlives: UInt32?
    /// ACKs that answer a keep-alive.
    package var keepAliveAcks: UInt32?

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case fastRetransmissions = "fast_retransmissions"
        case spuriousRetransmissions = "spurious_retransmissions"
        case duplicateAcks = "duplicate_acks"
        case lostSegments = "lost_segments"
        case ackedUnseenSegments = "acked_unseen_segments"
        case windowFull = "window_full"
        case windowUpdates = "window_updates"
        case zeroWindowProbes = "zero_window_probes"
        case keepAlives = "keep_alives"
        case keepAliveAcks = "keep_alive_acks"
    }

    /// The counts as fields of the side that they belong to.
    func writeFields(to writer: inout JSONWriter) {
        writer.field("fast_retransmissions", fastRetransmissions)
        writer.field("spurious_retransmissions", spuriousRetransmissions)
        writer.field("duplicate_acks", duplicateAcks)
        writer.field("lost_segments", lostSegments)
        writer.field("acked_unseen_segments", ackedUnseenSegments)
        writer.field("window_full", windowFull)
        writer.field("window_updates", windowUpdates)
        writer.field("zero_window_probes", zeroWindowProbes)
        writer.field("keep_alives", keepAlives)
        writer.field("keep_alive_acks", keepAliveAcks)
    }
}
