import Decode
import Model

// A name with several addresses is tried one after the other or at once (RFC 8305): several connections, one request.
// Which connections those are is inferred: the same client, name and port, another address, begun while the one before
// was unanswered or right after it failed. All of it is followed without records too, as it decides what is counted.

extension Correlator {
    /// From the failure of one attempt to the next.
    private static let fallbackWithin = TimeSpan.seconds(1)

    /// What a client waits at least before it tries another address of the same IP version.
    private static let attemptDelay = TimeSpan.milliseconds(100)

    /// The connection in `slot` begins with `packet`, a SYN.
    @inline(never)
    mutating func noteAttempt(_ slot: Int, _ packet: Packet) {
        let station = packet.sourceMAC.flatMap { stations.owner($0) == nil ? nil : $0.bits + 1 } ?? 0
        guard let given = given.find(packet.destination, for: nameOwner(packet.source), station: station) else {
            return
        }
        let key = SeededHash.mix(given.nameHash ^ UInt64(packet.destinationPort) << 32, hash(given.owner) | 1)
        let generation = flows.cold[slot].generation
        let earlier = attempts.oldest(key) { other, number in
            flows.cold[other].generation == number && mayFollow(other, packet, askedAt: given.asked)
        }
        attempts.note(key, slot: slot, generation: generation)
        if let earlier { join(slot, to: earlier) }
    }

    /// Whether a connection to another address may be the next attempt after the one in `slot`.
    private func mayFollow(_ slot: Int, _ packet: Packet, askedAt asked: Int64) -> Bool {
        let flow = flows.hot[slot]
        let detail = flows.cold[slot]
        guard flow.isUsed, flow.protocolNumber == TransportProtocol.tcp.rawValue, detail.established == 0,
            detail.synCount[0] > 0, detail.first <= packet.time.nanoseconds
        else { return false }
        if let race = races[detail.race] {
            guard race.attempts.count < ConnectAttempt.capacity, winner(of: race) == nil,
                !race.attempts.contains(where: { $0.isOpen && flows.hot[$0.slot].server.address == packet.destination })
            else { return false }
        }
        let other = flow.server.address
        // By one IP version it is one client only with one address.
        guard other != packet.destination,
            other.version != packet.destination.version || flow.client.address == packet.source
        else { return false }
        // A name that was asked for again belongs to another request.
        let began = races[detail.race]?.attempts.first?.began ?? detail.first
        guard asked <= began else { return false }
        switch flow.phase {
        case .unanswered, .answered:
            // The client gives up when it would send its next SYN, each wait twice as long as the one before (RFC 6298 §5).
            let waits = TimeSpan.seconds(1 << Int(min(detail.synCount[0], 7) - 1))
            // Two connections to one name at once are two, unless the first had its time to be answered (RFC 8305 §8).
            let isTooSoon =
                other.version == packet.destination.version
                && packet.time - Timestamp(nanoseconds: detail.first) < Self.attemptDelay
            let silent = packet.time - Timestamp(nanoseconds: detail.lastSyn[0])
            return !isTooSoon && silent <= TimeSpan(nanoseconds: waits.nanoseconds + Self.fallbackWithin.nanoseconds)
        case .closed: return packet.time - Timestamp(nanoseconds: flow.last) <= Self.fallbackWithin
        case .empty, .established, .halfClosed, .datagrams: return false
        }
    }

    private mutating func join(_ slot: Int, to earlier: Int) {
        let number: UInt32
        if flows.cold[earlier].race != 0 {
            number = flows.cold[earlier].race
        } else {
            let race = Race()
            race.attempts = [
                Race.Entry(
                    slot: earlier, generation: flows.cold[earlier].generation, began: flows.cold[earlier].first)
            ]
            race.openCount = 1
            number = races.insert(race)
            flows.cold[earlier].race = number
        }
        guard let race = races[number] else { return }
        race.attempts.append(
            Race.Entry(slot: slot, generation: flows.cold[slot].generation, began: flows.cold[slot].first))
        race.openCount += 1
        flows.cold[slot].race = number
        noteRaceChange(number)
    }

    /// Every attempt that is open is seen anew when one of them comes to a turn.
    mutating func noteRaceChange(_ number: UInt32) {
        guard notesChanges, let race = races[number] else { return }
        for entry in race.attempts where entry.isOpen { noteChange(entry.slot) }
    }

    private func result(_ entry: Race.Entry) -> Race.Result {
        if let result = entry.result { return result }
        let (flow, detail) = (flows.hot[entry.slot], flows.cold[entry.slot])
        return Race.Result(
            established: detail.established,
            isUsed: flow.payload[0] > 0 || flow.payload[1] > 0
                || detail.established != 0 && detail.fin[0] == 0 && detail.rst[0] == 0)
    }

