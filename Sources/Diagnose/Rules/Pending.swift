import Model

extension Diagnosis {
    /// It still goes on.
    static func pending(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .pending else { return nil }
        let waiting = subject.waterfall.stages.first { $0.status == .pending }
        return subject.verdict(
            "pending", waiting?.kind, "The request to \(subject.server) is still under way.",
            severity: .none,
            evidence: waiting.map { ["waiting at the stage \($0.kind.name)\($0.reason.map { ": \($0)" } ?? "")"] } ?? []
        )
    }
}
