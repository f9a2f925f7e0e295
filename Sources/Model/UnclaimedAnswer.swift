/// An answer that came back to a tuple that nobody had any more: its NAT mapping had ended, or its socket was closed.
package struct UnclaimedAnswer: Sendable, Equatable {
    /// The latest one.
    package var time: Timestamp
    /// From client to server, as it was written where the answer came to.
    package var tuple: FlowTuple
    package var missing: Missing
    /// With what it was turned away; `nil` when that was not seen.
    package var refusal: Refusal?

    package enum Missing: UInt8, Sendable { case mapping, socket }

    package enum Refusal: Sendable, Equatable {
        /// A RST (RFC 9293 §3.10.7.1).
        case reset
        /// An ICMP error (RFC 1122 §3.2.2.1), by its name.
        case icmp(String)

        package var name: String {
            switch self {
            case .reset: "rst"
            case .icmp(let name): name
            }
        }
    }

    package init(time: Timestamp, tuple: FlowTuple, missing: Missing, refusal: Refusal?) {
        self.time = time
        self.tuple = tuple
        self.missing = missing
        self.refusal = refusal
    }
}

extension Lifecycle {
    /// A segment of the server came to a port that nobody has, and was turned away; nothing that asks for it was seen. A
    /// socket would have acknowledged something; a RST for want of one acknowledges nothing that carries an
    /// acknowledgment itself (RFC 9293 §3.10.7.1).
    package var isUnsolicited: Bool {
        guard let tcp, tcp.clientHasNoSocket, client.payloadBytes == 0, client.tcp?.synCount == 0,
            server.segments > 0, let history
        else { return false }
        return history.allSatisfy { !$0.isUppercase || $0 == "R" }
    }

    /// A datagram that only answers came to a port that nobody has; no question was seen.
    package var isAskedByNobody: Bool { unclaimed?.missing == .socket && client.segments == 0 }

    /// What a stage tells of an answer that found nobody.
    func facts(_ answer: UnclaimedAnswer) -> [StageFact] {
        var facts = [
            StageFact("unclaimed_answer", .text("\(answer.tuple.destination) → \(answer.tuple.source)")),
            StageFact("unclaimed_after_ms", .span(answer.time - first)),
        ]
        if let refusal = answer.refusal { facts.append(StageFact("turned_away_with", .text(refusal.name))) }
        return facts
    }
}
