/// One handshake message, or as much of it as is here, read in place (RFC 8446 §4). Offsets in bytes:
///
///     0      1        4
///     | type | length | body …
package struct TLSHandshakeView: ~Escapable {
    /// The message from its type on, without what follows it.
    package let bytes: RawSpan
    /// Bytes of the whole message with its head.
    package let length: Int

    package static let headLength = 4

    /// `nil` when fewer than the four bytes of the head are there.
    @_lifetime(copy bytes)
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.headLength else { return nil }
        length = Self.headLength + Int(bytes.uint32(at: 0) & 0xFF_FFFF)
        self.bytes = bytes.extracting(first: length)
    }

    package var type: UInt8 { bytes.uint8(at: 0) }
    package var isCut: Bool { bytes.byteCount < length }
    /// The part of the body that is here.
    package var body: RawSpan { @_lifetime(copy self) get { bytes.extracting(droppingFirst: Self.headLength) } }
}

/// Types of handshake messages that are read (IANA "TLS HandshakeType").
package enum TLSMessageType {
    package static let helloRequest: UInt8 = 0
    package static let clientHello: UInt8 = 1
    package static let serverHello: UInt8 = 2
    package static let newSessionTicket: UInt8 = 4
    package static let certificate: UInt8 = 11
    package static let serverKeyExchange: UInt8 = 12
    package static let certificateRequest: UInt8 = 13
    package static let serverHelloDone: UInt8 = 14
    package static let certificateVerify: UInt8 = 15
    package static let clientKeyExchange: UInt8 = 16
    package static let finished: UInt8 = 20
    package static let certificateStatus: UInt8 = 22
}
