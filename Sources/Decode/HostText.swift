/// Names of hosts as clients write them into ClientHello and HTTP fields, and as certificates have them.
package enum HostText {
    /// Characters of a host kept.
    static let capacity = 255

    /// Escaped text without a final dot; `nil` when empty or longer than any name.
    package static func name(_ bytes: RawSpan) -> String? {
        var end = bytes.byteCount
        if end > 0 && bytes.uint8(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
        guard end > 0, end <= capacity else { return nil }
        var text = WireText(capacity: 4 * capacity, expecting: end)
        text.append(bytes, from: 0, to: end, in: .token)
        return text.finish()
    }

    /// The host of `host[:port]` or `[v6][:port]` (RFC 3986 §3.2.2), an IPv6 address without its brackets; `nil` for
    /// an empty host, a port that is no number, or what no host can have in it: user information, a path, a query.
    static func host(ofAuthority bytes: RawSpan) -> String? {
        var end = bytes.byteCount
        var start = 0
        var behind: Int
        if end > 0 && bytes.uint8(at: 0) == UInt8(ascii: "[") {
            start = 1
            guard let close = bytes.firstOffset(of: UInt8(ascii: "]"), from: 1) else { return nil }
            end = close
            behind = close + 1
        } else {
            if let colon = bytes.firstOffset(of: UInt8(ascii: ":"), from: 0) { end = colon }
            behind = end
        }
        if behind < bytes.byteCount {
            guard bytes.uint8(at: behind) == UInt8(ascii: ":") else { return nil }
            behind += 1
            while behind < bytes.byteCount {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes.uint8(at: behind)) else { return nil }
                behind += 1
            }
        }
        for position in start..<end {
            switch bytes.uint8(at: position) {
            case UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return nil
            default: break
            }
        }
        return name(bytes.extracting(start..<end))
    }
}
