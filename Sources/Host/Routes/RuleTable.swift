import Model

/// The rules of policy routing as last heard: a pure value. Holds at most ``capacity``; one beyond that is not taken in,
/// and counted.
struct RuleTable {
    private var entries: [Entry] = []
    private var refused: UInt64 = 0
    private var generation: UInt32 = 0

    static let capacity = 4096

    private struct Entry {
        var message: RuleMessage
        var generation: UInt32
    }

    /// - Returns: whether it is a new one.
    mutating func add(_ message: RuleMessage) -> Bool {
        if let known = entries.firstIndex(where: { $0.message == message }) {
            entries[known].generation = generation
            return false
        }
        guard entries.count < Self.capacity else {
            refused &+= 1
            return false
        }
        entries.append(Entry(message: message, generation: generation))
        return true
    }

    /// - Returns: whether it was there.
    mutating func remove(_ message: RuleMessage) -> Bool {
        guard let known = entries.firstIndex(where: { $0.message == message }) else { return false }
        entries.remove(at: known)
        return true
    }

    mutating func beginDump() { generation &+= 1 }

    /// Drops what the list did not have.
    mutating func endDump() -> [HostRule] {
        let gone = entries.filter { $0.generation != generation }.map(\.message.rule)
        entries.removeAll { $0.generation != generation }
        return gone
    }

    /// What of a request some rule looks at.
    var asks: RuleMessage.Asks { entries.reduce(into: []) { $0.formUnion($1.message.asks) } }

    /// IPv4 first, then in the order in which they are looked at.
    var list: [HostRule] {
        entries.map(\.message.rule).sorted {
            $0.version != $1.version ? $0.version.rawValue < $1.version.rawValue : $0.priority < $1.priority
        }
    }

    var summary: TableSummary {
        TableSummary(
            name: "routing_rules", count: entries.count, peak: entries.count, capacity: Self.capacity,
            evictions: refused)
    }
}

extension HostRule {
    /// `from 10.0.0.0/8 lookup 100`.
    var text: String { (selectors.isEmpty ? ["from all"] : selectors).joined(separator: " ") + " " + action }
}
