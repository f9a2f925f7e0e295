import Decode
import Model

// Answers that came to a tuple that nobody has: told apart by what was seen on both sides of a rewrite, by when the mapping
// ended, and by what was sent back.

extension Correlator {
    /// The end of a mapping is told a moment after it, and at the latest when the next packet asks for it.
    private static let toldWithin = TimeSpan.seconds(1)
    /// A refusal follows what it refuses at once.
    private static let refusedWithin = TimeSpan.seconds(1)

    /// A packet of a leg, as far as it may be an answer that goes no further.
    mutating func noteForUnclaimed(_ leg: Int, _ direction: Int, _ packet: Packet) {
        let time = TCPTracker.mark(packet.time.nanoseconds)
        if direction == 1 {
            if packet.payloadLength > 0 || packet.flags.contains(.syn) { flows.hot[leg].lastPayload[1] = time }
        } else if packet.flags.contains(.rst) {
            flows.cold[leg].rst[0] = time
            noteChange(request(of: leg))
        }
    }

    /// The answer to the request in `slot` that came back when nobody had its tuple any more.
    func unclaimedAnswer(_ lifecycle: Lifecycle, _ slot: Int) -> UnclaimedAnswer? {
        if let translation = lifecycle.translation {
            if lifecycle.client.endpoint == translation.translated.source {
                // What came before the rewrite was not seen.
                if let answer = answerAfterEnd(of: translation, lifecycle) { return answer }
            } else if let answer = answerStuckOutside(translation, lifecycle, slot) {
                return answer
            }
        }
        return answerToClosedSocket(lifecycle)
    }

    /// It was seen where the mapping led to, and not before it.
    private func answerStuckOutside(_ translation: Translation, _ lifecycle: Lifecycle, _ slot: Int) -> UnclaimedAnswer?
    {
        let inside = max(lifecycle.server.lastPayload ?? .distantPast, lifecycle.server.tcp?.lastSyn ?? .distantPast)
        var found: UnclaimedAnswer?
        var leg = Int(flows.cold[slot].nextLeg)
        while leg != 0 {
            defer { leg = Int(flows.cold[leg].nextLeg) }
            let time = Timestamp(nanoseconds: flows.hot[leg].lastPayload[1])
            guard flows.hot[leg].lastPayload[1] != 0, time > inside, found.map({ time > $0.time }) ?? true,
                let tuple = tuple(leg), isWaiting(lifecycle, at: time)
            else { continue }
            let refusal = refusal(of: time, on: tuple, leg, lifecycle)
            // Another mapping has taken the place of the one that it came by.
            let isReplaced = flows.hot[leg].marks.contains(.legIsTold) && !translation.results.contains(tuple)
            // While a mapping stands, a rule may have refused the answer. Where nobody tells of mappings, a refusal says enough.
            let hasEnded = translation.ended.map { time > $0 - Self.toldWithin } ?? isReplaced
            guard hasEnded || translation.how == .segment && refusal != nil else { continue }
            found = UnclaimedAnswer(time: time, tuple: tuple, missing: .mapping, refusal: refusal)
        }
        return found
    }

    /// A client that has ended its connection waits for nothing.
    private func isWaiting(_ lifecycle: Lifecycle, at time: Timestamp) -> Bool {
        guard let tcp = lifecycle.client.tcp else { return true }
        return [tcp.fin, tcp.rst].allSatisfy { $0.map { $0 > time } ?? true }
    }

    private func refusal(
        of time: Timestamp, on tuple: FlowTuple, _ leg: Int, _ lifecycle: Lifecycle
    ) -> UnclaimedAnswer.Refusal? {
        let reset = flows.cold[leg].rst[0]
        if reset != 0, lifecycle.client.tcp?.rst == nil {
            let after = Timestamp(nanoseconds: reset) - time
            if after >= .zero, after <= Self.refusedWithin { return .reset }
        }
        return refusal(of: time, on: tuple, lifecycle)
    }

    /// By who has the address that the answer came to, with an ICMP error.
    private func refusal(
        of time: Timestamp, on tuple: FlowTuple, _ lifecycle: Lifecycle
    ) -> UnclaimedAnswer.Refusal? {
        lifecycle.icmpErrors.first { error in
            error.isFatal && error.from == tuple.source.address && error.quoted?.source == tuple.destination
                && error.quoted?.destination == tuple.source && error.time >= time
                && error.time - time <= Self.refusedWithin
        }.map { .icmp($0.name) }
    }

    private func answerAfterEnd(of translation: Translation, _ lifecycle: Lifecycle) -> UnclaimedAnswer? {
        guard let answered = lifecycle.server.lastPayload, isWaiting(lifecycle, at: answered) else { return nil }
        let refusal = refusal(of: answered, on: translation.translated, lifecycle)
        // The client behind may have refused it, too.
        guard let ended = translation.ended,
            answered > (refusal == nil ? ended + TranslationTable.endSlack : ended - Self.toldWithin)
        else { return nil }
        return UnclaimedAnswer(time: answered, tuple: translation.translated, missing: .mapping, refusal: refusal)
    }

    /// The first answer to a datagram, turned away by the host that had asked. What comes after the first one is of no
    /// matter: a question may have been sent twice.
    private func answerToClosedSocket(_ lifecycle: Lifecycle) -> UnclaimedAnswer? {
        guard lifecycle.transport == .udp, let answered = lifecycle.server.firstPayload,
            lifecycle.client.lastPayload.map({ $0 <= answered }) ?? true
        else { return nil }
        let tuple = FlowTuple(.udp, lifecycle.client.endpoint, lifecycle.server.endpoint)
        guard let refusal = refusal(of: answered, on: tuple, lifecycle) else { return nil }
        return UnclaimedAnswer(time: answered, tuple: tuple, missing: .socket, refusal: refusal)
    }
}
