import Model

extension Diagnosis {
    /// Too little was seen to say anything.
    static func unseen(_ subject: Case) -> Verdict {
        let reasons = subject.waterfall.stages.filter { stage in
            switch stage.kind {
            case .connect, .secure, .exchange, .close: stage.status == .unseen || stage.status == .pending
            case .process, .name, .route, .neighbour, .port, .translation: false
            }
        }
        return subject.verdict(
            "unseen", nil, "Too little of the request to \(subject.server) was seen to judge it.",
            severity: .none, evidence: reasons.compactMap { stage in stage.reason.map { "\(stage.kind.name): \($0)" } },
            confidence: .possible)
    }
}
