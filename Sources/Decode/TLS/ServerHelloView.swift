/// A ServerHello, or HelloRetryRequest, read in place (RFC 8446 §4.1.3, §4.1.4).
package struct ServerHelloView: ~Escapable {
    private let hello: TLSHello

    /// - Parameter message: the handshake message from its type on, or its beginning.
    /// - Returns: `nil` when it cannot be a ServerHello.
    @_lifetime(copy message)
    package init?(message: RawSpan) {
        guard let hello = TLSHello(message, type: TLSMessageType.serverHello) else { return nil }
        self.hello = hello
    }

    /// All of it is here and in its place, down to the last extension.
    package var isWhole: Bool { hello.isWhole }

    /// The version chosen: that of the supported_versions extension, which wins (RFC 8446 §4.2.1), else the
    /// `legacy_version`. `nil` when the extension may have been cut off.
    package var version: UInt16? {
        if let data = hello.extensionData(TLSExtension.supportedVersions), data.byteCount == 2 {
            return data.uint16(at: 0)
        }
        return isWhole ? hello.legacyVersion : nil
    }

    /// The server asks for another ClientHello; a second ServerHello follows that.
    package var isHelloRetryRequest: Bool { hello.hasRetryRandom }

    /// Up to TLS 1.2 the one that a session was resumed by when it is the client's; TLS 1.3 always repeats that.
    /// `nil` when cut off.
    package var sessionID: [UInt8]? { hello.sessionID.map { hello.octets($0) } }

    /// The cipher suite chosen (IANA "TLS Cipher Suites"); `nil` when cut off.
    package var cipherSuite: UInt16? {
        guard let range = hello.cipherSuites else { return nil }
        return hello.bytes.uint16(at: range.lowerBound)
    }

    package var extensions: [UInt16] { hello.extensionTypes }

    /// The ALPN identifier chosen. TLS 1.3 says it encrypted, so only older versions show it.
    package var applicationProtocol: String? { hello.applicationProtocols.first }

    /// The group of the server's key, or the one that a HelloRetryRequest asks for (RFC 8446 §4.2.8).
    package var keyShareGroup: UInt16? {
        guard let data = hello.extensionData(TLSExtension.keyShare), data.byteCount >= 2 else { return nil }
        return data.uint16(at: 0)
    }

    /// One of the client's pre-shared keys was taken: the session is resumed (RFC 8446 §4.2.11).
    package var acceptsPreSharedKey: Bool { hello.extensionData(TLSExtension.preSharedKey) != nil }

    /// A NewSessionTicket will follow (RFC 5077 §3.2).
    package var sendsSessionTicket: Bool { hello.extensionData(TLSExtension.sessionTicket) != nil }
}
