import Decode
import Model

// Fragments wait in their table until their datagram is whole, or until it is clear that it will not be. Then it is
// followed like any other packet; of one that is given up, what its first fragment says.

extension Correlator {
    /// A piece of a datagram, which ``followDatagrams()`` follows when it is due.
    @inline(never)
    mutating func collect(_ packet: Packet, _ frame: RawSpan) {
        let tunnels = packet.depth > 0 ? decoder.tunnels(of: packet) : []
        let isWellFormed = fragments.add(packet, decoder.fragment, in: tunnels, packet.payload(in: frame))
        if !isWellFormed {
            decoder.countFailure(
                .invalid(.fragment, at: packet.headerOffset, field: .length, value: packet.payloadLength),
                isCut: false)
        }
    }

    /// Follows the datagrams that are due. One may complete another that is inside of it; a datagram of fragments is
    /// never one of fragments again but inside of a tunnel, and tunnels end at the decoder's depth.
    mutating func followDatagrams() {
        while let datagram = fragments.takeDue() {
            let bytes = unsafe datagram.bytes.span.bytes
            let packet = decoder.decode(
                bytes, length: datagram.length, of: datagram.head, in: datagram.tunnels, isWhole: datagram.isWhole)
            follow(packet, bytes)
            followInner(of: packet, bytes)
        }
    }
}
