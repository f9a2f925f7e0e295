import Model

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
                "name.no_answer", .name,
                "The DNS server \(asked.server) cannot be reached, so the address of \(asked.name) stayed unknown: "
                    + "\(who) says \(Words.meaning(of: error)).",
                evidence: asked.evidence + subject.icmpEvidence, next: next)
        }
        return subject.verdict(
            "name.no_answer", .name,
            "The DNS server \(asked.server) did not answer, so the address of \(asked.name) stayed unknown.",
            evidence: asked.evidence, next: next)
    }
}
