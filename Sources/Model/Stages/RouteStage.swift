extension Lifecycle {
    /// The route chosen. Frames show only where it led: an interface.
    var routeStage: Stage {
        var facts: [StageFact] = []
        if let interface { facts.append(StageFact("interface", .text(interface))) }
        if !vlan.isEmpty { facts.append(StageFact("vlan_ids", .list(vlan.identifiers.map { String($0) }))) }
        return Stage(.route, .unseen, reason: "routes are not observed", facts: facts)
    }
}
