import Model

extension Finding {
    static let exchangeZeroWindow = Finding(
        id: "exchange.zero_window", stage: .exchange, severity: .warning, title: "One side stopped reading",
        cause:
            "A program did not read what had come, so its kernel had the other side wait (RFC 9293 §3.8.6): it is busy, stuck, or waits on purpose, as players and pagers do. Where the transfer went on it is a notice.",
        evidence: "Windows of zero from that side, for a second or longer.",
        fix: "Look at that side's program: `ss -tnpi` shows its Recv-Q, `top` and `iostat` whether it is busy.")
}

extension Diagnosis {
    /// The transfer failed while one side read nothing for most of the time.
    static func failedByZeroWindow(_ subject: Case) -> Verdict? {
        guard let party = subject.stalledBy, let tcp = subject.side(party).tcp else { return nil }
        let lifecycle = subject.lifecycle
        let begin = [lifecycle.client.firstPayload, lifecycle.server.firstPayload].compactMap { $0 }.min()
        guard let begin, tcp.closedWindowTime.nanoseconds > (lifecycle.last - begin).nanoseconds / 2 else { return nil }
        let stage = subject.waterfall.failure?.stage
        let ended = subject.firstEnd.map { ["the \($0.party.name) ended the connection"] } ?? []
        return subject.verdict(
            .exchangeZeroWindow, at: stage,
            party == .client
                ? "The client read nothing more of what \(subject.server) sent, and so it came to no end."
                : "\(subject.server) read nothing more of what the client sent, and so it came to no end.",
            evidence: evidence(party, tcp) + ended, confidence: .likely, next: next(subject, party))
    }

    /// It went on, after one side had read nothing for a while; or it does not yet.
    static func zeroWindow(_ subject: Case) -> Verdict? {
        guard let party = subject.stalledBy, let tcp = subject.side(party).tcp else { return nil }
        let lets = tcp.isWindowClosed && subject.lifecycle.ending == nil ? "lets" : "let"
        return subject.verdict(
            .exchangeZeroWindow,
            party == .client
                ? "The client \(lets) \(subject.server) wait with its data, for \(Words.span(tcp.closedWindowTime)) in all."
                : "\(subject.server) \(lets) the client wait with its data, for \(Words.span(tcp.closedWindowTime)) in all.",
            severity: .notice, evidence: evidence(party, tcp), next: next(subject, party))
    }

    private static func evidence(_ party: Party, _ tcp: TCPSide) -> [String] {
        [
            "the \(party.name)'s window was closed for \(Words.span(tcp.closedWindowTime)), told in "
                + Words.count(tcp.zeroWindows, "segment")
        ]
    }

    private static func next(_ subject: Case, _ party: Party) -> [String] {
        let port = subject.lifecycle.client.endpoint.port
        return party == .client
            ? ["ss -tnpi 'sport = :\(port)'  # on the client: why does it not read?"]
            : ["ss -tnpi 'dport = :\(port)'  # on the server: which program does not read?"]
    }
}

extension Case {
    /// The side whose window was closed for longer, when that was a second at least.
    fileprivate var stalledBy: Party? {
        let (client, server) = (lifecycle.client.tcp?.closedWindowTime, lifecycle.server.tcp?.closedWindowTime)
        let longest = max(client ?? .zero, server ?? .zero)
        guard longest >= .seconds(1) else { return nil }
        return longest == client ? .client : .server
    }
}
