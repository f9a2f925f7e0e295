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
        return subject.verdict(
            .nameNoData,
            "The name \(asked.name) exists, but has no \(asked.lookup.typeName) record.",
            evidence: asked.evidence,
            // Few servers answer a question for all types (RFC 8482), so one that a host would have is asked for.
            next: ["dig @\(asked.server) \(asked.argument) \(asked.lookup.type == 1 ? "AAAA" : "A")"])
    }
}
