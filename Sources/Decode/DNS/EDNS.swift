import Model

/// Option codes that are read (IANA "DNS EDNS0 Option Codes").
private enum EDNSOption {
    static let serverIdentifier: UInt16 = 3
    static let clientSubnet: UInt16 = 8
    static let keepAlive: UInt16 = 11
    static let padding: UInt16 = 12
    static let extendedError: UInt16 = 15
}

extension EDNS {
    /// Characters of one text that are kept.
    static let textCapacity = 256

    /// `nil` when the record is of another type.
    ///
    /// An option whose own data is not what its code has is listed, and no more.
    ///
    /// - Throws: ``DecodeError`` when an option's length leads out of the record.
    init?(_ record: borrowing DNSRecordView) throws(DecodeError) {
        guard record.type == 41 else { return nil }
        let fields = record.rawTTL
        self.init(
            udpPayloadSize: record.recordClass, extendedRCODE: UInt8(truncatingIfNeeded: fields >> 24),
            version: UInt8(truncatingIfNeeded: fields >> 16), dnssecOK: fields & 0x8000 != 0)
        let data = record.data
        var position = 0
        while position < data.byteCount {
            guard data.byteCount - position >= 4 else { throw record.wrongLength() }
            let code = data.uint16(at: position)
            let length = Int(data.uint16(at: position + 2))
            guard length <= data.byteCount - position - 4 else { throw record.wrongLength() }
            if options.count < Self.optionCapacity {
                options.append(code)
                read(code, data.extracting(position + 4..<position + 4 + length))
            }
            position += 4 + length
        }
    }

    private mutating func read(_ code: UInt16, _ value: RawSpan) {
        let length = value.byteCount
        switch code {
        case EDNSOption.serverIdentifier where length > 0: serverIdentifier = Self.text(value)
        case EDNSOption.clientSubnet: clientSubnet = ClientSubnet(value)
        case EDNSOption.keepAlive where length == 2: keepAlive = value.uint16(at: 0)
        case EDNSOption.padding: paddingLength = length
        case EDNSOption.extendedError where length >= 2:
            let text = Self.text(value.extracting(droppingFirst: 2))
            extendedErrors.append(ExtendedDNSError(code: value.uint16(at: 0), text: text))
        default: break
        }
    }

    private static func text(_ value: RawSpan) -> String? {
        // Some end their text in a zero octet (RFC 8914 §2).
        var end = value.byteCount
        if end > 0 && value.uint8(at: end - 1) == 0 { end -= 1 }
        guard end > 0 else { return nil }
        var text = WireText(capacity: textCapacity, expecting: end)
        text.append(value, from: 0, to: end, in: .quoted)
        return text.finish()
    }
}

extension EDNS.ClientSubnet {
    /// FAMILY, SOURCE PREFIX-LENGTH, SCOPE PREFIX-LENGTH, and as many octets of the address as the prefix needs
    /// (RFC 7871 §6); `nil` when they do not fit together.
    fileprivate init?(_ value: RawSpan) {
        guard value.byteCount >= 4 else { return nil }
        let (family, source, scope) = (value.uint16(at: 0), value.uint8(at: 2), value.uint8(at: 3))
        let width = family == 1 ? 32 : family == 2 ? 128 : 0
        let octets = value.byteCount - 4
        guard width > 0, source <= width, scope <= width, octets == (Int(source) + 7) / 8 else { return nil }
        var (high, low): (UInt64, UInt64) = (0, 0)
        for index in 0..<octets {
            let octet = UInt64(value.uint8(at: 4 + index))
            if index < 8 {
                high |= octet << UInt64(56 - 8 * index)
            } else {
                low |= octet << UInt64(120 - 8 * index)
            }
        }
        let address =
            width == 32 ? IPAddress(v4: UInt32(truncatingIfNeeded: high >> 32)) : IPAddress(v6High: high, low: low)
        self.init(address: address, sourcePrefix: source, scopePrefix: scope)
    }
}
