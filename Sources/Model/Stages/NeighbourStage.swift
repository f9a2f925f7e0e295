extension Lifecycle {
    /// The resolution of the next hop's address.
    var neighbourStage: Stage {
        if isOnLoopback { return Stage(.neighbour, .notApplicable, reason: "loopback has no neighbours") }
        if isToGroup { return Stage(.neighbour, .notApplicable, reason: "a group address is not resolved") }
        guard let neighbour else { return unresolvedStage }
        var stage = stage(neighbour)
        if let known = route?.neighbour, known.address == neighbour.address {
            stage.facts += known.facts(besides: stage)
        }
        return stage
    }

    private func stage(_ neighbour: NeighbourJoin) -> Stage {
        var facts = [StageFact("next_hop", .text(neighbour.address.description))]
        if let mac = neighbour.mac { facts.append(StageFact("mac", .text(mac.description))) }
        if let other = neighbour.otherMAC { facts.append(StageFact("other_mac", .text(other.description))) }
        if let answered = neighbour.answered, answered <= first {
            facts.append(StageFact("age_ms", .span(first - answered)))
        }
        facts.append(StageFact("requests", .integer(Int64(neighbour.requests))))
        facts.append(StageFact("awaited", .flag(neighbour.awaited), from: .inferred))

        if let answered = neighbour.answered {
            let taken = answered - neighbour.asked
            // A refusal may come from the one that is not meant.
            if neighbour.otherMAC != nil && (server.segments == 0 || tcp?.state == .refused) {
                return Stage(
                    .neighbour, .failed, start: neighbour.asked, duration: taken, reason: "two_macs", facts: facts)
            }
            return Stage(.neighbour, .ok, start: neighbour.asked, duration: taken, facts: facts)
        }
        if server.segments > 0 {
            return Stage(
                .neighbour, .unseen, reason: "answers came, though a request for this address was not answered",
                facts: facts)
        }
        if ending == nil {
            return Stage(.neighbour, .pending, start: neighbour.asked, reason: "awaiting_reply", facts: facts)
        }
        return Stage(.neighbour, .failed, start: neighbour.asked, reason: "unanswered", facts: facts)
    }

    private var unresolvedStage: Stage {
        var facts: [StageFact] = []
        // The frames of what is forwarded were for this host itself: its own next hop is another one.
        if let nextHopMAC, direction != .forwarded || route?.neighbour == nil {
            facts.append(StageFact("mac", .text(nextHopMAC.description)))
        }
        guard let known = route?.neighbour else {
            let reason = nextHopMAC == nil ? "no resolution seen" : "no resolution seen: resolved before the capture"
            return Stage(.neighbour, .unseen, reason: reason, facts: facts)
        }
        var stage = Stage(.neighbour, .ok, facts: facts)
        stage.facts += known.facts(besides: stage)
        if known.state == .noARP { return Stage(.neighbour, .notApplicable, reason: "this link resolves no addresses") }
        if known.state.isValid { return stage }
        // Something came back: it answers, whatever the kernel's entry was at that moment.
        if server.segments > 0 {
            return Stage(
                .neighbour, .unseen, reason: "answers came, though the kernel had no answer of it", facts: stage.facts)
        }
        stage.status = known.state == .failed ? .failed : .pending
        stage.reason = known.state == .failed ? "unanswered" : "awaiting_reply"
        return stage
    }
}

extension HostNeighbour {
    /// What the kernel's own entry says, beside the resolution that frames showed.
    fileprivate func facts(besides stage: Stage) -> [StageFact] {
        var facts: [StageFact] = []
        func add(_ name: String, _ value: StageFact.Value) {
            if !stage.facts.contains(where: { $0.name == name }) {
                facts.append(StageFact(name, value, from: .kernel))
            }
        }
        add("next_hop", .text(address.description))
        if let mac { add("mac", .text(mac.description)) }
        add("neighbour_state", .text(state.name))
        if let earlierMAC { add("earlier_mac", .text(earlierMAC.description)) }
        return facts
    }
}
