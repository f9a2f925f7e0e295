package import Model

// From an encapsulation to what is inside of it. A packet is walked from the outside in, in a loop: what an outer
// header said of addresses gives way to what the inner one says, and is kept as the packet's path.

extension FrameDecoder {
    /// The encapsulations of `packet`, outermost first; it must be the packet that was read last.
    package func tunnels(of packet: Packet) -> [Tunnel] { (0..<min(Int(packet.depth), path.count)).map { path[$0] } }

    /// Walks on while what was read is an encapsulation. Its end, as the header around it says, is the frame's end for
    /// what is inside.
    @inline(never)
    mutating func readInner(_ frame: RawSpan, _ walk: inout Walk, _ packet: inout Packet) throws(DecodeError) {
        while walk.next != .nothing {
            let next = walk.next
            walk.next = .nothing
            let inner = frame.extracting(first: max(0, min(frame.byteCount, walk.wireEnd)))
            let offset = min(walk.nextOffset, inner.byteCount)
            switch next {
            case .nothing: return
            case .ethernet:
                let ethernet = try EthernetView(inner.extracting(droppingFirst: offset), at: offset)
                counters.decoded[.ethernet] &+= 1
                packet.sourceMAC = ethernet.source
                packet.destinationMAC = ethernet.destination
                try readEtherType(ethernet.typeOrLength, inner, at: offset + 14, &walk, &packet)
            case .ppp: try readPPP(inner, at: offset, &walk, packet)
            case .mpls: try readMPLS(inner, at: offset, &walk, &packet)
            case .ipv4: try readIPv4(inner, at: offset, &walk, &packet)
            case .ipv6: try readIPv6(inner, at: offset, &walk, &packet)
            }
        }
    }

    /// Notes one more encapsulation.
    private mutating func enter(
        _ tunnel: Tunnel, _ layer: Layer, at offset: Int, _ packet: inout Packet
    ) throws(DecodeError) {
        let depth = Int(packet.depth)
        guard depth < Tunnel.depthLimit else { throw .invalid(layer, at: offset, field: .depth, value: depth + 1) }
        path[depth] = tunnel
        packet.depth += 1
        if tunnel.source != nil {
            // The stations of the outer frame are the tunnel's ends, not those of what is inside.
            packet.sourceMAC = nil
            packet.destinationMAC = nil
        }
    }

    private func between(_ packet: Packet, _ kind: Tunnel.Kind, _ identifier: UInt32? = nil) -> Tunnel {
        Tunnel(kind, identifier: identifier, source: packet.source, destination: packet.destination)
    }

    /// Nothing that is followed: a frame without IP, or a packet whose contents are not.
    private mutating func passOver(_ packet: Packet) {
        let isInIP = (0..<min(Int(packet.depth), path.count)).contains { path[$0].source != nil }
        if isInIP { counters.otherTransport &+= 1 } else { counters.otherFrames &+= 1 }
    }
}

// Encapsulations right behind a link header.
extension FrameDecoder {
    /// An EtherType that is neither IP nor ARP.
    @inline(never)
    mutating func readEncapsulation(
        _ type: UInt16, _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        switch type {
        case EtherType.pppoeSession: try readPPPoE(frame, at: offset, &walk, &packet)
        case EtherType.pppoeDiscovery:
            _ = try PPPoEView(frame.extracting(droppingFirst: offset), at: offset)
            counters.decoded[.pppoe] &+= 1
            passOver(packet)
        case EtherType.mpls, EtherType.mplsUpstream: walk.goOn(.mpls, at: offset)
        default: passOver(packet)
        }
    }

    private mutating func readPPPoE(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let header = try PPPoEView(frame.extracting(droppingFirst: offset), at: offset)
        let start = offset + PPPoEView.byteCount
        guard start + header.length <= walk.wireEnd else {
            throw .invalid(.pppoe, at: offset + 4, field: .length, value: header.length)
        }
        try enter(Tunnel(.pppoe, identifier: UInt32(header.sessionID)), .pppoe, at: offset, &packet)
        counters.decoded[.pppoe] &+= 1
        walk.wireEnd = start + header.length
        if header.code == 0 { walk.goOn(.ppp, at: start) } else { passOver(packet) }
    }

    private mutating func readPPP(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: Packet
    ) throws(DecodeError) {
        let header = try PPPHeader(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.ppp] &+= 1
        switch header.protocolNumber {
        case PPPHeader.ipv4: walk.goOn(.ipv4, at: offset + header.byteCount)
        case PPPHeader.ipv6: walk.goOn(.ipv6, at: offset + header.byteCount)
        case PPPHeader.mpls: walk.goOn(.mpls, at: offset + header.byteCount)
        // Control protocols, and data that is compressed or encrypted.
        default: passOver(packet)
        }
    }

