/// The bytes of a hello that are here, and a position in them. Reading past them gives `nil`, never a trap.
struct TLSCursor: ~Escapable {
    let bytes: RawSpan
    private(set) var position: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var remaining: Int { bytes.byteCount - position }

    @_lifetime(self: copy self)
    mutating func uint8() -> UInt8? {
        guard remaining >= 1 else { return nil }
        defer { position += 1 }
        return bytes.uint8(at: position)
    }

    @_lifetime(self: copy self)
    mutating func uint16() -> UInt16? {
        guard remaining >= 2 else { return nil }
        defer { position += 2 }
        return bytes.uint16(at: position)
    }

    /// The next `count` bytes, if all of them are here.
    @_lifetime(self: copy self)
    mutating func range(_ count: Int) -> Range<Int>? {
        guard count >= 0, remaining >= count else { return nil }
        defer { position += count }
        return position..<position + count
    }

    /// A vector behind its length of one byte.
    @_lifetime(self: copy self)
    mutating func vector8() -> Range<Int>? {
        guard let count = uint8() else { return nil }
        return range(Int(count))
    }

    /// A vector behind its length of two bytes.
    @_lifetime(self: copy self)
    mutating func vector16() -> Range<Int>? {
        guard let count = uint16() else { return nil }
        return range(Int(count))
    }
}

/// What ClientHello and ServerHello have in common (RFC 8446 §4, §4.1.2). Offsets into the record's fragment:
///
///     0      1        4         6        38
///     | type | length | version | random | session id, suites, compression, extensions …
struct TLSHello: ~Escapable {
    /// The message from its type on, as far as it is here.
    private let bytes: RawSpan
    private let extensionsStart: Int
    private let extensionsEnd: Int
    /// The message goes on beyond the bytes that are here.
    let isCut: Bool
    /// In a ServerHello, the one that was chosen; `nil` when cut off.
    let cipherSuite: UInt16?

    static let clientHello: UInt8 = 1
    static let serverHello: UInt8 = 2

    private static let sessionIDOffset = 38

    /// `nil` when `segment` does not begin with a record that begins with such a message.
    @_lifetime(copy segment)
    init?(_ segment: RawSpan, type: UInt8) {
        guard let record = TLSRecordView(segment), record.handshakeType == type else { return nil }
        // A message may go on in the next record. Its bytes do not follow in place, so it counts as cut here.
        let fragment = record.fragment
        guard fragment.byteCount >= 6 else {
            bytes = fragment
            extensionsStart = 0
            extensionsEnd = 0
            isCut = true
            cipherSuite = nil
            return
        }
        let length = Int(fragment.uint32(at: 0) & 0xFF_FFFF)
        // Version, random and the two least vectors; the version has been 3.x ever since SSL 3.0.
        guard length >= Self.sessionIDOffset, fragment.uint8(at: 4) == 3 else { return nil }
        let message = fragment.extracting(first: 4 + length)
        bytes = message
        var suite: UInt16?
        var start = message.byteCount
        var end = start
        var isWhole = message.byteCount == 4 + length
        if message.byteCount > Self.sessionIDOffset {
            var cursor = TLSCursor(message, at: Self.sessionIDOffset)
            if cursor.vector8() != nil {
                let hasMethods: Bool
                if type == Self.clientHello {
                    hasMethods = cursor.vector16() != nil && cursor.vector8() != nil
                } else {
                    suite = cursor.uint16()
                    hasMethods = cursor.uint8() != nil
                }
                if hasMethods, let declared = cursor.uint16() {
                    start = cursor.position
                    end = min(message.byteCount, start + Int(declared))
                    if end - start < Int(declared) { isWhole = false }
                }
            }
        }
        extensionsStart = start
        extensionsEnd = end
        isCut = !isWhole
        cipherSuite = suite
    }

    /// `legacy_version`; `nil` when cut off.
    var legacyVersion: UInt16? { bytes.byteCount >= 6 ? bytes.uint16(at: 4) : nil }

    /// Whether the random is the one that marks a HelloRetryRequest: SHA-256 of that word (RFC 8446 §4.1.3).
    var hasRetryRandom: Bool {
        guard bytes.byteCount >= Self.sessionIDOffset else { return false }
        return bytes.uint64(at: 6) == 0xCF21_AD74_E59A_6111 && bytes.uint64(at: 14) == 0xBE1D_8C02_1E65_B891
            && bytes.uint64(at: 22) == 0xC2A2_1116_7ABB_8C5E && bytes.uint64(at: 30) == 0x079E_09E2_C8A8_339C
    }

    /// The data of the first extension of that type, if all of it is here.
    @_lifetime(copy self)
    func extensionData(_ type: UInt16) -> RawSpan? {
        var cursor = TLSCursor(bytes.extracting(first: extensionsEnd), at: extensionsStart)
        while let found = cursor.uint16(), let range = cursor.vector16() {
            if found == type { return bytes.extracting(range) }
        }
        return nil
    }

    /// The identifiers of an ALPN extension (RFC 7301 §3.1), escaped, reserved ones left out (RFC 8701 §3.1).
    var applicationProtocols: [String] {
        guard let data = extensionData(TLSExtension.alpn) else { return [] }
        var outer = TLSCursor(data)
        guard let list = outer.vector16() else { return [] }
        var names: [String] = []
        var cursor = TLSCursor(data.extracting(list))
        while names.count < TLSExtension.listCapacity, let range = cursor.vector8() {
            let name = cursor.bytes.extracting(range)
            guard name.byteCount > 0 else { continue }
            if name.byteCount == 2 && TLSExtension.isReserved(name.uint16(at: 0)) { continue }
            var text = WireText(capacity: 4 * 255, expecting: name.byteCount)
            text.append(name, from: 0, to: name.byteCount, in: .token)
            names.append(text.finish())
        }
        return names
    }
}

/// Numbers of the extensions that are read (IANA "TLS ExtensionType Values").
enum TLSExtension {
    static let serverName: UInt16 = 0
    static let alpn: UInt16 = 16
    static let supportedVersions: UInt16 = 43
    static let encryptedClientHello: UInt16 = 0xFE0D

    /// Elements kept of a list.
    static let listCapacity = 32

    /// 0x0A0A, 0x1A1A, … 0xFAFA: sent to be ignored, so that servers learn to (RFC 8701).
    static func isReserved(_ number: UInt16) -> Bool {
        number & 0x0F0F == 0x0A0A && number >> 8 == number & 0xFF
    }
}
