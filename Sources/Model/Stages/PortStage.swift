extension Lifecycle {
    /// The local port that the request was given; chosen when the first packet leaves, at the latest.
    var portStage: Stage {
        switch transport {
        case .icmp, .icmpv6: return Stage(.port, .notApplicable, reason: "ICMP has no ports")
        case .tcp, .udp: break
        }
        var facts = [StageFact("source_port", .integer(Int64(client.endpoint.port)))]
        if tcp?.isPortReused == true { facts.append(StageFact("port_reused", .flag(true))) }
        if isMidstream { return Stage(.port, .unseen, reason: "it began before the capture", facts: facts) }
        return Stage(.port, .ok, start: first, facts: facts)
    }
}
