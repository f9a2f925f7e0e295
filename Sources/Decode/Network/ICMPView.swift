package import Model

/// One ICMP (RFC 792) or ICMPv6 (RFC 4443) message, read in place; bytes:
///
///     0      1      2          4                 8
///     | type | code | checksum | rest of header | body …
package struct ICMPView: ~Escapable {
    private let bytes: RawSpan
    private let offset: Int
    package let version: IPAddress.Version

    /// - Throws: ``DecodeError`` when fewer than 8 bytes were captured.
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, version: IPAddress.Version, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 8 else {
            throw .truncated(version == .v4 ? .icmp : .icmpv6, at: offset, needs: 8, has: bytes.byteCount)
        }
        self.bytes = bytes
        self.offset = offset
        self.version = version
    }

    package static let headerLength = 8

    package var type: UInt8 { bytes.uint8(at: 0) }
    package var code: UInt8 { bytes.uint8(at: 1) }
    /// Of an echo message.
    package var identifier: UInt16 { bytes.uint16(at: 4) }
    /// Of an echo message.
    package var sequenceNumber: UInt16 { bytes.uint16(at: 6) }

    package var isEchoRequest: Bool { type == (version == .v4 ? 8 : 128) }
    package var isEchoReply: Bool { type == (version == .v4 ? 0 : 129) }

    /// Whether the body quotes the packet that caused the message.
    package var isError: Bool {
        switch version {
        case .v4: type == 3 || type == 4 || type == 5 || type == 11 || type == 12
        case .v6: (1...4).contains(type)
        }
    }

    /// The next hop's MTU: in the low half for IPv4 (RFC 1191 §4, 0 from older routers), all 32 bits for IPv6.
    package var mtu: UInt32? {
        switch version {
        case .v4:
            guard type == 3, code == 4, bytes.uint16(at: 6) > 0 else { return nil }
            return UInt32(bytes.uint16(at: 6))
        case .v6: return type == 2 ? bytes.uint32(at: 4) : nil
        }
    }

    /// The quoted packet's tuple, as far as it is quoted; ports are 0 where the transport has none.
    ///
    /// - Throws: ``DecodeError`` naming what of the quotation is missing or cannot be.
    package func quotation() throws(DecodeError) -> ICMPErrorReport.Quotation {
        let inner = bytes.extracting(droppingFirst: 8)
        let layer: Layer = version == .v4 ? .icmp : .icmpv6
        let start = offset + 8
        let source: IPAddress
        let destination: IPAddress
        let protocolNumber: UInt8
        let transport: Int
        switch version {
        case .v4:
            let packet = try IPv4View(inner, at: start)
            source = packet.source
            destination = packet.destination
            protocolNumber = packet.protocolNumber
            transport = packet.headerLength
            if packet.fragmentOffset > 0 {
                return .init(
                    source: Endpoint(source, 0), destination: Endpoint(destination, 0), protocolNumber: protocolNumber)
            }
        case .v6:
            let packet = try IPv6View(inner, at: start)
            source = packet.source
            destination = packet.destination
            let extensions = try IPv6Extensions(
                inner.extracting(droppingFirst: IPv6View.headerLength), first: packet.nextHeader,
                at: start + IPv6View.headerLength)
            protocolNumber = extensions.protocolNumber
            transport = IPv6View.headerLength + extensions.byteCount
            if let fragment = extensions.fragment, fragment.offset > 0 {
                return .init(
                    source: Endpoint(source, 0), destination: Endpoint(destination, 0), protocolNumber: protocolNumber)
            }
        }
        let header = inner.extracting(droppingFirst: transport)
        switch protocolNumber {
        case TransportProtocol.tcp.rawValue, TransportProtocol.udp.rawValue:
            guard header.byteCount >= 4 else {
                throw .truncated(layer, at: start + transport, needs: 4, has: header.byteCount)
            }
            return .init(
                source: Endpoint(source, header.uint16(at: 0)),
                destination: Endpoint(destination, header.uint16(at: 2)), protocolNumber: protocolNumber)
        case TransportProtocol.icmp.rawValue, TransportProtocol.icmpv6.rawValue:
            guard header.byteCount >= 6 else {
                throw .truncated(layer, at: start + transport, needs: 6, has: header.byteCount)
            }
            return .init(
                source: Endpoint(source, header.uint16(at: 4)), destination: Endpoint(destination, 0),
                protocolNumber: protocolNumber)
        default:
            return .init(
                source: Endpoint(source, 0), destination: Endpoint(destination, 0), protocolNumber: protocolNumber)
        }
    }

    /// A neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4), or `nil` for any other message.
    ///
    /// - Throws: ``DecodeError`` when the target was not captured or an option has no length.
    package func neighbourDiscovery() throws(DecodeError) -> NeighbourDiscovery? {
        guard version == .v6, type == 135 || type == 136 else { return nil }
        guard bytes.byteCount >= 24 else { throw .truncated(.icmpv6, at: offset, needs: 24, has: bytes.byteCount) }
        var linkAddress: MACAddress?
        var position = 24
        while position + 2 <= bytes.byteCount {
            let length = Int(bytes.uint8(at: position + 1)) * 8
            guard length > 0 else {
                throw .invalid(.icmpv6, at: offset + position + 1, field: .optionLength, value: 0)
            }
            guard position + length <= bytes.byteCount else {
                throw .truncated(.icmpv6, at: offset + position, needs: length, has: bytes.byteCount - position)
            }
            let option = bytes.uint8(at: position)
            if (option == 1 && type == 135) || (option == 2 && type == 136) {
                linkAddress = MACAddress(
                    bits: UInt64(bytes.uint16(at: position + 2)) << 32 | UInt64(bytes.uint32(at: position + 4)))
            }
            position += length
        }
        return NeighbourDiscovery(
            isAdvertisement: type == 136, isSolicited: type == 136 && bytes.uint8(at: 4) & 0x40 != 0,
            target: IPAddress(v6High: bytes.uint64(at: 8), low: bytes.uint64(at: 16)), linkAddress: linkAddress)
    }
}

/// What a neighbour solicitation or advertisement says.
package struct NeighbourDiscovery: Equatable, Sendable {
    package var isAdvertisement: Bool
    /// The S flag: the advertisement answers a solicitation.
    package var isSolicited: Bool
    package var target: IPAddress
    /// The source link-layer address of a solicitation, the target's of an advertisement.
    package var linkAddress: MACAddress?
}
