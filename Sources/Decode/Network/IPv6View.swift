package import Model

/// One IPv6 header, read in place (RFC 8200 §3); bytes:
///
///     0                          4              6             7           8        24            40
///     | version|class|flow label | payload len. | next header | hop limit | source | destination | payload …
package struct IPv6View: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when fewer than 40 bytes were captured or the version is not 6.
    @inline(__always)
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 40 else { throw .truncated(.ipv6, at: offset, needs: 40, has: bytes.byteCount) }
        let version = bytes.uint8(at: 0) >> 4
        guard version == 6 else { throw .invalid(.ipv6, at: offset, field: .version, value: Int(version)) }
        self.bytes = bytes
    }

    package static let headerLength = 40

    /// Bytes after this header; 0 for a jumbogram or when segmentation is left to the network card: then the
    /// packet runs to the frame's end.
    package var payloadLength: Int { @inline(__always) get { Int(bytes.uint16(at: 4)) } }
    package var nextHeader: UInt8 { @inline(__always) get { bytes.uint8(at: 6) } }
    package var hopLimit: UInt8 { @inline(__always) get { bytes.uint8(at: 7) } }
    package var source: IPAddress {
        @inline(__always) get { IPAddress(v6High: bytes.uint64(at: 8), low: bytes.uint64(at: 16)) }
    }
    package var destination: IPAddress {
        @inline(__always) get { IPAddress(v6High: bytes.uint64(at: 24), low: bytes.uint64(at: 32)) }
    }
}

/// The chain of extension headers behind an IPv6 header (RFC 8200 §4), walked up to the transport.
struct IPv6Extensions {
    /// The protocol number behind the last extension header.
    private(set) var protocolNumber: UInt8
    /// Bytes that the extension headers take.
    private(set) var byteCount = 0
    /// `nil` when there is no fragment header.
    private(set) var fragment: FragmentHeader?

    /// More extension headers than any real packet has; the rest is refused.
    static let limit = 12

    @inline(__always)
    static func isExtension(_ number: UInt8) -> Bool {
        switch number {
        // Hop-by-hop, routing, fragment, authentication, destination options, mobility, HIP, shim6.
        case 0, 43, 44, 51, 60, 135, 139, 140: true
        default: false
        }
    }

    /// Walks the chain that begins with header `first` at the start of `bytes`: up to the fragment header of a real
    /// fragment when `stopsAtFragment`, else as far as there are headers.
    ///
    /// - Throws: ``DecodeError`` when a header was not captured whole, or there are more than ``limit``.
    init(_ bytes: RawSpan, first: UInt8, at offset: Int, stopsAtFragment: Bool = false) throws(DecodeError) {
        protocolNumber = first
        var count = 0
        while Self.isExtension(protocolNumber) {
            count += 1
            guard count <= Self.limit else {
                throw .invalid(.ipv6Extension, at: offset + byteCount, field: .extensionChain, value: count)
            }
            let available = bytes.byteCount - byteCount
            guard available >= 8 else {
                let layer: Layer = protocolNumber == 44 ? .fragment : .ipv6Extension
                throw .truncated(layer, at: offset + byteCount, needs: 8, has: max(0, available))
            }
            let next = bytes.uint8(at: byteCount)
            let length: Int
            switch protocolNumber {
            case 44:
                length = 8
                let position = bytes.uint16(at: byteCount + 2)
                fragment = FragmentHeader(
                    identification: bytes.uint32(at: byteCount + 4), offset: Int(position & 0xFFF8),
                    isLast: position & 1 == 0)
            // The authentication header counts 4-byte units, minus 2 (RFC 4302 §2.2); all others 8-byte units, minus 1.
            case 51: length = (Int(bytes.uint8(at: byteCount + 1)) + 2) * 4
            default: length = (Int(bytes.uint8(at: byteCount + 1)) + 1) * 8
            }
            guard available >= length else {
                throw .truncated(.ipv6Extension, at: offset + byteCount, needs: length, has: available)
            }
            byteCount += length
            protocolNumber = next
            // Behind a later fragment's header come bytes of the middle, not a header.
            if let fragment, fragment.offset > 0 || stopsAtFragment && !fragment.isAtomic { return }
        }
    }
}
