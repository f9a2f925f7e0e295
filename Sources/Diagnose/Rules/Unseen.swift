import Model

extension Finding {
    static let unseen = Finding(
        id: "unseen", stage: nil, severity: .none, title: "Too little was seen to judge it",
        cause: "The capture began too late or ended too soon, or no answer is expected.",
        evidence: "Nothing that tells how it went.",
        fix: "Observe it from its beginning, for example with `waybill run`.")
}

extension Diagnosis {
    /// Too little was seen to say anything.
    static func unseen(_ subject: Case) -> Verdict {
        let reasons = subject.waterfall.stages.filter { stage in
            switch stage.kind {
            case .connect, .secure, .exchange, .close: stage.status == .unseen || stage.status == .pending
            case .process, .name, .route, .neighbour, .port, .translation: false
            }
        }
        let evidence = reasons.compactMap { stage in stage.reason.map { "\(stage.kind.name): \(Words.plain($0))" } }
        let lifecycle = subject.lifecycle
        let expectsNone =
            subject.stage(.exchange).status == .unseen && lifecycle.transport != .tcp
            && lifecycle.application.quic == nil
        if expectsNone {
            // All that there was to see was seen: the end of the capture took nothing away.
            let question = lifecycle.lookups.first.map { Words.printable($0.name) }
            return Verdict(
                id: Finding.unseen.id, severity: .none, stage: nil,
                summary: question.map { "Nobody answered the question for \($0) that was sent to \(subject.server)." }
                    ?? "It was sent to \(subject.server); no answer is expected, so whether it arrived is not known.",
                evidence: evidence, confidence: .certain, next: [])
        }
        let what =
            if lifecycle.coverage.joinedMidstream || lifecycle.tcp?.state == .midstream {
                "The request to \(subject.server) began before the capture, and too little of it was seen to judge it."
            } else if lifecycle.ending == .captureEnded {
                "The capture ended too soon to judge the request to \(subject.server)."
            } else {
                "Too little of the request to \(subject.server) was seen to judge it."
            }
        return subject.verdict(.unseen, what, evidence: evidence, confidence: .possible)
    }
}
