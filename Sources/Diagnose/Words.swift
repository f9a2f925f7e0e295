import Model

/// How verdicts write numbers, spans and text from the wire.
enum Words {
    /// `0.123 ms`, `12.3 ms`, `3.10 s`: three digits that count.
    static func span(_ span: TimeSpan) -> String {
        let microseconds = span.nanoseconds / 1000
        let sign = microseconds < 0 ? "-" : ""
        let magnitude = microseconds.magnitude
        switch magnitude {
        case ..<10_000: return "\(sign)\(magnitude / 1000).\(padded(magnitude % 1000, 3)) ms"
        case ..<1_000_000: return "\(sign)\(magnitude / 1000).\(magnitude % 1000 / 100) ms"
        default: return "\(sign)\(magnitude / 1_000_000).\(padded(magnitude % 1_000_000 / 10_000, 2)) s"
        }
    }

    /// `3 days`, `5 hours`, `40 minutes`, or as ``span(_:)``.
    static func long(_ span: TimeSpan) -> String {
        let seconds = span.nanoseconds / 1_000_000_000
        switch seconds {
        case ..<120: return Words.span(span)
        case ..<7200: return count(seconds / 60, "minute")
        case ..<172_800: return count(seconds / 3600, "hour")
        default: return count(seconds / 86_400, "day")
        }
    }

    /// `1.5 %`, `12 %`.
    static func percent(perMille: UInt64) -> String {
        perMille < 100 && perMille % 10 != 0 ? "\(perMille / 10).\(perMille % 10) %" : "\(perMille / 10) %"
    }

    /// `1 SYN`, `3 SYNs`.
    static func count(_ number: some BinaryInteger, _ noun: String, plural: String? = nil) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(plural ?? noun + "s")"
    }

    /// A word of the contract as it is spoken: `no_answer` is "no answer". Sentences stay as they are.
    static func plain(_ word: String) -> String {
        let (space, underscore) = (UInt8(ascii: " "), UInt8(ascii: "_"))
        if word.utf8.contains(space) || !word.utf8.contains(underscore) { return word }
        return String(decoding: word.utf8.map { $0 == underscore ? space : $0 }, as: UTF8.self)
    }

    /// The day of an RFC 3339 time.
    static func day(_ time: String) -> String { String(time.prefix(10)) }

    /// A name from the wire, safe in one line of text: controls become `?`, and it ends after 128 characters.
    static func printable(_ text: String) -> String {
        if text.utf8.count <= 128, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        let shown = text.unicodeScalars.prefix(128).map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: "?"
            default: Character(scalar)
            }
        }
        return String(shown) + (text.unicodeScalars.count > 128 ? "…" : "")
    }

    /// Whether a name can be an argument of a command as it is: neither a shell nor the command's own options or
    /// prefixes (`-f`, `@server`, `+trace`) see anything but a name in it.
    static func isPlainArgument(_ text: String) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }

    /// A name as the value of a command's option, quoted for a shell where it needs to be.
    static func argument(_ text: String) -> String {
        if isPlainArgument(text) { return text }
        let quoted = printable(text).map { $0 == "'" ? "'\\''" : String($0) }.joined()
        return "'\(quoted)'"
    }

    /// A name for `dig`, which would read `-f…`, `@…` and `+…` as something else.
    static func digArgument(_ name: String) -> String {
        isPlainArgument(name) ? name : "-q \(argument(name))"
    }

    /// `IPv4` or `IPv6`.
    static func family(_ version: IPAddress.Version) -> String { version == .v4 ? "IPv4" : "IPv6" }

    /// What an ICMP error says: goes after "it says".
    static func meaning(of error: ICMPErrorReport) -> String {
        switch error.name {
        case "port_unreachable": "that nothing listens on this port"
        case "host_unreachable", "host_unknown", "host_unreachable_for_tos", "address_unreachable":
            "that it cannot find this host"
        case "net_unreachable", "net_unknown", "net_unreachable_for_tos", "no_route":
            "that it knows no way to this network"
        case "net_prohibited", "host_prohibited", "admin_prohibited": "that a firewall forbids it"
        case "source_address_failed_policy": "that it takes nothing from this source address"
        case "reject_route": "that a route there rejects it"
        case "ttl_exceeded", "hop_limit_exceeded": "that the packet was passed on too often, perhaps in a circle"
        case "protocol_unreachable": "that it does not take this protocol"
        case "beyond_scope": "that this source address does not reach so far"
        case "parameter_problem": "that the packet's header is not right"
        case "reassembly_time_exceeded": "that not all fragments of the packet came"
        default: "\"\(error.name)\""
        }
    }

    private static func padded(_ number: UInt64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
