/// A ClientHello, read in place (RFC 8446 §4.1.2), as it comes in TLS records and in QUIC's CRYPTO frames.
///
/// It may be cut off: then what is missing is absent, ``isWhole`` is false, and a part of a name is never given for
/// the name. Lists of numbers keep the reserved values (RFC 8701) that the client mixed in.
///
///     if let hello = ClientHelloView(message: bytes) { name = hello.serverName }
package struct ClientHelloView: ~Escapable {
    private let hello: TLSHello

    /// - Parameter message: the handshake message from its type on, or its beginning.
    /// - Returns: `nil` when it cannot be a ClientHello.
    @_lifetime(copy message)
    package init?(message: RawSpan) {
        guard let hello = TLSHello(message, type: TLSMessageType.clientHello) else { return nil }
        self.hello = hello
    }

    /// Whether a connection's first payload begins with a ClientHello: a record of that kind, and as much of the
    /// message's head as is here.
    package static func begins(_ segment: RawSpan) -> Bool {
        guard let record = TLSRecordView(segment), record.handshakeType == TLSMessageType.clientHello else {
            return false
        }
        return TLSHello(record.fragment, type: TLSMessageType.clientHello) != nil
    }

    /// All of it is here and in its place, down to the last extension.
    package var isWhole: Bool { hello.isWhole }

    /// `legacy_version`: 0x0303 in TLS 1.3 as well. `nil` when cut off.
    package var legacyVersion: UInt16? { hello.legacyVersion }

    /// Bytes of `legacy_session_id`: the session to resume up to TLS 1.2, without meaning in TLS 1.3.
    /// `nil` when cut off.
    package var sessionID: [UInt8]? { hello.sessionID.map { hello.octets($0) } }

    /// All that are offered, in order (IANA "TLS Cipher Suites").
    package var cipherSuites: [UInt16] { hello.numbers(hello.cipherSuites) }

    /// Whether a method beside "null" is offered (RFC 3749).
    package var offersCompression: Bool {
        guard let methods = hello.compressionMethods else { return false }
        return hello.octets(methods).contains { $0 != 0 }
    }

    /// The types of all extensions, in order.
    package var extensions: [UInt16] { hello.extensionTypes }

    package var hasServerName: Bool { hello.extensionData(TLSExtension.serverName) != nil }

    /// The host asked for (SNI, RFC 6066 §3), escaped, without a final dot. With ``offersEncryptedClientHello`` it may
    /// be that of the server in front.
    package var serverName: String? {
        guard let data = hello.extensionData(TLSExtension.serverName) else { return nil }
        var outer = ByteCursor(data)
        guard let list = outer.vector16() else { return nil }
        var cursor = ByteCursor(data.extracting(list))
        while let type = cursor.uint8(), let range = cursor.vector16() {
            guard type == 0 else { continue }
            return HostText.name(cursor.bytes.extracting(range))
        }
        return nil
    }

    /// The ALPN identifiers offered, escaped, in order, at most 32, reserved ones left out.
    package var applicationProtocols: [String] { hello.applicationProtocols }

    /// The first and last octet of the first ALPN identifier that is not a reserved one; `nil` when it is empty.
    package var endsOfFirstProtocol: (first: UInt8, last: UInt8)? {
        guard let data = hello.extensionData(TLSExtension.alpn) else { return nil }
        var cursor = ByteCursor(data)
        guard let list = cursor.vector16() else { return nil }
        var names = ByteCursor(data.extracting(list))
        while let range = names.vector8() {
            let name = names.bytes.extracting(range)
            if name.isReservedProtocol { continue }
            guard name.byteCount > 0 else { return nil }
            return (name.uint8(at: 0), name.uint8(at: name.byteCount - 1))
        }
        return nil
    }

    /// The versions offered, in order; ``legacyVersion`` alone when the extension is absent, and none when it may
    /// have been cut off.
    package var supportedVersions: [UInt16] {
        guard let data = hello.extensionData(TLSExtension.supportedVersions) else {
            guard isWhole, let legacyVersion else { return [] }
            return [legacyVersion]
        }
        var cursor = ByteCursor(data)
        guard let list = cursor.vector8() else { return [] }
        return data.extracting(list).numbers
    }

    /// Groups for the key exchange, in order (RFC 8446 §4.2.7; RFC 8422 §5.1.1 called them curves).
    package var supportedGroups: [UInt16] { hello.numberList(TLSExtension.supportedGroups) }

    /// `ec_point_formats` (RFC 8422 §5.1.2).
    package var pointFormats: [UInt8] { byteList(TLSExtension.pointFormats) }

    /// Signature schemes, in order (RFC 8446 §4.2.3).
    package var signatureAlgorithms: [UInt16] { hello.numberList(TLSExtension.signatureAlgorithms) }

    /// The groups for which a key is sent along, in order (RFC 8446 §4.2.8).
    package var keyShareGroups: [UInt16] {
        guard let data = hello.extensionData(TLSExtension.keyShare) else { return [] }
        var outer = ByteCursor(data)
        guard let list = outer.vector16() else { return [] }
        var groups: [UInt16] = []
        var cursor = ByteCursor(data.extracting(list))
        while let group = cursor.uint16(), cursor.vector16() != nil { groups.append(group) }
        return groups
    }

    /// Sessions to resume in TLS 1.3, or other keys that were agreed on before (RFC 8446 §4.2.11).
    package var offersPreSharedKey: Bool { hello.extensionData(TLSExtension.preSharedKey) != nil }

    /// `psk_key_exchange_modes` (RFC 8446 §4.2.9): 0 without, 1 with a key exchange.
    package var preSharedKeyModes: [UInt8] { byteList(TLSExtension.pskModes) }

    /// The client sends data before the handshake is done: 0-RTT (RFC 8446 §4.2.10).
    package var offersEarlyData: Bool { hello.extensionData(TLSExtension.earlyData) != nil }

    /// Bytes of the ticket to resume a session of TLS 1.2 or older with; 0 asks for one (RFC 5077 §3.2). `nil` when
    /// the extension is absent.
    package var sessionTicketLength: Int? { hello.extensionData(TLSExtension.sessionTicket)?.byteCount }

    /// It asks for a stapled OCSP response (RFC 6066 §8).
    package var asksForCertificateStatus: Bool { hello.extensionData(TLSExtension.statusRequest) != nil }

    /// The data of the quic_transport_parameters extension (RFC 9001 §8.2).
    package var transportParameters: RawSpan? {
        @_lifetime(copy self) get { hello.extensionData(TransportParametersView.extensionType) }
    }

    /// It carries an encrypted ClientHello, or random bytes in its place, which look the same (RFC 9849 §6.2).
    package var offersEncryptedClientHello: Bool {
        hello.extensionData(TLSExtension.encryptedClientHello) != nil
    }

    private func byteList(_ type: UInt16) -> [UInt8] {
        guard let data = hello.extensionData(type) else { return [] }
        var cursor = ByteCursor(data)
        guard let list = cursor.vector8() else { return [] }
        return data.extracting(list).octets
    }
}
