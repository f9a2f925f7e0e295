/// Segments of one side that stand out, counted by the names and rules of Wireshark's `tcp.analysis` flags.
package struct TCPAnalysis: Sendable, Equatable, BitwiseCopyable {
    /// Sent again within 20 ms of at least two duplicate ACKs for it.
    package var fastRetransmissions: UInt32 = 0
    /// Sent again although the other side had acknowledged it.
    package var spuriousRetransmissions: UInt32 = 0
    package var duplicateAcks: UInt32 = 0
    /// Segments before which something is missing: "previous segment not captured".
    package var lostSegments: UInt32 = 0
    /// ACKs for bytes that were not seen.
    package var ackedUnseenSegments: UInt32 = 0
    /// Segments that filled the other side's window to its last byte.
    package var windowFull: UInt32 = 0
    package var zeroWindowProbes: UInt32 = 0
    /// Segments that tell nothing but a new window.
    package var windowUpdates: UInt32 = 0
    package var keepAlives: UInt32 = 0
    package var keepAliveAcks: UInt32 = 0

    package init() {}
}
