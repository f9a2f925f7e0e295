package import Model

/// One QUIC packet with a long header, read in place (RFC 8999 §5.1, RFC 9000 §17.2, RFC 9369 §3.2):
///
///     0       1         5        6                7                8
///     | flags | version | length | destination id | length | source id | …
///
/// What follows depends on the type. Initial: token behind its length, then the length of the rest. 0-RTT and
/// Handshake: the length of the rest. Retry: a token to the end of the datagram, its last 16 bytes the integrity tag.
/// Version Negotiation: versions of four bytes to the end of the datagram.
///
/// The protected part stays as it is; ``packetNumberOffset`` and ``byteCount`` say where it lies.
package struct QUICLongHeaderView: ~Escapable {
    /// From the packet's first byte to the end of the datagram.
    private let bytes: RawSpan
    package let kind: Kind
    package let version: QUICVersion
    package let destination: QUICConnectionID
    package let source: QUICConnectionID
    /// Where the packet number begins, in bytes into the packet; 0 where there is none to be found.
    package let packetNumberOffset: Int
    /// Bytes of the datagram that the packet takes; another one may follow (RFC 9000 §12.2).
    package let byteCount: Int

    package enum Kind: UInt8, Sendable {
        case initial, zeroRTT, handshake, retry, versionNegotiation
        /// Of a version that is not known: its invariant part alone was read.
        case unknown
    }

    /// - Parameters:
    ///   - datagram: the payload of a UDP datagram.
    ///   - start: where the packet begins in it; not beyond its end.
    ///   - offset: bytes into the frame of the datagram's payload.
    /// - Throws: ``DecodeError`` when the header is cut off, has the short form, or what it says of itself cannot be.
    @_lifetime(copy datagram)
    package init(_ datagram: RawSpan, from start: Int, at offset: Int) throws(DecodeError) {
        let packet = datagram.extracting(droppingFirst: start)
        let place = offset + start
        func cut(_ needs: Int) -> DecodeError {
            .truncated(.quic, at: place, needs: needs, has: datagram.byteCount - start)
        }
        guard packet.byteCount >= Self.leastByteCount else { throw cut(Self.leastByteCount) }
        let flags = packet.uint8(at: 0)
        guard flags & 0x80 != 0 else { throw .invalid(.quic, at: place, field: .headerForm, value: Int(flags)) }
        let version = QUICVersion(rawValue: packet.uint32(at: 1))
        var cursor = ByteCursor(packet, at: 5)
        destination = try Self.connectionID(&cursor, place)
        source = try Self.connectionID(&cursor, place)
        bytes = packet
        self.version = version
        guard version.isKnown else {
            kind = version == .negotiation ? .versionNegotiation : .unknown
            packetNumberOffset = 0
            byteCount = packet.byteCount
            return
        }
        let kind = Self.kind(flags, version)
        self.kind = kind
        if kind == .retry {
            guard cursor.remaining >= Self.integrityTagByteCount else {
                throw cut(cursor.position + Self.integrityTagByteCount)
            }
            packetNumberOffset = 0
            byteCount = packet.byteCount
            return
        }
        if kind == .initial {
            guard let length = cursor.varint(), cursor.range(length) != nil else {
                throw cut(packet.byteCount + 1)
            }
        }
        guard let length = cursor.varint() else { throw cut(packet.byteCount + 1) }
        packetNumberOffset = cursor.position
        guard length <= UInt64(cursor.remaining) else {
            throw cut(cursor.position + Int(min(length, 65_535)))
        }
        byteCount = cursor.position + Int(length)
    }

    /// Flags, version and the lengths of two ids of no bytes.
    package static let leastByteCount = 7
    package static let integrityTagByteCount = 16

    @_lifetime(cursor: copy cursor)
    private static func connectionID(_ cursor: inout ByteCursor, _ place: Int) throws(DecodeError) -> QUICConnectionID {
        guard let length = cursor.uint8() else {
            throw .truncated(.quic, at: place, needs: cursor.position + 1, has: cursor.position)
        }
        guard Int(length) <= QUICConnectionID.capacity else {
            throw .invalid(.quic, at: place + cursor.position - 1, field: .connectionIDLength, value: Int(length))
        }
        guard let range = cursor.range(Int(length)) else {
            throw .truncated(
                .quic, at: place, needs: cursor.position + Int(length), has: cursor.position + cursor.remaining)
        }
        return QUICConnectionID(cursor.bytes.extracting(range))
    }

    /// Version 2 turns the types by one (RFC 9369 §3.2).
    private static func kind(_ flags: UInt8, _ version: QUICVersion) -> Kind {
        let type = flags >> 4 & 3
        return switch version == .v2 ? (type &+ 3) & 3 : type {
        case 0: .initial
        case 1: .zeroRTT
        case 2: .handshake
        default: .retry
        }
    }

    /// Whether the bytes at `position` can be such a header: the long form, and a version that may have been meant.
    @inline(__always)
    package static func mayBegin(_ datagram: RawSpan, at position: Int = 0) -> Bool {
        guard datagram.byteCount - position >= leastByteCount, datagram.uint8(at: position) & 0x80 != 0 else {
            return false
        }
        let version = QUICVersion(rawValue: datagram.uint32(at: position + 1))
        return version.isKnown || version.draft != nil || version.isReserved || version == .negotiation
    }

    /// Set in every packet of these versions (RFC 9000 §17.2), until the sides agree that it need not be (RFC 9287): then
    /// it tells nothing.
    package var hasFixedBit: Bool { bytes.uint8(at: 0) & 0x40 != 0 }

    /// The packet's own bytes.
    package var packet: RawSpan {
        @_lifetime(copy self) get { bytes.extracting(first: byteCount) }
    }

    /// The versions that a Version Negotiation packet offers, at most `limit`.
    package func offeredVersions(limit: Int) -> [QUICVersion] {
        guard kind == .versionNegotiation else { return [] }
        var cursor = ByteCursor(bytes, at: 7 + Int(destination.byteCount) + Int(source.byteCount))
        var versions: [QUICVersion] = []
        while versions.count < limit, let version = cursor.uint32() { versions.append(QUICVersion(rawValue: version)) }
        return versions
    }
}

