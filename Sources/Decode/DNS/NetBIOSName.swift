package import Model

// NetBIOS names travel in messages written as DNS does, in a form of their own (RFC 1001 §14, RFC 1002 §4.1): sixteen
// octets, the last of which tells what has the name, written as thirty-two letters from A to P, four bits each.

extension DNSName {
    /// The name behind first-level encoding, as `nmblookup` writes it: `FILESERVER<20>`, the scope behind a dot when
    /// there is one; `nil` when the first label is no such name.
    package var netBIOSText: String? {
        var labels = Labels(of: self)
        guard let first = labels.next(), first.count == 32 else { return nil }
        var octets = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<16 {
            let high = message.uint8(at: first.lowerBound + 2 * index) &- UInt8(ascii: "A")
            let low = message.uint8(at: first.lowerBound + 2 * index + 1) &- UInt8(ascii: "A")
            guard high < 16, low < 16 else { return nil }
            octets[index] = high << 4 | low
        }
        var text = WireText(capacity: 1024, expecting: 24)
        Self.append(octets.span, to: &text)
        while let label = labels.next() {
            text.append(".")
            text.append(message, from: label.lowerBound, to: label.upperBound, in: .label)
        }
        return text.finish()
    }

    /// Fifteen octets padded with spaces (the wildcard with zeros), and the suffix in hexadecimal.
    fileprivate static func append(_ octets: Span<UInt8>, to text: inout WireText) {
        var end = 15
        while end > 0 && (octets[end - 1] == 0x20 || octets[end - 1] == 0) { end -= 1 }
        for index in 0..<end { text.append(octets[index], in: .quoted) }
        text.append("<" + (octets[15] < 16 ? "0" : "") + String(octets[15], radix: 16) + ">")
    }
}

extension DNSView {
    /// Record types of the NetBIOS name service (RFC 1002 §4.2.1.3).
    package static let netBIOSAddressType: UInt16 = 32
    package static let netBIOSStatusType: UInt16 = 33

    /// The answers of a NetBIOS response as values, at most `limit`: each address of an NB record, and each name of a
    /// node status with its flag for groups. What cannot be read is left out.
    package func decodedNetBIOSAnswers(limit: Int) -> [DNSRecord] {
        var decoded: [DNSRecord] = []
        var walk = answers
        while decoded.count < limit, let record = try? walk.next() {
            let owner = (try? record.name.netBIOSText) ?? "."
            let data = record.data
            switch record.type {
            case Self.netBIOSAddressType:
                // NB_FLAGS and NB_ADDRESS (RFC 1002 §4.2.13).
                var position = 0
                while position + 6 <= data.byteCount && decoded.count < limit {
                    let address = IPAddress(v4: data.uint32(at: position + 2))
                    decoded.append(
                        DNSRecord(name: owner, type: record.type, ttl: record.ttl, data: .address(address)))
                    position += 6
                }
            case Self.netBIOSStatusType:
                guard data.byteCount > 0 else { break }
                // NUM_NAMES entries of sixteen octets and two of flags (RFC 1002 §4.2.18).
                var position = 1
                for _ in 0..<data.uint8(at: 0) where position + 18 <= data.byteCount && decoded.count < limit {
                    var octets = InlineArray<16, UInt8>(repeating: 0)
                    for index in 0..<16 { octets[index] = data.uint8(at: position + index) }
                    var text = WireText(capacity: 64)
                    DNSName.append(octets.span, to: &text)
                    if data.uint16(at: position + 16) & 0x8000 != 0 { text.append(" group") }
                    decoded.append(
                        DNSRecord(name: owner, type: record.type, ttl: record.ttl, data: .text(text.finish())))
                    position += 18
                }
            default: break
            }
        }
        return decoded
    }
}
