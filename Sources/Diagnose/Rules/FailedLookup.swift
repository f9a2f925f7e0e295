import Model

/// The lookup that a request failed of, in the words of a verdict.
struct FailedLookup {
    let lookup: LookupDigest
    /// Printable.
    let name: String
    let server: String
    /// All that the request asked.
    private let others: [LookupDigest]
    private(set) var evidence: [String]

    init?(_ subject: Case) {
        guard let reason = subject.waterfall.failure?.reason,
            let lookup = subject.lifecycle.lookups.first(where: { Self.reason(of: $0) == reason })
        else { return nil }
        self.lookup = lookup
        others = subject.lifecycle.lookups
        name = Words.printable(lookup.name)
        server = lookup.server.address.description
        evidence = subject.lifecycle.lookups.map { lookup in
            let question = "\(Words.printable(lookup.name)) \(lookup.typeName)"
            let tries = lookup.retries > 0 ? ", asked \(UInt64(lookup.retries) + 1) times" : ""
            guard let rcode = lookup.rcode else { return "\(question): no answer from \(lookup.server)\(tries)" }
            let taken = lookup.roundTrip.map { " after \(Words.span($0))" } ?? ""
            return "\(question): \(DNSNames.rcode(rcode)) from \(lookup.server)\(taken)\(tries)"
        }
        evidence += lookup.extendedErrors.map { "the server says: \(Words.printable($0.description))" }
        if !lookup.searched.isEmpty {
            let names = lookup.searched.map { Words.printable($0.name) }.joined(separator: ", ")
            evidence.append("tried before: \(names)")
        }
        for asked in lookup.askedBefore {
            let how = asked.rcode.map { DNSNames.rcode($0) } ?? "no answer"
            evidence.append("asked before: \(asked.server), \(how)")
        }
    }

    var argument: String { Words.digArgument(lookup.name) }

    /// Both IP versions were asked for, and the name has an address of neither.
    var hasNoAddress: Bool {
        guard lookup.type == 1 || lookup.type == 28 else { return false }
        let other: UInt16 = lookup.type == 1 ? 28 : 1
        if let pair = lookup.pair, pair.type == other { return pair.status == .noData }
        return others.contains { $0.type == other && $0.name == lookup.name && $0.status == .noData }
    }

    /// The same question, asked again.
    var dig: String { "dig @\(server) \(argument) \(lookup.typeName)" }

    private static func reason(of lookup: LookupDigest) -> String? {
        switch lookup.status {
        case .pending, .answered: nil
        case .noAnswer: "no_answer"
        case .noData: "no_data"
        case .failed: DNSNames.rcode(lookup.rcode ?? 2).lowercased()
        }
    }
}
