/// The request at the start of a segment, read in place (RFC 9112 §3): `GET /path?query HTTP/1.1`, then fields.
///
/// HTTP/1 is recognised by its content: `init` fails on bytes that do not begin a request, which is no error. Neither
/// the query, nor user information, nor any field but Host is ever given out.
///
///     if let request = HTTPRequestView(tcp.payload) { facts.path = request.path }
package struct HTTPRequestView: ~Escapable {
    private let bytes: RawSpan
    private let target: Range<Int>
    /// Behind the request line; `nil` when the segment ends in it.
    let fields: Int?
    /// A method that IANA has registered.
    package let method: String
    /// The digit behind `HTTP/1.`; `nil` when the segment ends before it.
    package let minorVersion: UInt8?

    /// Bytes of the request line that are looked at; RFC 9112 §3 asks recipients for 8000.
    static let lineLimit = 16384
    /// Bytes of the fields that are searched for Host.
    static let fieldsLimit = 16384
    /// Characters of a path kept; a longer one ends in `...`.
    package static let pathCapacity = 1024

    /// `nil` when `segment` does not begin with a known method, a target and the version 1.x, or as much of them as
    /// it holds beyond the method.
    @_lifetime(copy segment)
    package init?(_ segment: RawSpan) {
        // One empty line before a request is to be ignored (RFC 9112 §2.2).
        let start = segment.byteCount >= 2 && segment.uint16(at: 0) == 0x0D0A ? 2 : 0
        let limited = segment.extracting(first: start + Self.lineLimit)
        guard let (method, behindMethod) = HTTPMethods.leading(limited, at: start) else { return nil }
        var position = behindMethod
        while position < limited.byteCount, limited.uint8(at: position) > 0x20, limited.uint8(at: position) != 0x7F {
            position += 1
        }
        target = behindMethod..<position
        guard !target.isEmpty else { return nil }
        if position < limited.byteCount {
            guard limited.uint8(at: position) == UInt8(ascii: " ") else { return nil }
            switch Self.version(limited, at: position + 1) {
            case .absent: return nil
            case .cut:
                fields = nil
                minorVersion = nil
            case .line(let end, let minor):
                fields = end
                minorVersion = minor
            }
        } else {
            // Without the version, only a target that looks like one tells the request from other text.
            let first = limited.uint8(at: behindMethod)
            guard
                first == UInt8(ascii: "/") || limited.has("http", at: behindMethod, foldingCase: true)
                    || method == HTTPMethods.connect
            else { return nil }
            fields = nil
            minorVersion = nil
        }
        bytes = segment
        self.method = method
    }

    private enum Version { case absent, cut, line(end: Int, minor: UInt8) }

    /// `HTTP/1.` and a digit, then the end of the line.
    private static func version(_ bytes: RawSpan, at start: Int) -> Version {
        let expected: StaticString = "HTTP/1."
        let count = expected.utf8CodeUnitCount
        let matched = bytes.matchCount(of: expected, at: start, foldingCase: false)
        guard matched == count else { return start + matched == bytes.byteCount ? .cut : .absent }
        guard start + count < bytes.byteCount else { return .cut }
        let digit = bytes.uint8(at: start + count)
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return .absent }
        var position = start + count + 1
        if position < bytes.byteCount && bytes.uint8(at: position) == 0x0D { position += 1 }
        guard position < bytes.byteCount else { return .cut }
        return bytes.uint8(at: position) == 0x0A ? .line(end: position + 1, minor: digit - UInt8(ascii: "0")) : .absent
    }

    /// The segment ends inside the request line.
    package var isCut: Bool { fields == nil }

    package var isHead: Bool { method == HTTPMethods.head }
    package var isConnect: Bool { method == HTTPMethods.connect }

    /// The target of CONNECT as it was sent, escaped: `example.org:443`. `nil` for other methods, and when it is cut off.
    package var tunnelTarget: String? {
        guard isConnect, !isTargetCut else { return nil }
        var text = WireText(capacity: HostText.capacity + 6, expecting: target.count)
        text.append(bytes, from: target.lowerBound, to: target.upperBound, in: .token)
        return text.finish()
    }

    /// Whether the request is for the server itself; in absolute form, or with CONNECT, it is for a proxy (RFC 9112
    /// §3.2).
    package var isForOrigin: Bool { method != HTTPMethods.connect && authority == nil }

    /// The path asked for, escaped, without the query: `/` for an empty one, `*` for the server itself; `nil` for
    /// CONNECT, which has none. It ends in `...` when it was cut off or is too long.
    package var path: String? {
        guard method != HTTPMethods.connect else { return nil }
        var start = target.lowerBound
        if let authority {
            start = authority.upperBound
        } else if bytes.uint8(at: start) != UInt8(ascii: "/") {
            return target.count == 1 && bytes.uint8(at: start) == UInt8(ascii: "*") ? "*" : nil
        }
        var end = start
        while end < target.upperBound, bytes.uint8(at: end) != UInt8(ascii: "?"),
            bytes.uint8(at: end) != UInt8(ascii: "#")
        { end += 1 }
        var text = WireText(capacity: Self.pathCapacity, expecting: end - start)
        if start == end || bytes.uint8(at: start) != UInt8(ascii: "/") { text.append("/") }
        text.append(bytes, from: start, to: end, in: .token)
        let reachesCut = end == bytes.byteCount
        return reachesCut && !text.isFull ? text.finish() + "..." : text.finish()
    }

    /// The host asked for, escaped, without port and final dot: that of the target where it has one (RFC 9112
    /// §3.2.2), else of the Host field. `nil` when it is cut off, or given twice.
    package var host: String? {
        if method == HTTPMethods.connect {
            return isTargetCut ? nil : HostText.host(ofAuthority: bytes.extracting(target))
        }
        if let authority {
            guard authority.upperBound < bytes.byteCount else { return nil }
            let whole = bytes.extracting(authority)
            var start = 0
            while let sign = whole.firstOffset(of: UInt8(ascii: "@"), from: start) { start = sign + 1 }
            return HostText.host(ofAuthority: whole.extracting(droppingFirst: start))
        }
        return hostField
    }

    private var isTargetCut: Bool { target.upperBound == bytes.byteCount }

    /// The authority of a target in absolute form, `http://authority/path`; `nil` for the other forms.
    private var authority: Range<Int>? {
        let start: Int
        if bytes.has("http://", at: target.lowerBound, foldingCase: true) {
            start = target.lowerBound + 7
        } else if bytes.has("https://", at: target.lowerBound, foldingCase: true) {
            start = target.lowerBound + 8
        } else {
            return nil
        }
        guard start <= target.upperBound else { return nil }
        var end = start
        while end < target.upperBound {
            switch bytes.uint8(at: end) {
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return start..<end
            default: end += 1
            }
        }
        return start..<end
    }

    private var hostField: String? {
        guard let fields else { return nil }
        let bytes = bytes.extracting(first: fields + Self.fieldsLimit)
        var found: Range<Int>?
        var line = fields
        while let end = bytes.firstOffset(of: 0x0A, from: line) {
            // An empty line ends the fields.
            if end == line || end == line + 1 && bytes.uint8(at: line) == 0x0D { break }
            if bytes.has("host:", at: line, foldingCase: true) {
                guard found == nil else { return nil }
                found = line + 5..<end
            }
            line = end + 1
        }
        guard let found else { return nil }
        var start = found.lowerBound
        var end = found.upperBound
        while start < end, Self.isSpace(bytes.uint8(at: start)) { start += 1 }
        while end > start, Self.isSpace(bytes.uint8(at: end - 1)) { end -= 1 }
        return HostText.host(ofAuthority: bytes.extracting(start..<end))
    }

    /// Optional white space around a field's value, and the CR of its line (RFC 9112 §5.1).
    private static func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 || octet == 0x0D }
}

