extension Lifecycle {
    /// The local port that the request was given; chosen when the first packet leaves, at the latest.
    var portStage: Stage {
        switch transport {
        case .icmp, .icmpv6: return Stage(.port, .notApplicable, reason: "ICMP has no ports")
        case .tcp, .udp: break
        }
        var facts = [StageFact("source_port", .integer(Int64(client.endpoint.port)))]
        if let scarcity { facts += scarcity.facts }
        if tcp?.isPortReused == true { facts.append(StageFact("port_reused", .flag(true))) }
        if isPortRemembered {
            facts.append(StageFact("remembered_by_server", .flag(true), from: .inferred))
            // Asked again, it may have come about after all.
            if !isConnected, isOver || ending != nil {
                return Stage(.port, .failed, start: first, reason: "reused", facts: facts)
            }
        }
        if isMidstream { return Stage(.port, .unseen, reason: "it began before the capture", facts: facts) }
        return Stage(.port, .ok, start: first, facts: facts)
    }
}

extension PortScarcity {
    /// How many ports are taken towards the peer, of how many, and when none will be left if it goes on like this.
    var facts: [StageFact] {
        var facts = [
            StageFact("ports_in_use", .integer(Int64(pressure.inUse)), from: .kernel),
            StageFact("ports_in_time_wait", .integer(Int64(pressure.timeWait)), from: .kernel),
            StageFact("ports", .integer(Int64(range.count)), from: .kernel),
        ]
        // Beyond a day it is no forecast.
        if let seconds = pressure.exhausted(of: range.count), seconds < 86_400 {
            let span = TimeSpan(nanoseconds: Int64(seconds * 1e9))
            facts.append(StageFact("exhausted_in_ms", .span(span), from: .inferred))
        }
        return facts
    }
}
