import Model

extension Finding {
    static let exchangeLoss = Finding(
        id: "exchange.loss", stage: .exchange, severity: .warning, title: "Many packets are lost on the way",
        cause:
            "A link is overloaded, disturbed (radio, a bad cable, a duplex mismatch) or limited. One packet in a hundred is a notice. Three in a hundred are a warning: they hold TCP to some 1.6 Mbit/s where a round trip takes 50 ms. A transfer of 20 Mbit/s and more is not held up, it fills the queues itself: a notice.",
        evidence:
            "At least five segments sent again, or come late while the receiver asked for them, for a notice; ten for a warning, and a transfer slower than 20 Mbit/s.",
        fix: "`ping -c 100 -i 0.2 ADDRESS`; `ip -s link` counts errors and drops of this host's own interfaces.")
}

extension Diagnosis {
    /// Segments had to be sent again, and more of them than anybody would expect.
    static func transferLoss(_ subject: Case) -> Verdict? {
        let found = [Party.server, .client].compactMap { LossCount(subject, $0) }
        guard let worst = found.max(by: { $0.perMille < $1.perMille }) else { return nil }
        let party = worst.party.name
        var evidence: [String] = []
        if worst.again > 0 {
            evidence.append(
                "\(Words.count(worst.again, "segment")) of the \(party) passed here twice: lost between here and the "
                    + "\(worst.party.other.name), or its acknowledgment was")
        }
        if worst.late > 0 {
            evidence.append(
                "\(Words.count(worst.late, "segment")) of the \(party) came late, while the \(worst.party.other.name) asked for "
                    + "them: lost between the \(party) and here")
        }
        evidence.append("\(Words.count(worst.segments, "segment")) of the \(party) in all")
        return subject.verdict(
            .exchangeLoss,
            "About \(Words.percent(perMille: worst.perMille)) of the packets from the \(party) were lost on the way and sent again"
                + (worst.isGrave ? ", which makes it slow." : "."),
            severity: worst.isGrave ? .warning : .notice, evidence: evidence, confidence: .likely,
            next: [
                "ping -c 100 -i 0.2 \(subject.serverAddress)",
                subject.lifecycle.interface.map { "ip -s link show dev \($0)  # errors and drops here" }
                    ?? "ip -s link",
            ])
    }
}

/// What of one side's segments was lost, as far as it can be told from one place.
private struct LossCount {
    let party: Party
    let segments: UInt64
    /// The first copy passed here too.
    let again: UInt64
    /// It filled a gap, and the other side had asked for it.
    let late: UInt64

    var perMille: UInt64 { (again + late) * 1000 / segments }
    /// Loss holds it up. Transfers that are faster bring their losses about themselves: that is how TCP finds out how fast it
    /// may be (RFC 5681 §3.1).
    var isGrave: Bool { again + late >= 10 && perMille >= 30 && bytesPerSecond < Self.fast }
    private let bytesPerSecond: UInt64

    /// 20 Mbit/s.
    private static let fast: UInt64 = 2_500_000

    /// `nil` when it is not worth a word.
    init?(_ subject: Case, _ party: Party) {
        let side = subject.side(party)
        guard let tcp = side.tcp, let other = subject.side(party.other).tcp, side.segments > 0 else { return nil }
        self.party = party
        segments = side.segments
        bytesPerSecond = Self.rate(side, tcp)
        // SYNs are the connect stage's.
        again =
            UInt64(tcp.retransmittedSegments) - min(UInt64(tcp.retransmittedSegments), UInt64(max(tcp.synCount, 1) - 1))
        // What only overtakes others is not asked for three times (RFC 5681 §3.2).
        late = other.analysis.duplicateAcks >= 3 ? UInt64(tcp.outOfOrderSegments) : 0
        guard again + late >= 5, perMille >= 10 else { return nil }
        // Every other segment twice, and nobody asked: the capture has them twice, as a mirror port may.
        if perMille >= 400 && other.analysis.duplicateAcks == 0 { return nil }
    }

    /// Bytes a second of distinct payload, from its first byte to the last.
    private static func rate(_ side: Side, _ tcp: TCPSide) -> UInt64 {
        guard let begin = side.firstPayload, let end = side.lastPayload else { return 0 }
        let milliseconds = UInt64(max((end - begin).nanoseconds / 1_000_000, 1))
        let (scaled, overflow) = tcp.sequenceBytes.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : scaled / milliseconds
    }
}
