/// What an OPT record says (RFC 6891 §6.1): CLASS is the UDP payload size, TTL holds the upper response code, the
/// version and the flags, and RDATA the options, of which the codes are kept and of extended errors the numbers.
package struct EDNS: Sendable, Equatable {
    /// Bytes that the sender takes in one UDP datagram; values below 512 mean 512.
    package var udpPayloadSize: UInt16
    /// The upper eight bits of the response code.
    package var extendedRCODE: UInt8
    package var version: UInt8
    /// DO: DNSSEC records are wanted, or given (RFC 3225 §3).
    package var dnssecOK: Bool
    /// Option codes in order, at most ``optionCapacity`` (IANA "DNS EDNS0 Option Codes").
    package var options: [UInt16] = []
    /// INFO-CODEs of extended DNS errors in order, at most ``optionCapacity`` (RFC 8914 §4).
    package var extendedErrors: [UInt16] = []

    package static let optionCapacity = 16

    package init(udpPayloadSize: UInt16, extendedRCODE: UInt8 = 0, version: UInt8 = 0, dnssecOK: Bool = false) {
        self.udpPayloadSize = udpPayloadSize
        self.extendedRCODE = extendedRCODE
        self.version = version
        self.dnssecOK = dnssecOK
    }

    /// `nil` when the record is of another type.
    ///
    /// - Throws: ``DecodeError`` when an option's length leads out of the record.
    init?(_ record: borrowing DNSRecordView) throws(DecodeError) {
        guard record.type == 41 else { return nil }
        let fields = record.rawTTL
        udpPayloadSize = record.recordClass
        extendedRCODE = UInt8(truncatingIfNeeded: fields >> 24)
        version = UInt8(truncatingIfNeeded: fields >> 16)
        dnssecOK = fields & 0x8000 != 0
        let data = record.data
        var position = 0
        while position < data.byteCount {
            guard data.byteCount - position >= 4 else { throw record.wrongLength() }
            let code = data.uint16(at: position)
            let length = Int(data.uint16(at: position + 2))
            guard length <= data.byteCount - position - 4 else { throw record.wrongLength() }
            if options.count < Self.optionCapacity { options.append(code) }
            if code == 15 && length >= 2 && extendedErrors.count < Self.optionCapacity {
                extendedErrors.append(data.uint16(at: position + 4))
            }
            position += 4 + length
        }
    }
}
