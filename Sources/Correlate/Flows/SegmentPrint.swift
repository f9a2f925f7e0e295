import Decode
import Model

/// What stays of a packet when NAT rewrites it, as one number: by this, the same packet is known on its other side.
///
/// TCP: sequence and acknowledgment numbers, length, and the sender's timestamp (RFC 7323 §3), or the IP identification
/// where there is none. UDP and echoes: the payload and the IP identification (RFC 6864), or for IPv6 the payload alone.
struct SegmentPrint {
    var bits: UInt64
    /// The transport alone tells it apart from all others: 64 bits that the sender chose.
    var isStrong: Bool
    /// The IPv4 header has a number that its sender chose.
    var hasIdentification: Bool

    /// `nil` when there is too little to go by.
    init?(_ packet: Packet, _ frame: RawSpan) {
        let identification = packet.identification(in: frame)
        hasIdentification = identification != 0
        var bits = UInt64(packet.protocolNumber)
        switch packet.kind {
        case .tcp:
            let timestamp = packet.tcpTimestamp(in: frame)
            isStrong = timestamp != nil
            guard isStrong || hasIdentification else { return nil }
            bits = SeededHash.mix(
                UInt64(packet.sequenceNumber) << 32 | UInt64(packet.acknowledgmentNumber), Self.key ^ bits)
            bits ^= SeededHash.mix(
                UInt64(timestamp ?? UInt32(identification)) << 32 | UInt64(packet.payloadLength & 0xFFFF), Self.otherKey
            )
        case .udp, .icmp:
            isStrong = false
            let isVersion6 = packet.source.version == .v6
            guard hasIdentification || isVersion6 && packet.kind == .udp && packet.payloadCaptured >= Self.leastPayload
            else { return nil }
            bits ^= UInt64(identification) << 16 | UInt64(packet.payloadLength & 0xFFFF) << 32
            let payload = packet.payload(in: frame)
            // Behind an echo's header, which has the identifier that NAT may change, and the checksum over it.
            bits = Self.hash(payload, bits)
        case .other, .arp, .fragment: return nil
        }
        self.bits = bits
    }

    private static let key: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let otherKey: UInt64 = 0xD6E8_FEB8_6659_FD93
    /// Bytes that an IPv6 datagram must have, for its content to tell it apart.
    private static let leastPayload = 8

    /// Of at most 2 KiB; the length stands beside it.
    private static func hash(_ bytes: RawSpan, _ start: UInt64) -> UInt64 {
        var hash = start ^ key
        let count = min(bytes.byteCount, 2048)
        var offset = 0
        while offset + 4 <= count {
            hash = SeededHash.mix(hash ^ UInt64(bytes.uint32(at: offset)), otherKey)
            offset += 4
        }
        while offset < count {
            hash = SeededHash.mix(hash ^ UInt64(bytes.uint8(at: offset)), key)
            offset += 1
        }
        return hash
    }
}

/// The packets that requests began with a moment ago, by their prints. Each print has one place among 4096, and the later
/// packet takes it: a flood makes joins rarer, never wrong.
struct RecentBeginnings: ~Copyable {
    private var entries = Slab<Entry>(capacity: capacity)
    private(set) var replaced: UInt64 = 0

    private static let capacity = 4096

    struct Entry: BitwiseCopyable {
        var print: UInt64 = 0
        var time: Int64 = 0
        var slot: UInt32 = 0
        var generation: UInt32 = 0
        var interface: UInt16 = 0
        var timeToLive: UInt8 = 0
        /// The client of the request that it began sent it.
        var isClients = false
    }

    func find(_ print: SegmentPrint) -> Entry? {
        let entry = entries[Int(truncatingIfNeeded: print.bits) & (Self.capacity - 1)]
        return entry.slot != 0 && entry.print == print.bits ? entry : nil
    }

    mutating func note(_ print: SegmentPrint, _ slot: Int, _ generation: UInt32, _ packet: Packet, isClients: Bool) {
        let place = Int(truncatingIfNeeded: print.bits) & (Self.capacity - 1)
        entries[place] = Entry(
            print: print.bits, time: packet.time.nanoseconds, slot: UInt32(truncatingIfNeeded: slot),
            generation: generation, interface: packet.interface.index, timeToLive: packet.timeToLive,
            isClients: isClients)
    }
}
