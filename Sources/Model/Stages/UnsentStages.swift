extension Lifecycle {
    /// The stages of a request that never left: what came before the refusal, the refusal, and nothing after it.
    func stage(_ kind: StageKind, _ unsent: UnsentRequest.Cause) -> Stage {
        switch kind {
        case .process: return processStage
        case .name: return nameStage
        case .route:
            guard case .route(let failure) = unsent else { return routeStage }
            var facts: [StageFact] = []
            if case .interfaceDown(let name) = failure {
                facts.append(StageFact("out_interface", .text(name), from: .kernel))
            }
            return Stage(.route, .failed, start: first, reason: failure.name, facts: facts)
        case .neighbour:
            guard case .neighbour(let known) = unsent else { break }
            return silentStage(known)
        case .port:
            switch unsent {
            case .route: break
            case .neighbour: return portStage
            case .port(let range):
                var facts: [StageFact] = []
                if let scarcity {
                    facts += scarcity.facts.filter { $0.name != "ports" && $0.name != "exhausted_in_ms" }
                }
                if let range {
                    facts.append(StageFact("port_range", .text("\(range.first)-\(range.last)"), from: .kernel))
                    facts.append(StageFact("ports", .integer(Int64(range.count)), from: .kernel))
                }
                return Stage(.port, .failed, start: first, reason: "exhausted", facts: facts)
            }
        case .translation, .connect, .secure, .exchange, .close: break
        }
        return Stage(kind, .notApplicable, reason: "nothing was sent")
    }

    /// The next hop that did not answer for as long as the socket was there.
    private func silentStage(_ known: HostNeighbour) -> Stage {
        var facts = [StageFact("next_hop", .text(known.address.description), from: .kernel)]
        if let mac = known.mac { facts.append(StageFact("mac", .text(mac.description), from: .kernel)) }
        if let neighbour { facts.append(StageFact("requests", .integer(Int64(neighbour.requests)))) }
        facts.append(StageFact("neighbour_state", .text(known.state.name), from: .kernel))
        let waited = last - first
        // A neighbour that was not even asked again had no time to answer.
        let hadTime = known.state == .failed || waited >= Self.retransmission
        return Stage(
            .neighbour, hadTime ? .failed : .unseen, start: first, duration: waited,
            reason: hadTime ? "unanswered" : "given up before the next hop could answer", facts: facts)
    }

    /// RETRANS_TIMER (RFC 4861 §10); Linux has the same for ARP (arp(7), `retrans_time_ms`).
    private static var retransmission: TimeSpan { .seconds(1) }
}
