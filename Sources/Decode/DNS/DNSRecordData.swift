package import Model

// What RDATA holds, as a value that outlives the frame. Types without a form of their own here are written in the
// generic one of RFC 3597, so every record can be shown.

extension DNSRecordView {
    /// Characters of one record's text; what is beyond ends in `...`.
    package static let textCapacity = 1024
    /// Octets that the generic form spells out.
    static let genericOctetCapacity = 256

    /// The record as a value: addresses and names as such, the rest as text the way `dig` prints it (names without
    /// the final dot).
    ///
    /// - Throws: ``DecodeError`` when the owner is not a name, or RDATA is not what the type has.
    package func decoded() throws(DecodeError) -> DNSRecord {
        let owner = try name.text
        return try decoded(owner: owner)
    }

    /// The same, with the owner's name at hand.
    func decoded(owner: String) throws(DecodeError) -> DNSRecord {
        let data = try decodedData()
        return DNSRecord(name: owner, type: type, ttl: ttl, data: data)
    }

    private func decodedData() throws(DecodeError) -> DNSRecord.Data {
        if let address { return .address(address) }
        switch type {
        case 2, 5, 12:
            guard let name = try target() else { throw wrongLength() }
            return .name(name.text)
        case 39:
            guard let name = try target() else { throw wrongLength() }
            return .text(name.text)
        case 6: return .text(try startOfAuthority())
        case 15: return .text(try preferenceAndName())
        case 16, 99: return .text(try characterStrings())
        case 1, 28, 33, 64, 65, 257:
            // These are defined for the Internet class alone, addresses included.
            guard isInternet else { return .text(generic) }
            switch type {
            case 33: return .text(try service())
            case 64, 65: return .text(try serviceBindingText())
            case 257: return .text(try certificationAuthority())
            default: throw wrongLength()
            }
        default: return .text(generic)
        }
    }

    /// `\# 4 0A000001` (RFC 3597 §5).
    private var generic: String {
        let data = data
        var text = WireText(capacity: 2 * Self.genericOctetCapacity + 16)
        text.append("\\# \(data.byteCount)")
        if data.byteCount > 0 { text.append(" ") }
        text.appendHexadecimal(data.extracting(first: Self.genericOctetCapacity))
        if data.byteCount > Self.genericOctetCapacity { text.append("...") }
        return text.finish()
    }

    /// Two names and five numbers: MNAME RNAME SERIAL REFRESH RETRY EXPIRE MINIMUM (RFC 1035 §3.3.13).
    private func startOfAuthority() throws(DecodeError) -> String {
        let server = try DNSName(in: message, at: dataStart, offset: offset)
        let mailbox = try DNSName(in: message, at: server.end, offset: offset)
        guard end - mailbox.end == 20 else { throw wrongLength() }
        var text = WireText(capacity: Self.textCapacity)
        text.append(server.text)
        text.append(" ")
        text.append(mailbox.text)
        for index in 0..<5 { text.append(" \(message.uint32(at: mailbox.end + 4 * index))") }
        return text.finish()
    }

    /// The MINIMUM field of a SOA record, in seconds; `nil` for every other type.
    func startOfAuthorityMinimum() throws(DecodeError) -> UInt32? {
        guard type == 6 else { return nil }
        let server = try DNSName.end(in: message, at: dataStart, offset: offset)
        let mailbox = try DNSName.end(in: message, at: server, offset: offset)
        guard end - mailbox == 20 else { throw wrongLength() }
        return message.uint32(at: mailbox + 16)
    }

    /// MX: `10 mail.example.org` (RFC 1035 §3.3.9).
    private func preferenceAndName() throws(DecodeError) -> String {
        guard end - dataStart >= 3 else { throw wrongLength() }
        return try numbers(1, thenNameAt: dataStart + 2)
    }

    /// SRV: priority, weight, port, target (RFC 2782).
    private func service() throws(DecodeError) -> String {
        guard end - dataStart >= 7 else { throw wrongLength() }
        return try numbers(3, thenNameAt: dataStart + 6)
    }

    private func numbers(_ count: Int, thenNameAt start: Int) throws(DecodeError) -> String {
        let name = try DNSName(in: message, at: start, offset: offset)
        guard name.end == end else { throw wrongLength() }
        var text = WireText(capacity: Self.textCapacity)
        for index in 0..<count { text.append("\(message.uint16(at: dataStart + 2 * index)) ") }
        text.append(name.text)
        return text.finish()
    }

    /// TXT and SPF: one or more character-strings, each in quotes (RFC 1035 §3.3.14).
    private func characterStrings() throws(DecodeError) -> String {
        var text = WireText(capacity: Self.textCapacity, expecting: end - dataStart + 2)
        var position = dataStart
        guard position < end else { throw wrongLength() }
        while position < end {
            let next = position + 1 + Int(message.uint8(at: position))
            guard next <= end else { throw wrongLength() }
            text.append(position == dataStart ? "\"" : " \"")
            text.append(message, from: position + 1, to: next, in: .quoted)
            text.append("\"")
            position = next
        }
        return text.finish()
    }

    /// CAA: `0 issue "ca.example.net"` (RFC 8659 §4.1).
    private func certificationAuthority() throws(DecodeError) -> String {
        guard end - dataStart >= 2 else { throw wrongLength() }
        let value = dataStart + 2 + Int(message.uint8(at: dataStart + 1))
        guard value <= end else { throw wrongLength() }
        var text = WireText(capacity: Self.textCapacity)
        text.append("\(message.uint8(at: dataStart)) ")
        text.append(message, from: dataStart + 2, to: value, in: .label)
        text.append(" \"")
        text.append(message, from: value, to: end, in: .quoted)
        text.append("\"")
        return text.finish()
    }
}
