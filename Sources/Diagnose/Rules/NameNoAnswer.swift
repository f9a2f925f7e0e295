import Model

extension Finding {
    static let nameNoAnswer = Finding(
        id: "name.no_answer", stage: .name, severity: .error, title: "The DNS server does not answer",
        cause: "The server is down or out of reach, or a firewall drops questions or answers.",
        evidence: "Questions, repeated, without an answer.",
        fix: "Ask the server by `dig`; check /etc/resolv.conf and the way to it.")
}

extension Diagnosis {
    /// Nobody answered the question.
    static func nameNoAnswer(_ subject: Case) -> Verdict? {
        guard subject.failed(.name, "no_answer"), let asked = FailedLookup(subject) else { return nil }
        let next = [
            asked.dig, "ping -c 3 \(asked.server)", "cat /etc/resolv.conf  # is this the server to ask?",
        ]
        if let error = subject.lifecycle.fatalError {
            let who = error.from == asked.lookup.server.address ? "it" : "\(error.from) on the way"
            return subject.verdict(
                .nameNoAnswer,
                "The DNS server \(asked.server) cannot be reached, so the address of \(asked.name) stayed unknown: "
                    + "\(who) says \(Words.meaning(of: error)).",
                evidence: asked.evidence + subject.icmpEvidence, next: next)
        }
        return subject.verdict(
            .nameNoAnswer,
            "The DNS server \(asked.server) did not answer, so the address of \(asked.name) stayed unknown.",
            evidence: asked.evidence, next: next)
    }
}
