/// What the first bytes of a client say of the application, by content and on any port.
package enum ApplicationSignature: Sendable, Equatable {
    /// A TLS record that begins with a ClientHello (RFC 8446 §5.1).
    case tls
    /// A method that IANA has registered, and the space behind it (RFC 9112 §3).
    case http
    /// The preface of HTTP/2 without TLS, by prior knowledge (RFC 9113 §3.4).
    case http2
    /// A question of DNS with its length before it (RFC 1035 §4.2.2, RFC 7766 §8).
    case dns
    /// None of those that are known.
    case other
    /// Too few bytes to tell.
    case undecided

    /// - Parameters:
    ///   - bytes: a client's payload from its first byte on.
    ///   - isDNSPort: on any other port, only a message that leaves no doubt is taken for DNS.
    package init(_ bytes: RawSpan, isDNSPort: Bool) {
        guard bytes.byteCount > 0 else {
            self = .undecided
            return
        }
        switch bytes.uint8(at: 0) {
        case 0x16: self = Self.hello(bytes)
        case 0x0D, UInt8(ascii: "A")...UInt8(ascii: "Z"): self = Self.method(bytes)
        case 0x00...0x02: self = Self.question(bytes, isDNSPort: isDNSPort)
        default: self = .other
        }
    }

    /// `ll ll ii ii ff ff 00 01 00 00 00 00 00 aa`: a length, an identifier, the flags of a query, one question, no
    /// answers. Beyond the ports of DNS the question has to be one of the Internet, and the message to end where its
    /// length says.
    private static func question(_ bytes: RawSpan, isDNSPort: Bool) -> ApplicationSignature {
        let header = 2 + DNSView.headerLength
        guard bytes.byteCount >= header else { return .undecided }
        let length = Int(bytes.uint16(at: 0))
        // QUERY, and neither QR, AA, TC, RA nor an RCODE; NOTIFY and UPDATE on their own ports alone.
        let flags = bytes.uint16(at: 4)
        let isQuery = isDNSPort ? flags & 0x8000 == 0 : flags & 0xFECF == 0
        guard length >= DNSView.headerLength + 5, isQuery, bytes.uint16(at: 6) == 1 else { return .other }
        if isDNSPort { return .dns }
        let additional = bytes.uint16(at: 12)
        guard bytes.uint32(at: 8) == 0, additional <= 1 else { return .other }
        let longest = header + 255 + 4
        let message = bytes.extracting(droppingFirst: 2).extracting(first: length)
        guard let view = try? DNSView(message, at: 0), let question = view.question else {
            return bytes.byteCount < min(2 + length, longest) ? .undecided : .other
        }
        guard question.recordClass == 1 else { return .other }
        if additional == 0 { return question.end == length ? .dns : .other }
        // The root's name and the type of EDNS (RFC 6891 §6.1.2).
        guard question.end + 3 <= message.byteCount else {
            return message.byteCount < length ? .undecided : .other
        }
        return message.uint8(at: question.end) == 0 && message.uint16(at: question.end + 1) == 41 ? .dns : .other
    }

    /// `16 03 vv ll ll 01`: handshake, any version, any length, ClientHello.
    private static func hello(_ bytes: RawSpan) -> ApplicationSignature {
        if bytes.byteCount > 1 && bytes.uint8(at: 1) != 3 { return .other }
        if bytes.byteCount > 2 && bytes.uint8(at: 2) > 4 { return .other }
        guard bytes.byteCount > 5 else { return .undecided }
        return bytes.uint8(at: 5) == 1 ? .tls : .other
    }

    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    private static func method(_ bytes: RawSpan) -> ApplicationSignature {
        // One empty line before a request is to be ignored (RFC 9112 §2.2).
        let start = bytes.uint8(at: 0) == 0x0D ? 2 : 0
        if start > 0 {
            if bytes.byteCount > 1 && bytes.uint8(at: 1) != 0x0A { return .other }
            guard bytes.byteCount > 2 else { return .undecided }
        }
        if HTTPMethods.leading(bytes, at: start) != nil { return .http }
        let matched = bytes.matchCount(of: preface, at: 0, foldingCase: false)
        if matched == preface.utf8CodeUnitCount { return .http2 }
        if matched == bytes.byteCount { return .undecided }
        var position = start
        while position < min(bytes.byteCount, start + HTTPMethods.longest) {
            switch bytes.uint8(at: position) {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"): position += 1
            default: return .other
            }
        }
        return position == bytes.byteCount && position < start + HTTPMethods.longest ? .undecided : .other
    }
}