/// Methods by which a request is recognised (IANA "HTTP Method Registry").
enum HTTPMethods {
    static let connect = "CONNECT"
    static let head = "HEAD"

    private static let registered = [
        "GET", head, "POST", "PUT", "DELETE", connect, "OPTIONS", "TRACE", "PATCH", "ACL", "BASELINE-CONTROL",
        "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL",
        "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND", "PROPPATCH", "QUERY", "REBIND", "REPORT",
        "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL",
    ]

    /// Characters of the longest one, and the space behind it.
    static let longest = registered.reduce(0) { max($0, $1.utf8.count) } + 1

    private static let byPrefix: [UInt64: [String]] = Dictionary(grouping: registered) { method in
        method.utf8.prefix(3).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The method that begins at `start` and the offset behind the space that ends it.
    static func leading(_ bytes: RawSpan, at start: Int) -> (method: String, end: Int)? {
        guard bytes.byteCount - start >= 4 else { return nil }
        let prefix = UInt64(bytes.uint32(at: start) >> 8)
        guard let candidates = byPrefix[prefix] else { return nil }
        for method in candidates {
            let end = start + method.utf8.count
            guard end < bytes.byteCount, bytes.uint8(at: end) == UInt8(ascii: " ") else { continue }
            var position = start
            var isSame = true
            for octet in method.utf8 {
                isSame = isSame && bytes.uint8(at: position) == octet
                position += 1
            }
            if isSame { return (method, end + 1) }
        }
        return nil
    }
}
