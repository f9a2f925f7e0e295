import Decode
import Model

// A connection keeps its ids when a NAT gives it another port, or when it goes on over another network without
// taking a fresh one (RFC 9000 §5.1, §9).

extension Correlator {
    /// Remembers what both sides of the connection in `slot` are called: the first ids that the server answers with
    /// count, as they do for the client (RFC 9000 §7.2).
    mutating func rememberIDs(_ slot: Int, client: QUICConnectionID, server: QUICConnectionID) {
        let generation = flows.cold[slot].generation
        let flow = flows.hot[slot]
        if flows.cold[slot].connectionIDs[0] == 0 {
            flows.cold[slot].connectionIDs[0] = connectionIDs.remember(
                client, of: .client, at: flow.client, slot: slot, generation: generation)
        }
        if flows.cold[slot].connectionIDs[1] == 0 {
            flows.cold[slot].connectionIDs[1] = connectionIDs.remember(
                server, of: .server, at: flow.server, slot: slot, generation: generation)
        }
    }

    /// The connection that a datagram without a request of its own belongs to, if it has moved; asked once for the
    /// first packet of every UDP exchange, so it looks no further than it must.
    @inline(__always)
    mutating func findMoved(
        _ key: FlowKey, _ hash: UInt32, _ packet: Packet, _ frame: RawSpan
    ) -> (slot: Int, direction: Int)? {
        if !paths.isEmpty, let path = paths.find(key, hash) {
            guard isOver(path.slot, at: packet.time) else { return path }
            complete(path.slot, .idle)
            return nil
        }
        guard !connectionIDs.isEmpty else { return nil }
        return move(key, hash, packet, packet.payload(in: frame))
    }

    @inline(never)
    private mutating func move(
        _ key: FlowKey, _ hash: UInt32, _ packet: Packet, _ payload: RawSpan
    ) -> (slot: Int, direction: Int)? {
        guard QUICShortHeader.mayBegin(payload),
            let entry = connectionIDs.find(
                shortHeaderOf: payload, to: Endpoint(packet.destination, packet.destinationPort))
        else { return nil }
        let slot = Int(entry.slot)
        guard flows.cold[slot].generation == entry.generation else { return nil }
        if isOver(slot, at: packet.time) {
            complete(slot, .idle)
            return nil
        }
        // Sent to the server by its id, so the client moved; or the other way round.
        let direction = entry.party == .server ? 0 : 1
        guard changesLeft(slot) > 0,
            paths.add(key, hash, slot: slot, direction: direction, newest: &flows.cold[slot].path)
        else { return nil }
        // The way may lead over another interface: those packets are no copies.
        flows.hot[slot].interface = [packet.interface.index, packet.interface.index]
        if settings.keepsRecords {
            note(Endpoint(packet.source, packet.sourcePort), of: direction == 0 ? .client : .server, slot, packet.time)
        }
        noteChange(slot)
        return (slot, direction)
    }

    /// A connection that moved as often as its record has room for is followed no further.
    private mutating func changesLeft(_ slot: Int) -> Int {
        QUICFacts.addressChangeCapacity
            - paths.count(newest: flows.cold[slot].path, limit: QUICFacts.addressChangeCapacity)
    }

    private mutating func note(_ to: Endpoint, of party: Party, _ slot: Int, _ time: Timestamp) {
        let attachment = attachments.demand(&flows.cold[slot])
        let first = party == .client ? flows.hot[slot].client : flows.hot[slot].server
        let from = attachment.application.quic?.addressChanges.last { $0.party == party }?.to ?? first
        attachment.application.quic?.addressChanges.append(
            QUICAddressChange(time: time, party: party, from: from, to: to))
    }

    /// Forgets ids and paths of a request that ends.
    mutating func forgetAddresses(_ slot: Int) {
        let generation = flows.cold[slot].generation
        for side in 0..<2 where flows.cold[slot].connectionIDs[side] != 0 {
            connectionIDs.release(flows.cold[slot].connectionIDs[side], slot: slot, generation: generation)
        }
        if flows.cold[slot].path != 0 { paths.release(newest: flows.cold[slot].path) }
    }
}
