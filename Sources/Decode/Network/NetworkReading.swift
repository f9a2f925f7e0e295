package import Model

// From the IP header to the transport's, or to the piece of one.

extension FrameDecoder {
    @inline(__always)
    mutating func readIPv4(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let ip = try IPv4View(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.ipv4] &+= 1
        packet.source = ip.source
        packet.destination = ip.destination
        packet.timeToLive = ip.timeToLive
        packet.protocolNumber = ip.protocolNumber
        let end = ip.totalLength == 0 ? walk.wireEnd : offset &+ ip.totalLength
        walk.wireEnd = min(walk.wireEnd, end)
        let transport = offset &+ ip.headerLength
        guard !ip.isFragment else {
            let header = FragmentHeader(
                identification: UInt32(ip.identification), offset: ip.fragmentOffset, isLast: !ip.moreFragments)
            return noteFragment(header, frame, at: transport, packetEnd: end, &packet)
        }
        try readTransport(frame, at: transport, packetEnd: end, isWhole: true, &walk, &packet)
    }

    @inline(__always)
    mutating func readIPv6(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let ip = try IPv6View(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.ipv6] &+= 1
        packet.source = ip.source
        packet.destination = ip.destination
        packet.timeToLive = ip.hopLimit
        packet.protocolNumber = ip.nextHeader
        let end = ip.payloadLength == 0 ? walk.wireEnd : offset &+ IPv6View.headerLength &+ ip.payloadLength
        walk.wireEnd = min(walk.wireEnd, end)
        var transport = offset &+ IPv6View.headerLength
        if IPv6Extensions.isExtension(ip.nextHeader) {
            let bytes = frame.extracting(transport..<max(transport, min(frame.byteCount, end)))
            let extensions = try IPv6Extensions(bytes, first: ip.nextHeader, at: transport, stopsAtFragment: true)
            counters.decoded[.ipv6Extension] &+= 1
            packet.protocolNumber = extensions.protocolNumber
            transport &+= extensions.byteCount
            if let header = extensions.fragment {
                guard header.isAtomic else {
                    return noteFragment(header, frame, at: transport, packetEnd: end, &packet)
                }
                counters.decoded[.fragment] &+= 1
            }
        }
        try readTransport(frame, at: transport, packetEnd: end, isWhole: true, &walk, &packet)
    }

    /// A piece of a datagram: what it is about is told when the pieces are together.
    @inline(never)
    private mutating func noteFragment(
        _ header: FragmentHeader, _ frame: RawSpan, at offset: Int, packetEnd: Int, _ packet: inout Packet
    ) {
        counters.decoded[.fragment] &+= 1
        if header.offset > 0 { counters.laterFragments &+= 1 }
        fragment = header
        packet.kind = .fragment
        packet.headerOffset = offset
        packet.setPayload(at: offset, captured: min(frame.byteCount, packetEnd), end: packetEnd)
    }

    /// Reads a datagram that was put together from fragments; or, when it is not whole, what its first fragment has of
    /// it.
    ///
    /// - Parameters:
    ///   - datagram: what follows the IP header, or the fragment header, of `head`. The packet's ranges are its.
    ///   - length: bytes on the wire.
    ///   - head: the first fragment, which tells whose the datagram is.
    package mutating func decode(
        _ datagram: RawSpan, length: Int, of head: Packet, in tunnels: [Tunnel], isWhole: Bool
    ) -> Packet {
        var packet = head
        packet.kind = .other
        packet.isReassembled = isWhole
        for index in 0..<min(tunnels.count, path.count) { path[index] = tunnels[index] }
        var walk = Walk(wireEnd: length)
        do throws(DecodeError) {
            var transport = 0
            if head.source.version == .v6, IPv6Extensions.isExtension(head.protocolNumber) {
                let extensions = try IPv6Extensions(datagram, first: head.protocolNumber, at: 0)
                guard extensions.fragment == nil else {
                    throw .invalid(.fragment, at: 0, field: .extensionChain, value: 44)
                }
                packet.protocolNumber = extensions.protocolNumber
                transport = extensions.byteCount
            }
            try readTransport(datagram, at: transport, packetEnd: length, isWhole: isWhole, &walk, &packet)
            if walk.next != .nothing { try readInner(datagram, &walk, &packet) }
        } catch {
            packet.kind = .other
            counters.count(error, wireEnd: walk.wireEnd)
        }
        return packet
    }

    /// `packetEnd` is where the IP header says that the packet ends, in bytes into the frame.
    @inline(__always)
    mutating func readTransport(
        _ frame: RawSpan, at offset: Int, packetEnd: Int, isWhole: Bool, _ walk: inout Walk,
        _ packet: inout Packet
    ) throws(DecodeError) {
        let captured = min(frame.byteCount, packetEnd)
        let bytes = frame.extracting(min(offset, captured)..<captured)
        packet.headerOffset = offset
        switch packet.protocolNumber {
        case TransportProtocol.tcp.rawValue:
            let tcp = try TCPView(bytes, at: offset)
            let headerLength = tcp.headerLength
            guard headerLength <= packetEnd &- offset else {
                throw .invalid(.tcp, at: offset &+ 12, field: .dataOffset, value: headerLength)
            }
            counters.decoded[.tcp] &+= 1
            packet.kind = .tcp
            packet.sourcePort = tcp.sourcePort
            packet.destinationPort = tcp.destinationPort
            packet.sequenceNumber = tcp.sequenceNumber
            packet.acknowledgmentNumber = tcp.acknowledgmentNumber
            packet.flags = tcp.flags
            packet.window = tcp.window
            packet.setPayload(at: offset &+ headerLength, captured: captured, end: packetEnd)
        case TransportProtocol.udp.rawValue:
            let udp = try UDPView(bytes, at: offset)
            // A fragmented datagram is longer than the packet that has its header: its own length counts.
            let end = udp.length == 0 ? packetEnd : offset &+ udp.length
            guard end <= packetEnd || !isWhole else {
                throw .invalid(.udp, at: offset &+ 4, field: .length, value: udp.length)
            }
            counters.decoded[.udp] &+= 1
            packet.kind = .udp
            packet.sourcePort = udp.sourcePort
            packet.destinationPort = udp.destinationPort
            packet.setPayload(at: offset &+ UDPView.headerLength, captured: min(captured, end), end: end)
        case TransportProtocol.icmp.rawValue, TransportProtocol.icmpv6.rawValue:
            let version = packet.source.version
            // ICMP over IPv6 and ICMPv6 over IPv4 have no meaning.
            guard (packet.protocolNumber == TransportProtocol.icmp.rawValue) == (version == .v4) else {
                counters.otherTransport &+= 1
                return
            }
            _ = try ICMPView(bytes, version: version, at: offset)
            counters.decoded[version == .v4 ? .icmp : .icmpv6] &+= 1
            packet.kind = .icmp
            packet.setPayload(at: offset &+ ICMPView.headerLength, captured: captured, end: packetEnd)
        default: try readTunnel(bytes, at: offset, &walk, &packet)
        }
    }
}

extension Packet {
    @inline(__always)
    fileprivate mutating func setPayload(at offset: Int, captured: Int, end: Int) {
        payloadOffset = min(offset, captured)
        payloadCaptured = captured &- payloadOffset
        payloadLength = max(0, end &- offset)
    }
}
