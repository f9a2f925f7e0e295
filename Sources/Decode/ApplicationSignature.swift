/// What the first bytes of a client say of the application, by content and on any port.
package enum ApplicationSignature: Sendable, Equatable {
    /// A TLS record that begins with a ClientHello (RFC 8446 §5.1).
    case tls
    /// A method that IANA has registered, and the space behind it (RFC 9112 §3).
    case http
    /// None of those that are known.
    case other
    /// Too few bytes to tell.
    case undecided

    /// Bytes after which every answer is certain.
    package static let limit = 24

    /// - Parameter bytes: a client's payload from its first byte on.
    package init(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else {
            self = .undecided
            return
        }
        switch bytes.uint8(at: 0) {
        case 0x16: self = Self.hello(bytes)
        case 0x0D, UInt8(ascii: "A")...UInt8(ascii: "Z"): self = Self.method(bytes)
        default: self = .other
        }
    }

    /// `16 03 vv ll ll 01`: handshake, any version, any length, ClientHello.
    private static func hello(_ bytes: RawSpan) -> ApplicationSignature {
        if bytes.byteCount > 1 && bytes.uint8(at: 1) != 3 { return .other }
        if bytes.byteCount > 2 && bytes.uint8(at: 2) > 4 { return .other }
        guard bytes.byteCount > 5 else { return .undecided }
        return bytes.uint8(at: 5) == 1 ? .tls : .other
    }

    private static func method(_ bytes: RawSpan) -> ApplicationSignature {
        // One empty line before a request is to be ignored (RFC 9112 §2.2).
        let start = bytes.uint8(at: 0) == 0x0D ? 2 : 0
        if start > 0 {
            if bytes.byteCount > 1 && bytes.uint8(at: 1) != 0x0A { return .other }
            guard bytes.byteCount > 2 else { return .undecided }
        }
        if HTTPMethods.leading(bytes, at: start) != nil { return .http }
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
