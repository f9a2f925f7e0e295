// Explain's door: what is meant (`Target`), what is wrong with it (`Explanation`), what changed (`WindowComparison`).

package import API

/// What somebody wants explained: a request, a program, a unit, a user, or where requests go.
package enum Target: Sendable, Equatable {
    /// A request's identifier, or its beginning.
    case id(String)
    case process(String)
    case pid(UInt32)
    case unit(String)
    case user(String)
    case destination(Destination)
    /// The port of either side.
    case port(UInt16)
    /// Nothing in its shape tells whether it is a program, a name of one label, or the beginning of an identifier.
    case word(String)

    package static let forms = [
        "an id from `waybill list`", "a host name, an address or a network, each with :PORT", "a URL",
        "the name or path of a program", "a systemd unit (backup.service)", "a port (:443)",
        "or one that says what it is: id:…, process:…, pid:…, unit:…, user:…, to:…",
    ]

    /// - Throws: ``TargetError`` when the text has none of these forms.
    package init(_ text: String) throws(TargetError) {
        guard !text.isEmpty else { throw TargetError(text, "it is empty") }
        guard text.utf8.count <= Self.byteLimit else {
            throw TargetError(text, "it is longer than \(Self.byteLimit) bytes")
        }
        if let named = try Self.named(text) {
            self = named
            return
        }
        if let scheme = text.firstRange(of: "://") {
            self = .destination(try Self.server(of: text, scheme))
            return
        }
        if text.hasPrefix(":") {
            guard let port = UInt16(text.dropFirst()), port > 0 else { throw TargetError(text, Self.portRange) }
            self = .port(port)
            return
        }
        if text.utf8.allSatisfy({ (48...57).contains($0) }) {
            throw TargetError(text, "a number alone may be a port (:\(text)) or a process (pid:\(text))")
        }
        if text.hasPrefix("/") {
            self = .process(text)
        } else if Self.unitSuffixes.contains(where: text.hasSuffix) {
            self = .unit(text)
        } else if text.contains(where: { ".:/[".contains($0) }) {
            self = .destination(try Self.destination(text))
        } else {
            self = .word(text)
        }
    }

    private static let unitSuffixes = [".service", ".scope", ".slice", ".timer", ".socket", ".mount"]

    private static let byteLimit = 2048
    private static let portRange = "a port is a number from 1 to 65535"

    /// `process:curl` and the like; `nil` when the word before the colon is none of them.
    private static func named(_ text: String) throws(TargetError) -> Target? {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let value = String(text[text.index(after: colon)...])
        let word = text[..<colon]
        guard ["id", "process", "pid", "unit", "user", "to"].contains(word) else { return nil }
        guard !value.isEmpty else { throw TargetError(text, "nothing stands after \(word):") }
        switch word {
        case "id": return .id(value.lowercased())
        case "process": return .process(value)
        case "pid":
            guard let pid = UInt32(value) else { throw TargetError(text, "a pid is a number") }
            return .pid(pid)
        case "unit": return .unit(value)
        case "user": return .user(value)
        default: return .destination(try destination(value))
        }
    }

    private static func destination(_ text: String) throws(TargetError) -> Destination {
        if let destination = Destination(text) { return destination }
        // A broken port is the likeliest slip, and can be named.
        if let colon = text.lastIndex(of: ":"), text[..<colon].last != ":",
            Destination(String(text[..<colon])).map({ $0.port == nil }) == true
        {
            throw TargetError(text, "\"\(text[text.index(after: colon)...].prefix(20))\" is no port: \(portRange)")
        }
        throw TargetError(text, "it is neither a name nor an address")
    }

    /// The server of a URL (RFC 3986 §3.2), with the port that its scheme stands for.
    private static func server(of text: String, _ scheme: Range<String.Index>) throws(TargetError) -> Destination {
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !host.isEmpty else { throw TargetError(text, "the URL names no host") }
        var destination = try destination(String(host))
        if destination.port == nil { destination.port = ports[text[..<scheme.lowerBound].lowercased()] }
        return destination
    }

    private static let ports: [String: UInt16] = [
        "http": 80, "ws": 80, "https": 443, "wss": 443, "ftp": 21, "ssh": 22, "ldap": 389, "ldaps": 636, "redis": 6379,
        "postgres": 5432, "postgresql": 5432, "mysql": 3306, "amqp": 5672, "mqtt": 1883,
    ]

    /// The queries that may find its requests, the likeliest first; none for an identifier.
    package var queries: [RequestQuery] {
        func query(_ set: (inout RequestQuery) -> Void) -> [RequestQuery] {
            var query = RequestQuery()
            set(&query)
            return [query]
        }
        return switch self {
        case .id: []
        case .process(let name): query { $0.process = name }
        case .pid(let pid): query { $0.pid = pid }
        case .unit(let unit): query { $0.unit = unit }
        case .user(let user): query { $0.user = user }
        case .destination(var destination):
            query {
                // Its lookups went to another port, and may be what failed.
                if case .name = destination.host { destination.port = nil }
                $0.to = destination
            }
        case .port(let port): query { $0.port = port }
        case .word(let word):
            query { $0.process = word } + (Destination(word).map { to in query { $0.to = to } } ?? [])
        }
    }

    /// Whether a request that one of ``queries`` found is meant.
    package func includes(_ request: Request) -> Bool {
        guard case .destination(let destination) = self, let port = destination.port else { return true }
        return request.server.port == port || request.asksForNames
    }

    /// The identifier that it may be the beginning of.
    package var id: String? {
        switch self {
        case .id(let id): id
        case .word(let word) where word.utf8.count >= 4 && word.utf8.count <= 12: word.lowercased()
        case .word, .process, .pid, .unit, .user, .destination, .port: nil
        }
    }

    /// Where its requests go, when it says so.
    package var destination: Destination? {
        switch self {
        case .destination(let destination): destination
        case .word(let word): Destination(word)
        case .id, .process, .pid, .unit, .user, .port: nil
        }
    }
}

/// Why a text is no target: prints as `"8080" cannot be explained: a number alone may be …`.
package struct TargetError: Error, Equatable, CustomStringConvertible {
    package var text: String
    package var reason: String

    init(_ text: String, _ reason: String) {
        self.text = text
        self.reason = reason
    }

    package var description: String {
        "\"\(text.prefix(80))\" cannot be explained: \(reason); give \(Target.forms.joined(separator: ", "))"
    }
}
