import Model

extension Finding {
    static let connectForwardRefused = Finding(
        id: "connect.forward_refused", stage: .connect, severity: .error,
        title: "Nothing listens behind the port forward",
        cause: "A rule of NAT leads the port to another host or port, at which nobody listens.",
        evidence: "Destination NAT, as the kernel or the same segment after it tells, and RST in answer to the SYN.",
        fix: "On the host that it leads to: `ss -ltn`; `waybill nat` shows the rule.")
}

extension Diagnosis {
    /// A port forward whose target refuses.
    static func connectForwardRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.connect, "refused"), let target = subject.forwardedTo else { return nil }
        let rule = subject.lifecycle.translation?.rule.map { ["by the rule: \(Words.printable($0.text))"] } ?? []
        return subject.verdict(
            .connectForwardRefused,
            "\(target), to which NAT leads \(subject.server), accepts no connections on port \(target.port): nothing listens "
                + "there, or a firewall rejects them.",
            evidence: ["RST from \(subject.lifecycle.server.endpoint)\(subject.refusedAfter)"] + subject.passageEvidence
                + rule,
            next: [
                "ss -ltn 'sport = :\(target.port)'  # on \(target.address): does anything listen?",
                "waybill nat  # which rule leads it there",
            ])
    }
}
