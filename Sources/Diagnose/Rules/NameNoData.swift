import Model

extension Finding {
    static let nameNoData = Finding(
        id: "name.no_data", stage: .name, severity: .warning, title: "The name has no record of that type",
        cause: "The name exists, without an address of the family asked for (RFC 2308 §2.2).",
        evidence: "An answer without an error and without a record.",
        fix: "Ask for the other type, or have the record made.")
}

extension Diagnosis {
    /// The name exists, without a record of the type asked for (RFC 2308 §2.2).
    static func nameNoData(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "no_data"), let asked = FailedLookup(subject) else { return nil }
        let lookup = asked.lookup
        if let found = subject.lifecycle.searchedOn.map(Words.printable) {
            return subject.verdict(
                .nameNoData,
                "The name \(asked.name) has no \(lookup.typeName) record: the search list made it, and went on to \(found).",
                severity: .notice, evidence: asked.evidence, confidence: .likely,
                next: ["grep -E 'search|ndots' /etc/resolv.conf"])
        }
        if asked.hasNoAddress {
            return subject.verdict(
                .nameNoData,
                "The name \(asked.name) exists, but has no address: neither an A nor an AAAA record.", severity: .error,
                evidence: asked.evidence,
                next: ["dig @\(asked.server) \(asked.argument) MX  # is it a name for something else?", asked.dig])
        }
        return subject.verdict(
            .nameNoData,
            "The name \(asked.name) exists, but has no \(lookup.typeName) record.",
            // Many names have no IPv6 address, and nothing is wrong with them.
            severity: lookup.type == 28 ? .notice : .warning, evidence: asked.evidence,
            // Few servers answer a question for all types (RFC 8482), so one that a host would have is asked for.
            next: ["dig @\(asked.server) \(asked.argument) \(lookup.type == 1 ? "AAAA" : "A")"])
    }
}
