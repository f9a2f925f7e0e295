/// The ClientHello at the start of a segment, read in place (RFC 8446 §4.1.2).
///
/// It often does not fit one segment, so whatever is asked for may be cut off: then it is absent, and ``isCut`` says
/// that it may yet have been sent. A part of a name is never given for the name.
///
///     if let hello = ClientHelloView(tcp.payload) { name = hello.serverName }
package struct ClientHelloView: ~Escapable {
    private let hello: TLSHello

    /// - Parameter segment: payload from the first byte of a connection.
    /// - Returns: `nil` when it does not begin with a TLS record that begins with a ClientHello.
    @_lifetime(copy segment)
    package init?(_ segment: RawSpan) {
        guard let hello = TLSHello(segment, type: TLSHello.clientHello) else { return nil }
        self.hello = hello
    }

    package var isCut: Bool { hello.isCut }

    /// `legacy_version`: 0x0303 in TLS 1.3 as well. `nil` when cut off.
    package var legacyVersion: UInt16? { hello.legacyVersion }

    /// The host asked for (SNI, RFC 6066 §3), escaped, without a final dot. With ``offersEncryptedClientHello`` it may
    /// be that of the server in front.
    package var serverName: String? {
        guard let data = hello.extensionData(TLSExtension.serverName) else { return nil }
        var outer = TLSCursor(data)
        guard let list = outer.vector16() else { return nil }
        var cursor = TLSCursor(data.extracting(list))
        while let type = cursor.uint8(), let range = cursor.vector16() {
            guard type == 0 else { continue }
            return HostText.name(cursor.bytes.extracting(range))
        }
        return nil
    }

    /// The ALPN identifiers offered, in order, at most 32.
    package var applicationProtocols: [String] { hello.applicationProtocols }

    /// The versions offered, in order, at most 32; ``legacyVersion`` alone when the extension is absent, and none
    /// when it may have been cut off. Reserved values (RFC 8701) are left out.
    package var supportedVersions: [UInt16] {
        guard let data = hello.extensionData(TLSExtension.supportedVersions) else {
            guard !isCut, let legacyVersion else { return [] }
            return [legacyVersion]
        }
        var outer = TLSCursor(data)
        guard let list = outer.vector8() else { return [] }
        var versions: [UInt16] = []
        var cursor = TLSCursor(data.extracting(list))
        while versions.count < TLSExtension.listCapacity, let version = cursor.uint16() {
            if !TLSExtension.isReserved(version) { versions.append(version) }
        }
        return versions
    }

    /// It carries an encrypted ClientHello, or random bytes in its place, which look the same.
    package var offersEncryptedClientHello: Bool {
        hello.extensionData(TLSExtension.encryptedClientHello) != nil
    }
}
