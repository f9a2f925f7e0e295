/// The ServerHello, or HelloRetryRequest, at the start of a segment, read in place (RFC 8446 §4.1.3, §4.1.4).
package struct ServerHelloView: ~Escapable {
    private let hello: TLSHello

    /// - Parameter segment: payload from the first byte of a connection.
    /// - Returns: `nil` when it does not begin with a TLS record that begins with a ServerHello.
    @_lifetime(copy segment)
    package init?(_ segment: RawSpan) {
        guard let hello = TLSHello(segment, type: TLSHello.serverHello) else { return nil }
        self.hello = hello
    }

    package var isCut: Bool { hello.isCut }

    /// The version chosen: that of the supported_versions extension, which wins (RFC 8446 §4.2.1), else the
    /// `legacy_version`. `nil` when the extension may have been cut off.
    package var version: UInt16? {
        if let data = hello.extensionData(TLSExtension.supportedVersions), data.byteCount == 2 {
            return data.uint16(at: 0)
        }
        return isCut ? nil : hello.legacyVersion
    }

    /// The server asks for another ClientHello; a second ServerHello follows that.
    package var isHelloRetryRequest: Bool { hello.hasRetryRandom }

    /// The cipher suite chosen (IANA "TLS Cipher Suites"); `nil` when cut off.
    package var cipherSuite: UInt16? { hello.cipherSuite }

    /// The ALPN identifier chosen. TLS 1.3 says it encrypted, so only older versions show it.
    package var applicationProtocol: String? { hello.applicationProtocols.first }
}