    /// The attempt that the client went on with: that which it kept, or else the first to be established.
    private func winner(of race: Race) -> Int? {
        var best: (index: Int, result: Race.Result)?
        for (index, entry) in race.attempts.enumerated() {
            let result = result(entry)
            guard result.established != 0 else { continue }
            if let known = best?.result {
                let isBetter =
                    known.isUsed == result.isUsed
                    ? result.established < known.established : result.isUsed
                if !isBetter { continue }
            }
            best = (index, result)
        }
        return best?.index
    }

    /// The attempt that stands for all of them now: the winner, or else the latest that is still open.
    private func speaker(of race: Race) -> Int? {
        winner(of: race) ?? race.attempts.lastIndex(where: \.isOpen) ?? race.attempts.indices.last
    }

    /// A connection that is about to be completed: whether it is a request by itself, rather than an attempt of one.
    ///
    /// The winner is; so is one that carried payload or was kept beside it, and of attempts that all failed the last to end.
    mutating func leaveRace(_ slot: Int, _ ending: Ending) -> Bool {
        let number = flows.cold[slot].race
        guard let race = races[number],
            let own = race.attempts.firstIndex(where: { $0.isOpen && $0.slot == slot })
        else { return true }
        let winner = winner(of: race)
        var result = result(race.attempts[own])
        let isRequest = winner == own || result.isUsed || winner == nil && race.openCount == 1
        if settings.keepsRecords {
            var lifecycle = lifecycle(slot)
            lifecycle.ending = ending
            result.attempt = attempt(lifecycle, isWinner: winner == own, isDecided: winner != nil)
            if isRequest {
                lifecycle.attemptOf = nil
                finished.append(.request(lifecycle))
            }
        }
        race.attempts[own].result = result
        race.openCount -= 1
        if race.openCount == 0 { races.remove(number) }
        return isRequest
    }

    /// What was taken for an attempt is none.
    mutating func leaveRaceSilently(_ slot: Int) {
        let number = flows.cold[slot].race
        guard let race = races[number],
            let own = race.attempts.firstIndex(where: { $0.isOpen && $0.slot == slot })
        else { return }
        race.attempts.remove(at: own)
        race.openCount -= 1
        if race.openCount == 0 { races.remove(number) }
    }

    /// What a lifecycle says of its race: all attempts when it stands for them, or else which request does.
    func describeRace(_ slot: Int, in lifecycle: inout Lifecycle) {
        guard let race = races[flows.cold[slot].race],
            let own = race.attempts.firstIndex(where: { $0.isOpen && $0.slot == slot })
        else { return }
        let winner = winner(of: race)
        guard let speaker = winner ?? speaker(of: race) else { return }
        guard speaker == own else {
            let entry = race.attempts[speaker]
            // A connection that is used as well is another request.
            if !result(race.attempts[own]).isUsed, entry.isOpen { lifecycle.attemptOf = identifier(entry.slot) }
            return
        }
        lifecycle.attempts = race.attempts.enumerated().compactMap { index, entry in
            let result = result(entry)
            if index != own && result.isUsed { return nil }
            var attempt = result.attempt
            if attempt == nil {
                attempt = self.attempt(
                    index == own ? lifecycle : bareLifecycle(entry.slot), isWinner: index == winner,
                    isDecided: winner != nil)
            } else if winner != nil, attempt?.outcome == .pending {
                attempt?.outcome = .abandoned
                attempt?.reason = "no_answer"
            }
            return attempt
        }
        if lifecycle.attempts.count < 2 { lifecycle.attempts = [] }
    }

    private func attempt(_ lifecycle: Lifecycle, isWinner: Bool, isDecided: Bool) -> ConnectAttempt {
        let stage = lifecycle.ownConnectStage
        var attempt = ConnectAttempt(
            client: lifecycle.client.endpoint, server: lifecycle.server.endpoint, started: lifecycle.first,
            outcome: .pending, interface: lifecycle.interface)
        switch stage.status {
        case .failed:
            // Given up for another one: the client did not wait for an answer.
            let isAbandoned = isDecided && stage.reason == "no_answer" && stage.duration == nil
            attempt.outcome = isAbandoned ? .abandoned : .failed
            attempt.reason = stage.reason
            attempt.duration = stage.duration
        case .ok:
            attempt.outcome = isWinner ? .won : .lost
            attempt.duration = stage.duration
        case .pending, .unseen, .notApplicable:
            attempt.outcome = isDecided ? .abandoned : .pending
            attempt.reason = isDecided ? "no_answer" : nil
        }
        return attempt
    }
}
