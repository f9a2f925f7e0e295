package import Model

/// One IPv4 header, read in place (RFC 791 §3.1); bytes:
///
///     0         1     2              4     6                  8     9          10         12       16
///     | ver|ihl | tos | total length | id  | flags|frag. off. | ttl | protocol | checksum | source | destination …
///
/// The header checksum is not verified: a host's own outbound packets often do not carry one yet.
package struct IPv4View: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when the header was not captured whole, its version is not 4, its length is under
    ///   20 bytes, or the total length is under the header's.
    @inline(__always)
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 20 else { throw .truncated(.ipv4, at: offset, needs: 20, has: bytes.byteCount) }
        let first = bytes.uint8(at: 0)
        guard first >> 4 == 4 else { throw .invalid(.ipv4, at: offset, field: .version, value: Int(first >> 4)) }
        let headerLength = Int(first & 15) * 4
        guard headerLength >= 20 else {
            throw .invalid(.ipv4, at: offset, field: .headerLength, value: headerLength)
        }
        guard bytes.byteCount >= headerLength else {
            throw .truncated(.ipv4, at: offset, needs: headerLength, has: bytes.byteCount)
        }
        let totalLength = Int(bytes.uint16(at: 2))
        guard totalLength == 0 || totalLength >= headerLength else {
            throw .invalid(.ipv4, at: offset + 2, field: .totalLength, value: totalLength)
        }
        self.bytes = bytes
    }

    /// Bytes.
    package var headerLength: Int { @inline(__always) get { Int(bytes.uint8(at: 0) & 15) * 4 } }
    /// Bytes, header included; 0 when segmentation is left to the network card: then the packet runs to the
    /// frame's end.
    package var totalLength: Int { @inline(__always) get { Int(bytes.uint16(at: 2)) } }
    package var identification: UInt16 { bytes.uint16(at: 4) }
    /// More follow, or this is not the first.
    var isFragment: Bool { @inline(__always) get { bytes.uint16(at: 6) & 0x3FFF != 0 } }
    package var moreFragments: Bool { @inline(__always) get { bytes.uint16(at: 6) & 0x2000 != 0 } }
    /// In bytes.
    package var fragmentOffset: Int { @inline(__always) get { Int(bytes.uint16(at: 6) & 0x1FFF) * 8 } }
    package var timeToLive: UInt8 { @inline(__always) get { bytes.uint8(at: 8) } }
    package var protocolNumber: UInt8 { @inline(__always) get { bytes.uint8(at: 9) } }
    package var source: IPAddress { @inline(__always) get { IPAddress(v4: bytes.uint32(at: 12)) } }
    package var destination: IPAddress { @inline(__always) get { IPAddress(v4: bytes.uint32(at: 16)) } }
}
