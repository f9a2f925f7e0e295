import CLinux
import Glibc
import Model

// The questions about routes and neighbours.

extension NetlinkAsker where Socket: ~Copyable {
    /// RTM_GETROUTE: what the kernel does with such a packet.
    ///
    /// - Parameter entry: whether the entry of the table is wanted (RTM_F_FIB_MATCH: its prefix, origin, metric and all
    ///   its next hops), or what it comes to for this packet (gateway, interface, source, MTU of the path).
    /// - Returns: `nil` when no answer came.
    mutating func route(_ question: RouteQuestion, entry: Bool) -> Reply? {
        var body = rtmsg()
        body.rtm_family = question.destination.version.addressFamily
        body.rtm_dst_len = question.destination.width
        body.rtm_src_len = question.source?.width ?? 0
        // Without it IPv4 names the main table whichever it was.
        body.rtm_flags = UInt32(RTM_F_LOOKUP_TABLE) | (entry ? UInt32(RTM_F_FIB_MATCH) : 0)
        var request = NetlinkRequest(type: RTM_GETROUTE, flags: NLM_F_REQUEST, body: body)
        request.append(RouteAttribute.destination, address: question.destination)
        if let source = question.source { request.append(RouteAttribute.source, address: source) }
        if let interface = question.interface { request.append(RouteAttribute.outInterface, interface) }
        if let interface = question.inInterface { request.append(RouteAttribute.inInterface, interface) }
        if let user = question.user { request.append(RouteAttribute.user, user) }
        if let mark = question.mark { request.append(RouteAttribute.mark, mark) }
        if let transport = question.transport {
            request.append(RouteAttribute.transport, transport.rawValue)
            switch transport {
            case .tcp, .udp:
                if question.sourcePort != 0 {
                    request.append(RouteAttribute.sourcePort, question.sourcePort.bigEndian)
                }
                if question.destinationPort != 0 {
                    request.append(RouteAttribute.destinationPort, question.destinationPort.bigEndian)
                }
            case .icmp, .icmpv6: break
            }
        }
        return ask(request)
    }

    /// RTM_GETNEIGH: the entry of one address on one interface, as it is at this moment.
    mutating func neighbour(_ address: IPAddress, on interface: Int32) -> Reply? {
        var body = ndmsg()
        body.ndm_family = address.version.addressFamily
        body.ndm_ifindex = interface
        var request = NetlinkRequest(type: RTM_GETNEIGH, flags: NLM_F_REQUEST, body: body)
        request.append(NDA_DST, address: address)
        return ask(request)
    }
}

extension IPAddress {
    fileprivate var width: UInt8 { version == .v4 ? 32 : 128 }
}
