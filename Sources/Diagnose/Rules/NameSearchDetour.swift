import Model

extension Finding {
    static let nameSearchDetour = Finding(
        id: "name.search_detour", stage: .name, severity: .notice, title: "The search list cost a detour",
        cause:
            "The resolver adds search domains to a name before it asks for the name itself (resolv.conf(5), `ndots`).",
        evidence:
            "Names with the same first labels that led nowhere, each asked right after the one before, and then an answer.",
        fix: "Write the whole name with a dot at its end, or lower `ndots` and shorten the search list.")
}

extension Diagnosis {
    /// Other names were tried first, as a search list makes them.
    static func nameSearchDetour(_ subject: Case) -> Verdict? {
        guard let waited = WaitedLookup(subject), let queried = waited.lookup.queried,
            let first = waited.lookup.searched.first
        else { return nil }
        let tried = waited.lookup.searched
        return subject.verdict(
            .nameSearchDetour,
            "\(Words.count(tried.count, "other name")) \(tried.count == 1 ? "was" : "were") tried before \(waited.name), by the "
                + "search list: \(Words.span(queried - first.queried)) were lost.",
            evidence: tried.map { tried in
                let how = tried.status == .noData ? "no data" : tried.rcode.map { DNSNames.rcode($0) } ?? "no answer"
                return "\(Words.printable(tried.name)): \(how) after \(Words.span(tried.answered - tried.queried))"
            } + [waited.answer],
            // That they belong together is told by their labels and times.
            confidence: .likely,
            next: [
                "grep -E 'search|ndots' /etc/resolv.conf", "getent ahosts \(Words.argument(waited.lookup.name + "."))",
            ])
    }
}
