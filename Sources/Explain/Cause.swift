package import API

/// Requests that came to the same end: one line of an explanation.
package struct Cause: Sendable, Equatable {
    /// Of the newest one.
    package var verdict: Verdict
    package var count: Int
    package var first: Time
    package var last: Time
    /// Who asked, and where to, the most frequent first; at most ``capacity`` each.
    package var askers: [String]
    package var destinations: [String]
    /// The newest first, at most ``capacity``.
    package var ids: [String]

    package static let capacity = 5

    /// - Parameter requests: by time, not empty.
    init?(_ requests: [Request]) {
        guard let newest = requests.last, let oldest = requests.first, let verdict = newest.verdict else { return nil }
        self.verdict = verdict
        count = requests.count
        first = oldest.first
        last = newest.first
        askers = Self.frequent(requests.compactMap(\.asker))
        destinations = Self.frequent(requests.map(\.peer))
        ids = requests.suffix(Self.capacity).reversed().map(\.id)
    }

    /// The most frequent first; of the same number in the order of the alphabet.
    static func frequent(_ words: [String], limit: Int = capacity) -> [String] {
        Dictionary(counting: words).mostFrequentFirst.prefix(limit).map(\.key)
    }

    /// Those with one verdict together, the worst first, and of the same severity the most frequent.
    ///
    /// - Parameter requests: by time.
    static func causes(of requests: [Request]) -> [Cause] {
        let groups = Dictionary(grouping: requests.filter { $0.verdict != nil }) { $0.verdict?.id ?? "" }
        return groups.values.compactMap(Cause.init).sorted { left, right in
            let (one, other) = (left.verdict.severity.rank, right.verdict.severity.rank)
            if one != other { return one > other }
            return left.count != right.count ? left.count > right.count : left.verdict.id < right.verdict.id
        }
    }
}

extension Verdict.Severity {
    var rank: Int { Verdict.Severity.allCases.firstIndex(of: self) ?? 0 }
}

extension Request {
    /// The unit, or the program, that asked.
    var asker: String? {
        if case .text(let unit)? = stage(.process)?.fact("unit") { unit } else { processName }
    }

    /// `example.org:443`, or the address with the port where no name is known; of a lookup the name asked for.
    var peer: String {
        if asksForNames, let lookup = lookups.first { return "\(lookup.name) \(lookup.type)" }
        guard let name = server.trustedName else { return server.endpoint }
        return server.port.map { "\(name):\($0)" } ?? name
    }

    /// It is over, and how it went is known.
    var isJudged: Bool { outcome == .ok || outcome == .failed }
}
