/// What ClientHello and ServerHello have in common (RFC 8446 §4, §4.1.2). Offsets into the message:
///
///     0      1        4         6        38
///     | type | length | version | random | session id, suites, compression, extensions …
///
/// What is cut off, or does not fit its place, is empty or absent; ``isWhole`` tells that nothing is.
struct TLSHello: ~Escapable {
    /// The message from its type on, as far as it is here.
    let bytes: RawSpan
    private(set) var sessionID: Range<Int>?
    /// All that are offered, or the one that was chosen.
    private(set) var cipherSuites: Range<Int>?
    private(set) var compressionMethods: Range<Int>?
    /// Empty when there are none; cut where the message is.
    private(set) var extensions: Range<Int>
    /// Every part is here, and the extensions end where the message does.
    private(set) var isWhole: Bool
    /// By type, those below 64 that may be there: most that are asked for are not.
    private var extensionBits = UInt64.max

    private static let sessionIDOffset = 38

    /// `nil` when it is not of that type, or its length or version cannot be those of a hello.
    @_lifetime(copy message)
    init?(_ message: RawSpan, type: UInt8) {
        guard message.byteCount > 0, message.uint8(at: 0) == type else { return nil }
        extensions = 0..<0
        isWhole = false
        guard let view = TLSHandshakeView(message) else {
            bytes = message
            return
        }
        bytes = view.bytes
        // Version, random and the two least vectors; the version has been 3.x ever since SSL 3.0.
        guard view.length >= Self.sessionIDOffset, bytes.byteCount < 5 || bytes.uint8(at: 4) == 3 else { return nil }
        guard bytes.byteCount > Self.sessionIDOffset else { return }
        var cursor = ByteCursor(bytes, at: Self.sessionIDOffset)
        sessionID = cursor.vector8()
        guard sessionID != nil else { return }
        if type == TLSMessageType.clientHello {
            cipherSuites = cursor.vector16()
            guard cipherSuites != nil else { return }
            compressionMethods = cursor.vector8()
        } else {
            cipherSuites = cursor.range(2)
            guard cipherSuites != nil else { return }
            compressionMethods = cursor.range(1)
        }
        guard compressionMethods != nil else { return }
        if cursor.position == view.length { isWhole = true }
        guard let declared = cursor.uint16() else { return }
        let end = min(bytes.byteCount, cursor.position + Int(declared))
        extensions = cursor.position..<end
        guard end == view.length, end - cursor.position == Int(declared) else { return }
        var rest = ByteCursor(bytes.extracting(first: end), at: extensions.lowerBound)
        var bits: UInt64 = 0
        while let type = rest.uint16(), rest.vector16() != nil {
            if type < 64 { bits |= 1 << UInt64(type) }
        }
        isWhole = rest.isAtEnd
        if isWhole { extensionBits = bits }
    }

    /// `legacy_version`; `nil` when cut off.
    var legacyVersion: UInt16? { bytes.byteCount >= 6 ? bytes.uint16(at: 4) : nil }

    /// Whether the random is the one that marks a HelloRetryRequest: SHA-256 of that word (RFC 8446 §4.1.3).
    var hasRetryRandom: Bool {
        guard bytes.byteCount >= Self.sessionIDOffset else { return false }
        return bytes.uint64(at: 6) == 0xCF21_AD74_E59A_6111 && bytes.uint64(at: 14) == 0xBE1D_8C02_1E65_B891
            && bytes.uint64(at: 22) == 0xC2A2_1116_7ABB_8C5E && bytes.uint64(at: 30) == 0x079E_09E2_C8A8_339C
    }

    /// Types of all extensions, in order, those with data that is not here left out.
    var extensionTypes: [UInt16] {
        var types: [UInt16] = []
        var cursor = ByteCursor(bytes.extracting(first: extensions.upperBound), at: extensions.lowerBound)
        while let type = cursor.uint16(), cursor.vector16() != nil { types.append(type) }
        return types
    }

    /// The data of the first extension of that type, if all of it is here.
    @_lifetime(copy self)
    func extensionData(_ type: UInt16) -> RawSpan? {
        if type < 64 && extensionBits >> UInt64(type) & 1 == 0 { return nil }
        var cursor = ByteCursor(bytes.extracting(first: extensions.upperBound), at: extensions.lowerBound)
        while let found = cursor.uint16(), let range = cursor.vector16() {
            if found == type { return bytes.extracting(range) }
        }
        return nil
    }

    func octets(_ range: Range<Int>) -> [UInt8] { bytes.extracting(range).octets }

    /// The numbers of two bytes each that fill `range`.
    func numbers(_ range: Range<Int>?) -> [UInt16] {
        guard let range else { return [] }
        return bytes.extracting(range).numbers
    }

    /// The numbers of an extension that is a list of them behind a length of two bytes.
    func numberList(_ type: UInt16) -> [UInt16] {
        guard let data = extensionData(type) else { return [] }
        var cursor = ByteCursor(data)
        guard let list = cursor.vector16() else { return [] }
        return data.extracting(list).numbers
    }

    /// The identifiers of an ALPN extension (RFC 7301 §3.1), escaped, reserved ones left out (RFC 8701 §3.1).
    var applicationProtocols: [String] {
        guard let data = extensionData(TLSExtension.alpn) else { return [] }
        var outer = ByteCursor(data)
        guard let list = outer.vector16() else { return [] }
        var names: [String] = []
        var cursor = ByteCursor(data.extracting(list))
        while names.count < TLSExtension.listCapacity, let range = cursor.vector8() {
            let name = cursor.bytes.extracting(range)
            guard name.byteCount > 0, !name.isReservedProtocol else { continue }
            var text = WireText(capacity: 4 * 255, expecting: name.byteCount)
            text.append(name, from: 0, to: name.byteCount, in: .token)
            names.append(text.finish())
        }
        return names
    }
}

extension RawSpan {
    var isReservedProtocol: Bool { byteCount == 2 && TLSReserved.contains(uint16(at: 0)) }
}
