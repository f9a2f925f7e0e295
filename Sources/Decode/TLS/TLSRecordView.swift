import Model

/// What the five bytes before a record's fragment say (RFC 8446 §5.1).
package struct TLSRecordHead: Sendable, Hashable, BitwiseCopyable {
    package let contentType: ContentType
    /// `legacy_record_version`: 0x0301 in a first ClientHello, 0x0303 later on, whatever version was agreed on.
    package let legacyVersion: UInt16
    /// Bytes of the fragment.
    package let length: Int

    package enum ContentType: UInt8, Sendable, BitwiseCopyable {
        case changeCipherSpec = 20
        case alert = 21
        case handshake = 22
        case applicationData = 23
        /// RFC 6520.
        case heartbeat = 24
    }

    package static let byteCount = 5
    /// 2^14 bytes and what older versions allow compression and encryption to add (RFC 5246 §6.2.3).
    static let lengthLimit = 16384 + 2048

    /// `nil` for what no record has: an unknown type, a version other than 3.0 to 3.4, a length beyond the limit or of
    /// zero where only application data may be empty.
    package init?(type: UInt8, version: UInt16, length: UInt16) {
        guard let type = ContentType(rawValue: type), version >> 8 == 3, version & 0xFF <= 4,
            length <= Self.lengthLimit
        else { return nil }
        switch type {
        case .changeCipherSpec: guard length == 1 else { return nil }
        case .alert: guard length >= 2 else { return nil }
        case .handshake, .heartbeat: guard length > 0 else { return nil }
        case .applicationData: break
        }
        contentType = type
        legacyVersion = version
        self.length = Int(length)
    }
}

/// One TLS record, read in place (RFC 8446 §5.1). Fields are big-endian; offsets in bytes:
///
///     0      1         3        5
///     | type | version | length | fragment …
///
/// TLS is recognised by its content: `init` fails on bytes that cannot be a record's first ones, which is no error.
/// The fragment may go on in later segments; what is here is given.
package struct TLSRecordView: ~Escapable {
    private let bytes: RawSpan
    package let head: TLSRecordHead

    /// `nil` when fewer than 5 bytes are there, or they are no record's.
    @_lifetime(copy bytes)
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= TLSRecordHead.byteCount,
            let head = TLSRecordHead(
                type: bytes.uint8(at: 0), version: bytes.uint16(at: 1), length: bytes.uint16(at: 3))
        else { return nil }
        self.bytes = bytes
        self.head = head
    }

    package var contentType: TLSRecordHead.ContentType { head.contentType }
    package var legacyVersion: UInt16 { head.legacyVersion }
    /// Bytes of the fragment as the header has it.
    package var length: Int { head.length }

    /// The part of the fragment that is here.
    package var fragment: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(droppingFirst: TLSRecordHead.byteCount).extracting(first: length) }
    }

    /// The fragment goes on beyond the bytes that are here.
    package var isCut: Bool { length > bytes.byteCount - TLSRecordHead.byteCount }

    /// The bytes behind this record: where the next one begins.
    package var rest: RawSpan {
        @_lifetime(copy self)
        get { bytes.extracting(droppingFirst: min(bytes.byteCount, TLSRecordHead.byteCount + length)) }
    }

    /// The type of the first handshake message in it: 1 ClientHello, 2 ServerHello (RFC 8446 §4). `nil` for other
    /// records. Meaningless once the side that sent it has changed to encryption.
    package var handshakeType: UInt8? {
        guard contentType == .handshake, fragment.byteCount > 0 else { return nil }
        return fragment.uint8(at: 0)
    }

    /// The alert, where it can be read: an encrypted one is longer than two bytes.
    package var alert: TLSAlert? {
        guard contentType == .alert, length == 2, fragment.byteCount == 2, (1...2).contains(fragment.uint8(at: 0))
        else { return nil }
        return TLSAlert(level: fragment.uint8(at: 0), description: fragment.uint8(at: 1))
    }
}

/// An alert in the clear (RFC 8446 §6, RFC 5246 §7.2).
package struct TLSAlert: Sendable, Hashable, BitwiseCopyable {
    /// 1 warning, 2 fatal. TLS 1.3 leaves it without meaning; there the description tells.
    package let level: UInt8
    package let description: UInt8

    package var isFatal: Bool { level == 2 }
    /// `handshake_failure`.
    package var name: String { TLSNames.alert(description) }
}

/// The records of one segment, from its first byte on, for as long as they look like records.
///
///     var records = TLSRecords(tcp.payload)
///     while let record = records.next() {
///         if let alert = record.alert { … }
///     }
package struct TLSRecords: ~Escapable {
    private var remaining: RawSpan

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) { remaining = bytes }

    /// The next record, perhaps cut; `nil` at the end of the segment, or where no record begins.
    @_lifetime(copy self)
    package mutating func next() -> TLSRecordView? {
        guard let record = TLSRecordView(remaining) else { return nil }
        remaining = record.rest
        return record
    }
}