    private mutating func readMPLS(
        _ frame: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let stack = try MPLSStack(frame.extracting(droppingFirst: offset), at: offset)
        try enter(Tunnel(.mpls, identifier: stack.label), .mpls, at: offset, &packet)
        counters.decoded[.mpls] &+= 1
        let start = offset + stack.byteCount
        switch stack.contents {
        case .ipv4: walk.goOn(.ipv4, at: start)
        case .ipv6: walk.goOn(.ipv6, at: start)
        case .ethernet: walk.goOn(.ethernet, at: start + MPLSStack.controlWord)
        case .other: passOver(packet)
        }
    }
}

// Encapsulations right behind an IP header.
extension FrameDecoder {
    /// An IP protocol that is no transport; `bytes` are its own, from `offset` of the frame on.
    @inline(never)
    mutating func readTunnel(
        _ bytes: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        switch packet.protocolNumber {
        case 4:
            let kind: Tunnel.Kind = packet.source.version == .v4 ? .ipInIP : .fourInSix
            try enter(between(packet, kind), .ipv4, at: offset, &packet)
            walk.goOn(.ipv4, at: offset)
        case 41:
            let kind: Tunnel.Kind = packet.source.version == .v4 ? .sixInFour : .sixInSix
            try enter(between(packet, kind), .ipv6, at: offset, &packet)
            walk.goOn(.ipv6, at: offset)
        case 47: try readGRE(bytes, at: offset, &walk, &packet)
        default: counters.otherTransport &+= 1
        }
    }

    private mutating func readGRE(
        _ bytes: RawSpan, at offset: Int, _ walk: inout Walk, _ packet: inout Packet
    ) throws(DecodeError) {
        let header = try GREView(bytes, at: offset)
        let start = offset + header.byteCount
        guard header.isPPTP else {
            try enter(between(packet, .gre, header.key), .gre, at: offset, &packet)
            counters.decoded[.gre] &+= 1
            return goOn(header.protocolType, at: start, &walk, packet)
        }
        guard start + header.payloadLength <= walk.wireEnd else {
            throw .invalid(.gre, at: offset + 4, field: .length, value: header.payloadLength)
        }
        try enter(between(packet, .pptp, UInt32(header.callID)), .gre, at: offset, &packet)
        counters.decoded[.gre] &+= 1
        walk.wireEnd = start + header.payloadLength
        if header.payloadLength > 0 { walk.goOn(.ppp, at: start) }
    }

    /// Inside of GRE or Geneve is what an EtherType says.
    private mutating func goOn(_ type: UInt16, at offset: Int, _ walk: inout Walk, _ packet: Packet) {
        switch type {
        case EtherType.ipv4: walk.goOn(.ipv4, at: offset)
        case EtherType.ipv6: walk.goOn(.ipv6, at: offset)
        case GREView.transparentEthernet: walk.goOn(.ethernet, at: offset)
        case EtherType.mpls, EtherType.mplsUpstream: walk.goOn(.mpls, at: offset)
        default: passOver(packet)
        }
    }
}

// Encapsulations in UDP.
extension FrameDecoder {
    /// What is inside of `outer`, a datagram to a port of VXLAN or Geneve; `nil` when it is no tunnel's, or not the
    /// packet that was read last.
    ///
    /// The outer datagram is a packet in its own right, so this is asked for, and not part of ``decode(_:_:)``.
    package mutating func decodeInner(of outer: Packet, in frame: RawSpan) -> Packet? {
        // No header begun on a wire that had no room for it.
        guard outer.payloadLength >= OverlayHeader.minimum else { return nil }
        var walk = Walk(wireEnd: outer.payloadOffset &+ outer.payloadLength)
        var packet = Packet(outside: outer)
        do throws(DecodeError) {
            let offset = outer.payloadOffset
            guard
                let header = try OverlayHeader(outer.payload(in: frame), port: outer.destinationPort, at: offset)
            else { return nil }
            let layer: Layer = header.isGeneve ? .geneve : .vxlan
            try enter(between(outer, header.isGeneve ? .geneve : .vxlan, header.network), layer, at: offset, &packet)
            counters.decoded[layer] &+= 1
            goOn(header.protocolType, at: offset + header.byteCount, &walk, packet)
            try readInner(frame.extracting(first: offset &+ outer.payloadCaptured), &walk, &packet)
        } catch {
            packet.kind = .other
            counters.count(error, wireEnd: walk.wireEnd)
        }
        return packet
    }
}

extension Packet {
    /// Begins a packet that travelled inside of `outer`.
    init(outside outer: Packet) {
        time = outer.time
        interface = outer.interface
        isCut = outer.isCut
        depth = outer.depth
        vlan = outer.vlan
    }
}
