package import Model

/// Reads frames and counts what became of every layer.
///
/// One call a frame, no allocation but for a frame that is damaged in a way not met before.
package struct FrameDecoder: Sendable {
    package internal(set) var counters = LayerCounters()
    /// Which piece the packet read last is, when it is a fragment.
    package internal(set) var fragment = FragmentHeader(identification: 0, offset: 0, isLast: true)
    /// The encapsulations of the packet read last, outermost first, as many as its depth says.
    var path = InlineArray<4, Tunnel>(repeating: Tunnel(.gre))

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
            if walk.next != .nothing { try readInner(frame, &walk, &packet) }
        } catch {
            packet.kind = .other
            counters.count(error, wireEnd: walk.wireEnd)
        }
        return packet
    }

    struct Walk {
        /// How far the packet reaches on the wire, in bytes into the frame: narrowed by each header's own length.
        var wireEnd: Int
        /// What an encapsulation just read says is inside of it, and where that begins.
        var next = Next.nothing
        var nextOffset = 0

        init(wireEnd: Int) { self.wireEnd = wireEnd }

        enum Next: UInt8 { case nothing, ethernet, ppp, mpls, ipv4, ipv6 }

        mutating func goOn(_ next: Next, at offset: Int) {
            self.next = next
            nextOffset = offset
        }
    }

    @inline(__always)
    mutating func readLink(
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
    mutating func readEtherType(
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
        default: try readEncapsulation(type, frame, at: offset, &walk, &packet)
        }
    }

    @inline(never)
    mutating func readLLC(
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
    mutating func readARP(_ frame: RawSpan, at offset: Int, _ packet: inout Packet) throws(DecodeError) {
        let arp = try ARPView(frame.extracting(droppingFirst: offset), at: offset)
        counters.decoded[.arp] &+= 1
        packet.kind = .arp
        packet.source = arp.senderAddress
        packet.destination = arp.targetAddress
        packet.headerOffset = offset
        packet.payloadOffset = offset + 28
    }
}

extension FrameDecoder {
    /// Counts a message of a layer above the transport, which the correlator decides to read.
    package mutating func countMessage(_ layer: Layer) { counters.decoded[layer] &+= 1 }
    package mutating func countMessages(_ layer: Layer, _ count: UInt64) { counters.decoded[layer] &+= count }

    /// Counts a message above the transport that could not be read; `isCut` tells a snap length from a lie.
    package mutating func countFailure(_ error: DecodeError, isCut: Bool) {
        counters.count(error, wireEnd: isCut ? .max : 0)
    }
}
