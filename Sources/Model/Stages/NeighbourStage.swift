extension Lifecycle {
    /// The resolution of the next hop's address.
    var neighbourStage: Stage {
        if isOnLoopback { return Stage(.neighbour, .notApplicable, reason: "loopback has no neighbours") }
        if isToGroup { return Stage(.neighbour, .notApplicable, reason: "a group address is not resolved") }
        guard let neighbour else { return unresolvedStage }
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
            if neighbour.otherMAC != nil && server.segments == 0 {
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
        guard let nextHopMAC else { return Stage(.neighbour, .unseen, reason: "no resolution seen") }
        return Stage(
            .neighbour, .unseen, reason: "no resolution seen: resolved before the capture",
            facts: [StageFact("mac", .text(nextHopMAC.description))])
    }
}
