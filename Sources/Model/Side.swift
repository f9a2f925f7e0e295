/// One side of a request. Counts are by the headers' own lengths, so a snap length does not lower them.
package struct Side: Sendable, Equatable {
    package var endpoint: Endpoint
    /// The source MAC of this side's first frame: the host itself, or the hop before the observer.
    package var mac: MACAddress?
    /// TCP segments, UDP datagrams (a fragmented one once) or ICMP messages sent.
    package var segments: UInt64 = 0
    package var payloadBytes: UInt64 = 0
    /// TTL or hop limit of this side's first packet.
    package var ttl: UInt8?
    package var firstPayload: Timestamp?
    package var lastPayload: Timestamp?
    package var tcp: TCPSide?

    package init(endpoint: Endpoint) { self.endpoint = endpoint }

    /// Hops between the sender and here, when it began with one of the usual initial TTLs (64, 128, 255).
    package var suggestedHops: Int? {
        guard let ttl, ttl > 0 else { return nil }
        let initial = ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255
        return initial - Int(ttl)
    }
}

/// What one side of a TCP connection sent (RFC 9293).
package struct TCPSide: Sendable, Equatable {
    /// Payload bytes of distinct sequence space: retransmissions count once.
    package var sequenceBytes: UInt64 = 0
    package var retransmittedSegments: UInt32 = 0
    package var outOfOrderSegments: UInt32 = 0
    package var zeroWindows: UInt32 = 0
    /// SYNs of the client, SYN-ACKs of the server.
    package var synCount: UInt32 = 0
    package var firstSyn: Timestamp?
    package var lastSyn: Timestamp?
    package var fin: Timestamp?
    package var rst: Timestamp?
    package var options: TCPOptions?
    /// TTL or hop limit of its first RST: another one than that of its first packet was sent by somebody else.
    package var resetTTL: UInt8?
    /// Bytes of sequence space that were skipped over and never seen.
    package var missingBytes: UInt64 = 0
    /// Sequence numbers sent last that the other side has not acknowledged, a FIN's too; `nil` where that cannot be
    /// told, as after its RST.
    package var unacknowledged: UInt32?
    /// How long it offered no window, all such times together; the last one counts up to the last packet.
    package var closedWindowTime: TimeSpan = .zero
    /// It offers none now.
    package var isWindowClosed = false
    /// The longest payload that it sent again.
    package var longestRepetition: UInt32 = 0
    /// All zero when there was no room to count, which the coverage tells.
    package var analysis = TCPAnalysis()

    package init() {}
}

/// The options of one side's SYN (RFC 9293 §3.2, RFC 7323, RFC 2018, RFC 7413, RFC 8684).
package struct TCPOptions: Sendable, Equatable, BitwiseCopyable {
    package var maximumSegmentSize: UInt16?
    package var windowScale: UInt8?
    package var selectiveAcknowledgment = false
    package var timestamps = false
    package var fastOpen = false
    package var multipath = false

    package init() {}
}
