import Model

extension Diagnosis {
    /// A datagram or an echo request that somebody said cannot get there.
    static func exchangeUnreachable(_ subject: Case) -> Verdict? {
        guard subject.failed(.exchange, "unreachable") else { return nil }
        return unreachable(subject, .exchangeUnreachable)
    }
}
