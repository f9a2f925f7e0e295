package import Model

/// One Ethernet II or IEEE 802.3 header, read in place; bytes:
///
///     0             6        12          14
///     | destination | source | type/len. | payload …
///
/// Once `init` succeeds no accessor traps, and none copies.
package struct EthernetView: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when fewer than 14 bytes were captured.
    @inline(__always)
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 14 else {
            throw .truncated(.ethernet, at: offset, needs: 14, has: bytes.byteCount)
        }
        self.bytes = bytes
    }

    package var destination: MACAddress {
        @inline(__always) get {
            MACAddress(bits: UInt64(bytes.uint32(at: 0)) << 16 | UInt64(bytes.uint16(at: 4)))
        }
    }
    package var source: MACAddress {
        @inline(__always) get {
            MACAddress(bits: UInt64(bytes.uint16(at: 6)) << 32 | UInt64(bytes.uint32(at: 8)))
        }
    }
    /// An EtherType from 0x0600 on, else the length of an 802.3 frame (IEEE 802.3 §3.2.6).
    package var typeOrLength: UInt16 { @inline(__always) get { bytes.uint16(at: 12) } }
}

/// EtherTypes that are followed (IANA "IEEE 802 Numbers").
enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let arp: UInt16 = 0x0806
    static let ipv6: UInt16 = 0x86DD
    static let mpls: UInt16 = 0x8847
    /// With a label that the upstream router assigned (RFC 5332 §3); read alike.
    static let mplsUpstream: UInt16 = 0x8848
    static let pppoeDiscovery: UInt16 = 0x8863
    static let pppoeSession: UInt16 = 0x8864
    /// The smallest value that is a type and not a length.
    static let smallest: UInt16 = 0x0600

    /// A customer tag, a service tag, or one of the two older numbers for stacked tags.
    @inline(__always)
    static func isVLAN(_ type: UInt16) -> Bool {
        type == 0x8100 || type == 0x88A8 || type == 0x9100 || type == 0x9200
    }
}

/// IEEE 802.2 LLC with a SNAP header: the way EtherTypes travel in 802.3 frames (RFC 1042).
///
///     0      1      2         3     6            8
///     | DSAP | SSAP | control | OUI | EtherType | payload …
enum SNAP {
    static let byteCount = 8

    /// The EtherType behind the header, or `nil` when it is some other LLC protocol (spanning tree, IPX, …).
    ///
    /// - Throws: ``DecodeError`` when fewer than the 3 bytes of LLC, or 8 of SNAP, were captured.
    static func etherType(_ bytes: RawSpan, at offset: Int) throws(DecodeError) -> UInt16? {
        guard bytes.byteCount >= 3 else { throw .truncated(.llc, at: offset, needs: 3, has: bytes.byteCount) }
        guard bytes.uint16(at: 0) == 0xAAAA, bytes.uint8(at: 2) == 3 else { return nil }
        guard bytes.byteCount >= byteCount else {
            throw .truncated(.llc, at: offset, needs: byteCount, has: bytes.byteCount)
        }
        // OUI 00-00-00 (RFC 1042) or 00-00-F8 (IEEE 802.1H bridge tunnel); others carry private protocols.
        let oui = bytes.uint32(at: 2) & 0x00FF_FFFF
        return oui == 0 || oui == 0xF8 ? bytes.uint16(at: 6) : nil
    }
}
