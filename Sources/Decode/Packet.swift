// Decode's door: other modules call FrameDecoder for a Packet; the views hang off the packet's ranges.

package import Model

/// What one frame carries, as values and ranges into the frame: nothing here refers to its memory, so a packet
/// may be kept after the frame is gone.
package struct Packet: Sendable, BitwiseCopyable {
    package var time: Timestamp
    package var interface: InterfaceID
    package var kind = Kind.other
    /// The frame is shorter than it was on the wire.
    package var isCut = false
    /// Encapsulations that the packet was in: that many entries of ``FrameDecoder/tunnels(of:)``.
    package var depth: UInt8 = 0
    /// The packet was put together from fragments.
    package var isReassembled = false
    package var vlan = VLANTags.none
    /// Absent where the link has no addresses (loopback, raw IP).
    package var sourceMAC: MACAddress?
    package var destinationMAC: MACAddress?

    package var source = IPAddress.anyIPv4
    package var destination = IPAddress.anyIPv4
    /// TTL or hop limit.
    package var timeToLive: UInt8 = 0
    package var protocolNumber: UInt8 = 0

    package var sourcePort: UInt16 = 0
    package var destinationPort: UInt16 = 0
    package var sequenceNumber: UInt32 = 0
    package var acknowledgmentNumber: UInt32 = 0
    package var flags = TCPFlags.none
    package var window: UInt16 = 0

    /// Where the transport header (or the ARP message) begins, in bytes into the frame.
    package var headerOffset = 0
    /// Where the transport's payload begins, in bytes into the frame.
    package var payloadOffset = 0
    /// Payload bytes that were captured.
    package var payloadCaptured = 0
    /// Payload bytes by the headers' own lengths.
    package var payloadLength = 0

    /// What the packet is to the correlator.
    package enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// Nothing that is followed: another EtherType, another IP protocol, or a header that could not be read.
        case other
        case arp, tcp, udp, icmp
        /// A piece of a datagram; ``FrameDecoder/fragment`` tells which, and its payload is the piece.
        case fragment
    }

    @inline(__always)
    init(_ info: FrameInfo) {
        time = info.time
        interface = info.interface
    }

    /// The captured part of the transport's payload.
    @inline(__always)
    @_lifetime(copy frame)
    package func payload(in frame: RawSpan) -> RawSpan {
        frame.extracting(payloadOffset..<payloadOffset &+ payloadCaptured)
    }

    /// From the transport header to the end of what was captured of the packet.
    @_lifetime(copy frame)
    package func message(in frame: RawSpan) -> RawSpan {
        frame.extracting(headerOffset..<payloadOffset &+ payloadCaptured)
    }

    /// The identification of an IPv4 header without options, which is most; 0 where there is none or none was chosen.
    package func identification(in frame: RawSpan) -> UInt16 {
        let start = headerOffset &- 20
        guard source.version == .v4, !isReassembled, start >= 0, frame.byteCount >= headerOffset,
            frame.uint8(at: start) == 0x45
        else { return 0 }
        return frame.uint16(at: start &+ 4)
    }

    /// The sender's timestamp (TSval, RFC 7323 §3).
    package func tcpTimestamp(in frame: RawSpan) -> UInt32? {
        try? TCPView(message(in: frame), at: headerOffset).timestampValue
    }

    /// The options of a SYN.
    package func tcpOptions(in frame: RawSpan) -> TCPOptions {
        (try? TCPView(message(in: frame), at: headerOffset).options) ?? TCPOptions()
    }
}
