import Decode
package import Model

extension Correlator {
    /// One DHCP message of the exchange in `slot`.
    @inline(never)
    mutating func observeDHCP(_ slot: Int, _ packet: Packet, _ frame: RawSpan) {
        do throws(DecodeError) {
            let message = try DHCPView(packet.payload(in: frame), at: packet.payloadOffset)
            decoder.countMessage(.dhcp)
            let options = message.options
            if let damage = options.damage { decoder.countFailure(damage, isCut: isCut(packet)) }
            if settings.keepsRecords, attachments[flows.cold[slot].attachment]?.application.kind == nil {
                attachments.demand(&flows.cold[slot]).application.kind = .dhcp
            }
            leases.note(
                message, options,
                .init(
                    time: packet.time, interface: interfaceNames[packet.interface.index], vlan: packet.vlan,
                    tunnels: packet.depth > 0 ? decoder.tunnels(of: packet) : []))
            takeLeases()
        } catch {
            // BOOTP, or something else on these ports, is no damaged DHCP.
            if case .truncated = error, isCut(packet) { decoder.countFailure(error, isCut: true) }
        }
    }

    private func isCut(_ packet: Packet) -> Bool { packet.payloadCaptured < packet.payloadLength }

    mutating func takeLeases() {
        for lease in leases.takeCompleted() {
            totals.leases &+= 1
            if settings.keepsRecords { finished.append(.lease(lease)) }
        }
    }

    /// DHCP exchanges under way, the newest first.
    package var openLeases: [Lease] { leases.open }
}
