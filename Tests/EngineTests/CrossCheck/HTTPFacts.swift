/// HTTP/1: the requests and responses of a connection, in their order.
extension Facts {
    static let httpFields = [
        "http.request.method", "http.request.uri", "http.host", "http.response.code",
    ]

    mutating func addHTTP(_ frame: TShark.Frame, _ subject: String) {
        let (uris, hosts) = (frame["http.request.uri"], frame["http.host"])
        for (index, method) in frame["http.request.method"].enumerated() {
            append(subject, "http_methods", String(method))
            // Queries are never kept; of an absolute form, tshark shows all.
            if uris.indices.contains(index) {
                if let path = Self.path(uris[index]) { append(subject, "http_paths", path) }
            }
            if hosts.indices.contains(index) { append(subject, "http_hosts", Self.name(hosts[index])) }
        }
        for code in frame["http.response.code"] where !code.hasPrefix("1") || code == "101" {
            append(subject, "http_statuses", String(code))
        }
    }

    /// What Waybill says of the same.
    mutating func addHTTP(of request: JSONValue, _ subject: String) {
        for exchange in request["http"]["exchanges"].items {
            for (fact, field) in [
                ("http_methods", "method"), ("http_paths", "path"), ("http_hosts", "host"), ("http_statuses", "status"),
            ] {
                if let value = exchange[field].plain { append(subject, fact, value) }
            }
        }
    }

    /// The path of a request's target: without the scheme and host of its absolute form, and none of CONNECT, which
    /// asks for a host (RFC 9112 §3.2).
    private static func path(_ target: Substring) -> String? {
        let target = target.prefix { $0 != "?" }
        if target.hasPrefix("/") || target == "*" { return String(target) }
        guard let host = target.firstRange(of: "://")?.upperBound else { return nil }
        return target[host...].firstIndex(of: "/").map { String(target[$0...]) } ?? "/"
    }

    /// Without the port; an IPv6 address has colons of its own, in brackets, which go as well.
    private static func name(_ host: Substring) -> String {
        if host.hasPrefix("[") { return String(host.dropFirst().prefix { $0 != "]" }) }
        guard let colon = host.lastIndex(of: ":"), host[colon...].dropFirst().allSatisfy(\.isNumber) else {
            return String(host)
        }
        return String(host[..<colon])
    }

    private mutating func append(_ subject: String, _ fact: String, _ value: String) {
        let before = subjects[subject]?[fact].map { $0 + " " } ?? ""
        set(subject, fact, before + value)
    }
}
