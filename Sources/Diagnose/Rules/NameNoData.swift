import Model

extension Diagnosis {
    /// The name exists, without a record of the type asked for (RFC 2308 §2.2).
    static func nameNoData(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "no_data"), let asked = FailedLookup(subject) else { return nil }
        return subject.verdict(
            "name.no_data", .name,
            "The name \(asked.name) exists, but has no \(asked.lookup.typeName) record.",
            severity: .warning, evidence: asked.evidence,
            // Few servers answer a question for all types (RFC 8482), so one that a host would have is asked for.
            next: ["dig @\(asked.server) \(asked.argument) \(asked.lookup.type == 1 ? "AAAA" : "A")"])
    }
}
