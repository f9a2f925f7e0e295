/// One connection as conntrack(8) prints it, from its table (`-L`) or as an event (`-E`):
///
///     tcp      6 118 TIME_WAIT src=10.77.1.2 dst=10.77.2.2 sport=54932 dport=80 src=10.77.2.2 dst=10.77.2.1 sport=80 …
///         [NEW] udp      17 30 src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=…
struct TrackedConnection: Hashable {
    var transport: String
    /// TCP only, in lower case as the daemon writes it.
    var state: String?
    /// Source and destination as the client sent it, and as it went on: `10.77.1.2:54932`, `10.77.2.2:80`.
    var original: [String]
    var translated: [String]
    var isAnswered: Bool

    /// `TIME_WAIT`, `SYN_SENT2`.
    private static func isState(_ word: String) -> Bool {
        word.count > 3 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F || $0 == 0x32 }
    }

    var isTranslated: Bool { original != translated }

    /// `snat` when the source was rewritten, `dnat` when the destination was.
    var kinds: [String] {
        (original[0] != translated[0] ? ["snat"] : []) + (original[1] != translated[1] ? ["dnat"] : [])
    }

    /// `nil` for transports that Waybill does not follow.
    init?(_ line: Substring) {
        let words = line.split(separator: " ").map(String.init)
        guard let transport = words.first(where: { ["tcp", "udp", "icmp"].contains($0) }) else { return nil }
        var values: [String: [String]] = [:]
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { values[parts[0], default: []].append(parts[1]) }
        }
        guard let sources = values["src"], let destinations = values["dst"], sources.count == 2, destinations.count == 2
        else { return nil }
        func tuple(_ index: Int) -> [String]? {
            // An echo has its identifier for a port, at the client.
            if let identifier = values["id"]?[index] {
                return index == 0
                    ? ["\(sources[index]):\(identifier)", destinations[index]]
                    : [sources[index], "\(destinations[index]):\(identifier)"]
            }
            guard let from = values["sport"]?[index], let to = values["dport"]?[index] else { return nil }
            return ["\(sources[index]):\(from)", "\(destinations[index]):\(to)"]
        }
        guard let original = tuple(0), let reply = tuple(1) else { return nil }
        self.transport = transport
        self.original = original
        translated = reply.reversed()
        state = words.first(where: Self.isState)?.lowercased()
        isAnswered = !words.contains("[UNREPLIED]")
    }
}
