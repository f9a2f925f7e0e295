import Decode
import Model

// A SYN that another address answers: a port forward on the client's own link without source NAT (hairpin), a server with
// several addresses, a translation that is undone on one way only. The client knows no such connection and resets it.

/// SYNs sent lately, by who sent them. Each client's port has one place among 4096, and the later SYN takes it: a flood
/// makes joins rarer, never wrong, since the answer must acknowledge the very SYN.
struct RecentSYNs: ~Copyable {
    private var entries = Slab<Entry>(capacity: capacity)

    private static let capacity = 4096

    struct Entry: BitwiseCopyable {
        var slot: UInt32 = 0
        var generation: UInt32 = 0
    }

    private static func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (capacity - 1) }

    subscript(_ hash: UInt64) -> Entry {
        get { entries[Self.place(hash)] }
        set { entries[Self.place(hash)] = newValue }
    }
}

extension Correlator {
    private func synHash(_ address: IPAddress, _ port: UInt16) -> UInt64 {
        SeededHash.mix(hash(address), UInt64(port) | 1 << 16)
    }

    /// The connection in `slot` begins with `packet`, a SYN.
    mutating func noteSYN(_ slot: Int, _ packet: Packet) {
        syns[synHash(packet.source, packet.sourcePort)] = RecentSYNs.Entry(
            slot: UInt32(truncatingIfNeeded: slot), generation: flows.cold[slot].generation)
    }

    /// The connection in `slot` begins with `packet`, a SYN-ACK to a SYN that went elsewhere: it is that request's, and no
    /// request of its own.
    ///
    /// - Returns: whether it is so.
    mutating func joinElsewhere(_ slot: Int, _ packet: Packet) -> Bool {
        let entry = syns[synHash(packet.destination, packet.destinationPort)]
        let request = Int(entry.slot)
        guard request != 0, request != slot, flows.cold[request].generation == entry.generation,
            flows.hot[request].isUsed, !flows.hot[request].isLeg, flows.hot[request].phase == .unanswered,
            flows.hot[request].protocolNumber == TransportProtocol.tcp.rawValue,
            flows.hot[request].client == Endpoint(packet.destination, packet.destinationPort),
            flows.cold[request].synCount[0] > 0, flows.cold[request].base[0] == packet.acknowledgmentNumber
        else { return false }
        adopt(slot, by: request, .segment)
        guard settings.keepsRecords else { return true }
        let attachment = attachments.demand(&flows.cold[request])
        if attachment.elsewhere == nil {
            attachment.elsewhere = ElsewhereAnswer(
                from: Endpoint(packet.source, packet.sourcePort), mac: packet.sourceMAC, time: packet.time)
        }
        return true
    }
}
