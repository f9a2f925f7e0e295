package import Model

/// Reads frames and counts what became of every layer.
///
/// One call a frame, no allocation but for a frame that is damaged in a way not met before.
package struct FrameDecoder: Sendable {
    package private(set) var counters = LayerCounters()

    package init() {}

    /// Reads `frame` down to its transport header.
    ///
    /// A header that cannot be read ends the walk: what was read before it stands, the packet's kind is `.other`,
    /// and the counters say which layer it was and why.
    package mutating func decode(_ frame: RawSpan, _ info: FrameInfo) -> Packet {
        var packet = Packet(info)
        counters.frames &+= 1
        counters.bytes &+= UInt64(truncatingIfNeeded: max(0, info.wireLength))
        // A file may claim that less was on the wire than it holds: what it holds is what counts then.
        let wireLength = max(info.wireLength, frame.byteCount)
        if frame.byteCount < wireLength {
            packet.isCut = true
            counters.cutFrames &+= 1
        }
        var walk = Walk(wireEnd: wireLength)
        do throws(DecodeError) {
            try readLink(frame, info.linkType, &walk, &packet)
        } catch {
            packet.kind = .other
            counters.count(error, wireEnd: walk.wireEnd)
        }
        return packet
    }

    /// How far the packet reaches on the wire, in bytes into the frame: narrowed by each header's own length.
    private struct Walk {
        var wireEnd: Int
    }

    @inline(__always)
    private mutating func readLink(
        _ frame: RawSpan, _ linkType: LinkType, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        switch linkType {
        case .ethernet:
            let ethernet = try EthernetView(frame, at: 0)
            counters.decoded[.ethernet] &+= 1
            packet.sourceMAC = ethernet.source
            packet.destinationMAC = ethernet.destination
            try readEtherType(ethernet.typeOrLength, frame, at: 14, &walk, &packet)
        case .linuxSLL, .linuxSLL2:
            let cooked = try CookedView(frame, isVersion2: linkType == .linuxSLL2, at: 0)
            counters.decoded[linkType == .linuxSLL2 ? .linuxSLL2 : .linuxSLL] &+= 1
            packet.sourceMAC = cooked.source
            if cooked.hardwareType == CookedView.netlinkHardware {
                counters.otherFrames &+= 1
            } else {
                try readEtherType(cooked.protocolType, frame, at: cooked.byteCount, &walk, &packet)
            }
        case .null, .loop:
            let version = try LoopbackHeader.version(frame, at: 0)
            counters.decoded[.loopback] &+= 1
            switch version {
            case .v4: try readIPv4(frame, at: LoopbackHeader.byteCount, &walk, &packet)
            case .v6: try readIPv6(frame, at: LoopbackHeader.byteCount, &walk, &packet)
            case nil: counters.otherFrames &+= 1
            }
        case .raw, .raw12:
            guard frame.byteCount >= 1 else { throw .truncated(.raw, at: 0, needs: 1, has: 0) }
            counters.decoded[.raw] &+= 1
            switch frame.uint8(at: 0) >> 4 {
            case 4: try readIPv4(frame, at: 0, &walk, &packet)
            case 6: try readIPv6(frame, at: 0, &walk, &packet)
            case let version: throw .invalid(.raw, at: 0, field: .version, value: Int(version))
            }
        case .ipv4: try readIPv4(frame, at: 0, &walk, &packet)
        case .ipv6: try readIPv6(frame, at: 0, &walk, &packet)
        }
    }

    /// More VLAN tags than any real frame stacks; the rest is refused.
    private static let vlanLimit = 8

    @inline(__always)
    private mutating func readEtherType(
        _ first: UInt16, _ frame: RawSpan, at start: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        var type = first
        var offset = start
        if EtherType.isVLAN(type) {
            var count = 0
            while EtherType.isVLAN(type) {
                count += 1
                let available = frame.byteCount - offset
                guard available >= 4 else { throw .truncated(.vlan, at: offset, needs: 4, has: max(0, available)) }
                guard count <= Self.vlanLimit else {
                    throw .invalid(.vlan, at: offset, field: .sectionCount, value: count)
                }
                counters.decoded[.vlan] &+= 1
                packet.vlan.append(frame.uint16(at: offset))
                type = frame.uint16(at: offset + 2)
                offset += 4
            }
        }
        switch type {
        case EtherType.ipv4: try readIPv4(frame, at: offset, &walk, &packet)
        case EtherType.ipv6: try readIPv6(frame, at: offset, &walk, &packet)
        case EtherType.arp: try readARP(frame, at: offset, &packet)
        case ..<EtherType.smallest: try readLLC(frame, at: offset, &walk, &packet)
        default: counters.otherFrames &+= 1
        }
    }

    @inline(never)
    private mutating func readLLC(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let type = try SNAP.etherType(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.llc] &+= 1
        switch type {
        case EtherType.ipv4: try readIPv4(frame, at: offset + SNAP.byteCount, &walk, &packet)
        case EtherType.ipv6: try readIPv6(frame, at: offset + SNAP.byteCount, &walk, &packet)
        case EtherType.arp: try readARP(frame, at: offset + SNAP.byteCount, &packet)
        default: counters.otherFrames &+= 1
        }
    }

    @inline(never)
    private mutating func readARP(_ frame: RawSpan, at offset: Int, _ packet: inout Packet) throws(DecodeError) {
        let arp = try ARPView(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.arp] &+= 1
        packet.kind = .arp
        packet.source = arp.senderAddress
        packet.destination = arp.targetAddress
        packet.headerOffset = offset
        packet.payloadOffset = offset + 28
    }

    @inline(__always)
    private mutating func readIPv4(
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
        if ip.fragmentOffset > 0 {
            countLaterFragment(&packet)
            return
        }
        try readTransport(
            frame, at: offset &+ ip.headerLength, packetEnd: end, isFragment: ip.moreFragments, &walk, &packet)
    }

    @inline(__always)
    private mutating func readIPv6(
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
        var isFragment = false
        if IPv6Extensions.isExtension(ip.nextHeader) {
            let bytes = frame.extracting(transport..<max(transport, min(frame.byteCount, end)))
            let extensions = try IPv6Extensions(bytes, first: ip.nextHeader, at: transport)
            counters.decoded[.ipv6Extension] &+= 1
            packet.protocolNumber = extensions.protocolNumber
            transport &+= extensions.byteCount
            if let fragmentOffset = extensions.fragmentOffset {
                isFragment = true
                if fragmentOffset > 0 {
                    countLaterFragment(&packet)
                    return
                }
            }
        }
        try readTransport(frame, at: transport, packetEnd: end, isFragment: isFragment, &walk, &packet)
    }

    private mutating func countLaterFragment(_ packet: inout Packet) {
        counters.laterFragments &+= 1
        packet.kind = .laterFragment
    }

    /// `packetEnd` is where the IP header says that the packet ends, in bytes into the frame.
    @inline(__always)
    private mutating func readTransport(
        _ frame: RawSpan, at offset: Int, packetEnd: Int, isFragment: Bool, _ walk: inout Walk,
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
            guard end <= packetEnd || isFragment else {
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
        default:
            counters.otherTransport &+= 1
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

extension FrameDecoder {
    /// Counts a message of a layer above the transport, which the correlator decides to read.
    package mutating func countMessage(_ layer: Layer) { counters.decoded[layer] &+= 1 }

    /// Counts a message above the transport that could not be read; `isCut` tells a snap length from a lie.
    package mutating func countFailure(_ error: DecodeError, isCut: Bool) {
        counters.count(error, wireEnd: isCut ? .max : 0)
    }
}
