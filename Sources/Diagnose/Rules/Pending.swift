import Model

extension Finding {
    static let pending = Finding(
        id: "pending", stage: nil, severity: .none, title: "It still goes on",
        cause: "The request is under way, or was given up without a word.",
        evidence: "A request without an end.",
        fix: "Wait, or look at it again later.")
}

extension Diagnosis {
    /// It still goes on, or has been given up without a word: until the time-out nothing on the wire tells which.
    static func pending(_ subject: Case) -> Verdict? {
        guard subject.waterfall.outcome == .pending else { return nil }
        let waiting = subject.waterfall.stages.first { $0.status == .pending }
        var evidence =
            waiting.map { ["waiting at the stage \($0.kind.name)\($0.reason.map { ": \(Words.plain($0))" } ?? "")"] }
            ?? []
        let lifecycle = subject.lifecycle
        guard lifecycle.server.segments == 0, lifecycle.client.segments > 0 else {
            return subject.verdict(
                .pending, at: waiting?.kind, "The request to \(subject.server) is still under way.", evidence: evidence)
        }
        var sent = "\(Words.count(lifecycle.client.segments, "packet")) sent"
        if lifecycle.last > lifecycle.first { sent += " over \(Words.span(lifecycle.last - lifecycle.first))" }
        evidence.insert("\(sent), none came back", at: 0)
        return subject.verdict(
            .pending, at: waiting?.kind, "\(subject.server) has not answered so far.", evidence: evidence)
    }
}
