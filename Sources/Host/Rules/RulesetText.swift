/// What `nft -a list ruleset` prints, read for one thing: where iptables' own targets lead, which its JSON leaves out.
///
///     table ip nat { # handle 1
///         chain DOCKER { # handle 1
///             iifname != "docker0" tcp dport 8080 counter packets 0 bytes 0 dnat to 172.17.0.3:80 # handle 10
///
/// nft writes them so where it was built with libxtables, and not all of them: what it does not say stays unknown.
struct RulesetText {
    /// The words behind `dnat to`, `snat to` and `redirect to`.
    private(set) var targets: [Place: Substring] = [:]

    /// A rule's place; handles are counted within a table.
    struct Place: Hashable {
        var family: Substring
        var table: Substring
        var handle: UInt64
    }

    init(_ text: String) {
        var table: (family: Substring, name: Substring)?
        for line in text.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count >= 4, words[0] == "table", words[3] == "{" {
                table = (words[1], words[2])
                continue
            }
            guard let table, words.count > 5, words[words.count - 3] == "#", words[words.count - 2] == "handle",
                let handle = UInt64(words[words.count - 1]), let end = words.lastIndex(of: "to"), end > 0,
                ["dnat", "snat", "redirect"].contains(words[end - 1]), end + 1 < words.count - 3
            else { continue }
            targets[Place(family: table.family, table: table.name, handle: handle)] = words[end + 1]
        }
    }

    /// `172.17.0.3:80`, `10.9.0.1-10.9.0.9:1000-2000`, `[fd00::3]:443`, `:9999`: address and port, as far as there are any.
    static func target(_ text: Substring) -> (address: RulesetDocument.Value?, port: RulesetDocument.Value?) {
        let colon = text.lastIndex(of: ":")
        // Without brackets an IPv6 address has no port.
        let isBare = text.count { $0 == ":" } > 1 && !text.contains("]")
        let ends = isBare ? nil : colon.flatMap { text[$0...].contains("]") ? nil : $0 }
        let address = text[..<(ends ?? text.endIndex)].filter { $0 != "[" && $0 != "]" }
        let port = ends.map { text[text.index(after: $0)...] } ?? ""
        return (range(address), range(String(port)))
    }

    private static func range(_ text: String) -> RulesetDocument.Value? {
        let ends = text.split(separator: "-", maxSplits: 1).map(String.init)
        switch ends.count {
        case 0: return nil
        case 1: return UInt64(ends[0]).map { .number($0) } ?? .text(ends[0])
        default: return .range(ends[0], ends[1])
        }
    }
}
