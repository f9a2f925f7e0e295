import API
import HTTPTypes
import HummingbirdCore

/// What a call may be, before it is looked at what it asks for.
struct CallBounds: Sendable {
    /// Bytes of path and query; the header as a whole has its own limit.
    static let targetBytes = 8192

    /// - Parameter port: where the call came by the loopback port for metrics, that.
    /// - Throws: the problem with a call that is not answered, and why.
    static func check(_ request: HummingbirdCore.Request, port: Int?) throws(Refused) {
        let path = request.uri.path
        // Browsers send it with every call that a foreign page could make; no program of ours does.
        if request.headers[.origin] != nil { throw Refused(.origin, .foreignOrigin(instance: path)) }
        if let host = request.head.authority, !isOurs(host, port: port) {
            throw Refused(.host, .foreignHost(host, instance: path))
        }
        guard (request.head.path ?? "").utf8.count <= targetBytes else {
            throw Refused(.target, .targetTooLong(targetBytes, instance: path))
        }
        if hasBody(request) { throw Refused(.body, .bodyNotAllowed(instance: path)) }
    }

    struct Refused: Error {
        var refusal: Refusal
        var problem: Problem

        init(_ refusal: Refusal, _ problem: Problem) {
            self.refusal = refusal
            self.problem = problem
        }
    }

    private static func hasBody(_ request: HummingbirdCore.Request) -> Bool {
        if request.headers[.transferEncoding] != nil { return true }
        return request.headers[.contentLength].map { $0.trimmed != "0" } ?? false
    }

    /// Whether `Host` names this server. A page that had its own name resolve to a loopback address (DNS rebinding) sends
    /// that name; clients of a Unix socket have none to send, and send nothing, a fixed word or the socket's path.
    static func isOurs(_ host: String, port: Int?) -> Bool {
        let text = host.lowercased()
        if port == nil, text.isEmpty || text.hasPrefix("/") || text.hasPrefix("%2f") { return true }
        guard let (name, number) = parts(text) else { return false }
        if let port { return loopback.contains(name) && number == String(port) }
        return loopback.contains(name) || name == "waybill"
    }

    private static let loopback: Set<Substring> = ["localhost", "127.0.0.1", "[::1]"]

    private static func parts(_ text: String) -> (name: Substring, port: Substring)? {
        let end =
            text.hasPrefix("[") ? text.firstIndex(of: "]").map { text.index(after: $0) } : text.firstIndex(of: ":")
        guard let end, end < text.endIndex else { return text.hasPrefix("[") && end == nil ? nil : (text[...], "") }
        guard text[end] == ":" else { return nil }
        return (text[..<end], text[text.index(after: end)...])
    }
}

extension String {
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }.map { start.index(after: $0) } ?? start.startIndex
        return start[..<end]
    }
}
