import Model

/// One UDP header, read in place (RFC 768); bytes:
///
///     0        2             4        6          8
///     | source | destination | length | checksum | payload …
package struct UDPView: ~Escapable {
    private let bytes: RawSpan

    /// - Throws: ``DecodeError`` when fewer than 8 bytes were captured or `length` says so; 0 is allowed, for
    ///   jumbograms (RFC 2675 §4) and for segmentation left to the network card.
    @inline(__always)
    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan, at offset: Int) throws(DecodeError) {
        guard bytes.byteCount >= 8 else { throw .truncated(.udp, at: offset, needs: 8, has: bytes.byteCount) }
        let length = Int(bytes.uint16(at: 4))
        guard length == 0 || length >= 8 else {
            throw .invalid(.udp, at: offset + 4, field: .length, value: length)
        }
        self.bytes = bytes
    }

    package static let headerLength = 8

    package var sourcePort: UInt16 { @inline(__always) get { bytes.uint16(at: 0) } }
    package var destinationPort: UInt16 { @inline(__always) get { bytes.uint16(at: 2) } }
    /// Bytes, header included; 0 means "to the packet's end".
    package var length: Int { @inline(__always) get { Int(bytes.uint16(at: 4)) } }
}
