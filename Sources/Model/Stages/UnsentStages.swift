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
            guard case .neighbour(let neighbour) = unsent else { break }
            var facts = [StageFact("next_hop", .text(neighbour.address.description), from: .kernel)]
            if let mac = neighbour.mac { facts.append(StageFact("mac", .text(mac.description), from: .kernel)) }
            facts.append(StageFact("neighbour_state", .text(neighbour.state.name), from: .kernel))
            return Stage(.neighbour, .failed, start: first, reason: "unanswered", facts: facts)
        case .port:
            switch unsent {
            case .route: break
            case .neighbour: return portStage
            case .port(let range):
                var facts: [StageFact] = []
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
}
