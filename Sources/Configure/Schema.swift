/// Every section and key that a file may have, and what each may hold.
enum Schema {
    struct Section: Sendable {
        var name: String
        var keys: [Key]
    }

    struct Key: Sendable {
        var name: String
        var field: Field
    }

    typealias Path<Value> = WritableKeyPath<Configuration, Value> & Sendable

    enum Field: Sendable {
        case number(any Path<Int>, ClosedRange<Int>)
        case flag(any Path<Bool>)
        case text(any Path<String>, TextRule)
        case list(any Path<[String]>, TextRule)
        case mode(any Path<UInt32?>)
        case level(any Path<Configuration.Log.Level>)
        case access(any Path<Configuration.Socket.Access>)
    }

    /// What a text may be, beyond being one.
    enum TextRule: Sendable {
        case filter, interfaceName, socketPath, groupName, userName, directory, loopback
    }

    static let sections: [Section] = [
        Section(
            name: "capture",
            keys: [
                Key(name: "interfaces", field: .list(\.capture.interfaces, .interfaceName)),
                Key(name: "filter", field: .text(\.capture.filter, .filter)),
                Key(name: "snap_length", field: .number(\.capture.snapLength, 96...262_144)),
                Key(name: "buffer_mib", field: .number(\.capture.bufferMebibytes, 1...1024)),
                Key(name: "timeout_ms", field: .number(\.capture.timeoutMilliseconds, 1...1000)),
                Key(name: "promiscuous", field: .flag(\.capture.promiscuous)),
            ]),
        Section(
            name: "tables",
            keys: [
                Key(name: "flows", field: .number(\.tables.flows, 1024...16_777_216)),
                Key(name: "lookups", field: .number(\.tables.lookups, 64...1_048_576)),
                Key(name: "names", field: .number(\.tables.names, 64...1_048_576)),
                Key(name: "neighbours", field: .number(\.tables.neighbours, 64...1_048_576)),
            ]),
        Section(
            name: "timeouts",
            keys: [
                Key(name: "tcp_unanswered_s", field: .number(\.timeouts.tcpUnanswered, seconds)),
                Key(name: "tcp_established_s", field: .number(\.timeouts.tcpEstablished, seconds)),
                Key(name: "tcp_half_closed_s", field: .number(\.timeouts.tcpHalfClosed, seconds)),
                Key(name: "tcp_linger_s", field: .number(\.timeouts.tcpLinger, seconds)),
                Key(name: "udp_s", field: .number(\.timeouts.udp, seconds)),
                Key(name: "echo_s", field: .number(\.timeouts.echo, seconds)),
                Key(name: "lookup_s", field: .number(\.timeouts.lookup, seconds)),
                Key(name: "neighbour_s", field: .number(\.timeouts.neighbour, seconds)),
            ]),
        Section(
            name: "history",
            keys: [
                Key(name: "directory", field: .text(\.history.directory, .directory)),
                Key(name: "disk_mib", field: .number(\.history.diskMebibytes, 16...1_048_576)),
                Key(name: "days", field: .number(\.history.days, 1...3650)),
                Key(name: "requests", field: .number(\.history.requests, kept)),
                Key(name: "lookups", field: .number(\.history.lookups, kept)),
                Key(name: "neighbours", field: .number(\.history.neighbours, kept)),
                Key(name: "icmp_errors", field: .number(\.history.icmpErrors, kept)),
            ]),
        Section(name: "process", keys: [Key(name: "command_line", field: .flag(\.process.commandLine))]),
        Section(
            name: "socket",
            keys: [
                Key(name: "path", field: .text(\.socket.path, .socketPath)),
                Key(name: "group", field: .text(\.socket.group, .groupName)),
                Key(name: "access", field: .access(\.socket.access)),
                Key(name: "mode", field: .mode(\.socket.mode)),
            ]),
        Section(name: "metrics", keys: [Key(name: "listen", field: .text(\.metrics.listen, .loopback))]),
        Section(name: "run_as", keys: [Key(name: "user", field: .text(\.runAs.user, .userName))]),
        Section(name: "log", keys: [Key(name: "level", field: .level(\.log.level))]),
    ]

    /// A second to a week.
    private static let seconds = 1...604_800
    private static let kept = 1...10_000_000

    static let sectionNames = sections.map(\.name)
}

extension Schema.TextRule {
    /// What is wrong with a text and what is allowed; `nil` when it will do.
    func complaint(about text: String) -> String? {
        let octets = text.utf8
        switch self {
        case .filter:
            return octets.count <= 65_536 && !octets.contains(0) ? nil : "must be a filter of at most 64 KiB"
        case .interfaceName:
            // net/core/dev.c, dev_valid_name: 1 to 15 bytes, no slash, colon or white space, not . or ..
            let isName =
                (1...15).contains(octets.count) && text != "." && text != ".."
                && !octets.contains { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
            return isName ? nil : "must be the name of an interface: 1 to 15 bytes without space, slash and colon"
        case .socketPath:
            // sun_path has room for 108 bytes, the last one NUL (unix(7)).
            let isPath = text.hasPrefix("/") && octets.count <= 107 && !text.hasSuffix("/") && !octets.contains(0)
            return isPath ? nil : "must be the absolute path of a file, at most 107 bytes long"
        case .directory:
            // Beside the file stand others with a few more characters (PATH_MAX, limits.h).
            let isPath =
                text.hasPrefix("/") && octets.count <= 4000 && !octets.contains { $0 < 0x20 || $0 == 0x7F }
            return isPath || text.isEmpty ? nil : "must be the absolute path of a directory, or empty"
        case .loopback:
            return text.isEmpty || Self.isLoopback(text)
                ? nil : "must be a loopback address with a port, as 127.0.0.1:9495 or [::1]:9495, or empty"
        case .userName, .groupName:
            let isName = octets.count <= 32 && !octets.contains { $0 <= 0x20 || $0 == UInt8(ascii: ":") }
            return isName ? nil : "must be the name of a \(self == .userName ? "user" : "group"), or empty"
        }
    }

    /// 127.0.0.0/8 or ::1, with a port that is not 0.
    private static func isLoopback(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let (host, digits) = (text[..<colon], text[text.index(after: colon)...])
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(digits), port > 0 else {
            return false
        }
        if host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
    }
}
