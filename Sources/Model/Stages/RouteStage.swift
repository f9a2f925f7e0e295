extension Lifecycle {
    /// The route chosen. Frames show only where it led: an interface.
    var routeStage: Stage {
        var facts: [StageFact] = []
        if let interface { facts.append(StageFact("interface", .text(interface))) }
        if !vlan.isEmpty { facts.append(StageFact("vlan_ids", .list(vlan.identifiers.map { String($0) }))) }
        guard let route else { return Stage(.route, .unseen, reason: unaskedReason, facts: facts) }
        switch route.answer {
        case .chosen(let choice):
            facts += choice.facts(besides: interface)
            if isMidstream {
                let reason = "it began before the capture: this is the way of now"
                return Stage(.route, .unseen, reason: reason, facts: facts)
            }
            return Stage(.route, .ok, start: first, facts: facts)
        case .failed(let failure):
            // Its packets were seen, so there was a way: it is gone since.
            let reason = "it was gone when the kernel was asked (\(failure.name))"
            return Stage(.route, .unseen, reason: reason, facts: facts)
        case .unknown(let reason): return Stage(.route, .unseen, reason: reason, facts: facts)
        }
    }

    private var unaskedReason: String {
        switch direction {
        case .outbound, .local: "routes are not observed"
        case .inbound: "the client's host chose it"
        case .forwarded: "the client's host chose its own; how this host sent it on is not known"
        }
    }
}

extension RouteChoice {
    /// - Parameter interface: what frames have told already.
    fileprivate func facts(besides interface: String?) -> [StageFact] {
        var facts: [StageFact] = []
        func add(_ name: String, _ text: String?) {
            if let text { facts.append(StageFact(name, .text(text), from: .kernel)) }
        }
        add("gateway", gateway?.description)
        if self.interface != interface { add("out_interface", self.interface) }
        add("preferred_source", preferredSource?.description)
        if kind != .unicast { add("route_type", kind.name) }
        add("route", prefix.map { $0.length == 0 ? "default" : $0.description })
        add("table", table.name)
        add("route_protocol", origin)
        if let metric { facts.append(StageFact("metric", .integer(Int64(metric)), from: .kernel)) }
        if let mtu { facts.append(StageFact("mtu", .integer(Int64(mtu)), from: .kernel)) }
        if pathCount > 1 { facts.append(StageFact("next_hops", .integer(Int64(pathCount)), from: .kernel)) }
        return facts
    }
}