extension QUICLongHeaderView {
    /// The part of the header that never changes (RFC 8999 §5.1), where the rest was cut off.
    package struct Start: Sendable {
        package let version: QUICVersion
        package let destination: QUICConnectionID
        package let source: QUICConnectionID
        package let isInitial: Bool

        package init?(_ datagram: RawSpan) {
            guard mayBegin(datagram), let (destination, source) = Self.ids(datagram) else { return nil }
            version = QUICVersion(rawValue: datagram.uint32(at: 1))
            self.destination = destination
            self.source = source
            let flags = datagram.uint8(at: 0)
            isInitial = version.isKnown && flags & 0x40 != 0 && kind(flags, version) == .initial
        }

        private static func ids(_ datagram: RawSpan) -> (QUICConnectionID, QUICConnectionID)? {
            var cursor = ByteCursor(datagram, at: 5)
            guard let destination = try? connectionID(&cursor, 0), let source = try? connectionID(&cursor, 0) else {
                return nil
            }
            return (destination, source)
        }
    }
}

extension QUICConnectionID {
    init(_ bytes: RawSpan) { self.init(byteCount: bytes.byteCount) { bytes.uint8(at: $0) } }
}

/// The short header (RFC 8999 §5.2, RFC 9000 §17.3): flags, then the receiver's connection id, whose length only it
/// knows. The rest is protected.
package enum QUICShortHeader {
    /// Whether what stands at `position` has the short form. The fixed bit is no help: it may be either (RFC 9287).
    package static func mayBegin(_ datagram: RawSpan, at position: Int = 0) -> Bool {
        position < datagram.byteCount && datagram.uint8(at: position) & 0x80 == 0
    }

    /// The fixed bit is set too, as it is unless the sides agreed otherwise.
    package static func hasFixedBit(_ datagram: RawSpan, at position: Int = 0) -> Bool {
        position < datagram.byteCount && datagram.uint8(at: position) & 0xC0 == 0x40
    }

    /// The destination connection id, were it `byteCount` bytes long; `nil` when the datagram is too short for one and
    /// the least of what follows it (RFC 9001 §5.4.2: packet number and sample are 20 bytes together).
    package static func destination(of datagram: RawSpan, at position: Int = 0, byteCount: Int) -> QUICConnectionID? {
        guard position >= 0, byteCount <= QUICConnectionID.capacity,
            datagram.byteCount - position >= 1 + byteCount + 20
        else { return nil }
        return QUICConnectionID(datagram.extracting(position + 1..<position + 1 + byteCount))
    }
}
