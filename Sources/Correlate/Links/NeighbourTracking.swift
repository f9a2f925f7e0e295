import Decode
import Model

extension Correlator {
    mutating func observeARP(_ packet: Packet, _ frame: RawSpan) {
        guard let message = try? ARPView(packet.message(in: frame), at: packet.headerOffset) else { return }
        let place = place(packet)
        let sender = message.senderAddress
        let isAnnouncement = sender == message.targetAddress
        switch message.operation {
        case 1 where isAnnouncement: neighbours.announce(sender, message.senderMAC, place)
        case 1: neighbours.request(message.targetAddress, by: sender, message.senderMAC, place)
        case 2: neighbours.reply(sender, at: message.senderMAC, to: isAnnouncement ? nil : message.targetAddress, place)
        // RARP, InARP and the like resolve nothing that is followed.
        default: break
        }
        takeNeighbours()
    }

    mutating func observeNDP(_ discovery: NeighbourDiscovery, _ packet: Packet) {
        let place = place(packet)
        if !discovery.isAdvertisement {
            neighbours.request(
                discovery.target, by: packet.source, discovery.linkAddress ?? packet.sourceMAC, place)
        } else if let mac = discovery.linkAddress ?? packet.sourceMAC {
            neighbours.reply(discovery.target, at: mac, to: discovery.isSolicited ? packet.destination : nil, place)
        }
        takeNeighbours()
    }

    private func place(_ packet: Packet) -> NeighbourTable.Place {
        .init(
            time: packet.time, link: packet.interface.index, interface: interfaceNames[packet.interface.index],
            vlan: packet.vlan, tunnels: packet.depth > 0 ? decoder.tunnels(of: packet) : [])
    }
}
