import Model

/// What an ICMP error says of the way (RFC 792, RFC 1812 §5.2.7, RFC 4443 §3): each is a finding of its own.
enum Unreachable: CaseIterable {
    case filtered, port, host, network, hops, other

    /// By the error's name, which both versions share where they mean the same.
    init(_ error: ICMPErrorReport) {
        switch error.name {
        case "net_prohibited", "host_prohibited", "admin_prohibited", "source_address_failed_policy", "reject_route":
            self = .filtered
        case "port_unreachable": self = .port
        case "host_unreachable", "host_unknown", "host_unreachable_for_tos", "address_unreachable": self = .host
        case "net_unreachable", "net_unknown", "net_unreachable_for_tos", "no_route": self = .network
        case "ttl_exceeded", "hop_limit_exceeded": self = .hops
        default: self = .other
        }
    }

    /// The second word of its identifiers.
    private var reason: String {
        switch self {
        case .filtered: "filtered"
        case .port: "port_unreachable"
        case .host: "host_unreachable"
        case .network: "net_unreachable"
        case .hops: "ttl_exceeded"
        case .other: "unreachable"
        }
    }

    /// - Parameter stage: `connect`, or `exchange` where there is no handshake.
    func finding(at stage: StageKind) -> Finding {
        let codes = "The ICMP error, which quotes the request: "
        func finding(_ title: String, _ cause: String, _ evidence: String, _ fix: String) -> Finding {
            Finding(
                id: "\(stage.name).\(reason)", stage: stage, severity: .error, title: title, cause: cause,
                evidence: codes + evidence, fix: fix)
        }
        switch self {
        case .filtered:
            return finding(
                "A firewall forbids it", "A rule or route on the way, or of the peer, rejects it and says so.",
                "IPv4 type 3 codes 9, 10 and 13, IPv6 type 1 codes 1, 5 and 6.",
                "Ask who runs the host that says so; on Linux `nft list ruleset` there.")
        case .port:
            return finding(
                "The port is unreachable",
                "For a datagram: nothing listens there. For TCP, and where another host than the peer says so: a firewall rejects it.",
                "IPv4 type 3 code 3, IPv6 type 1 code 4.",
                "On the peer: `ss -lun`; look for a rule that says `reject`.")
        case .host:
            return finding(
                "The host cannot be found",
                "The router of the peer's network gets no answer from it: it is down or gone.",
                "IPv4 type 3 codes 1, 7 and 12, IPv6 type 1 code 3.",
                "Check that the peer is up and has this address; on that router `ip neighbour show`.")
        case .network:
            return finding(
                "A router knows no way to the network", "A route is missing on the way, or the address is wrong.",
                "IPv4 type 3 codes 0, 6 and 11, IPv6 type 1 code 0.",
                "On the router that says so: `ip route get ADDRESS`.")
        case .hops:
            return finding(
                "It ran out of hops",
                "Routers pass it on in a circle. Or it was sent with a small TTL, as traceroute does: that is a notice.",
                "IPv4 type 11 code 0, IPv6 type 3 code 0.",
                "`traceroute ADDRESS`: routers that repeat make the circle; compare their routes.")
        case .other:
            return finding(
                "The peer cannot be reached",
                "A router on the way, or the peer, says that the packet cannot get there.",
                "any other fatal one.", "`traceroute ADDRESS` shows where the way ends.")
        }
    }

    static func findings(at stage: StageKind) -> [Finding] { allCases.map { $0.finding(at: stage) } }
}

extension Diagnosis {
    /// Somebody said by ICMP that the first packet, or a datagram, cannot get there.
    static func unreachable(_ subject: Case) -> Verdict? {
        guard let failure = subject.waterfall.failure, failure.reason == "unreachable",
            let error = subject.lifecycle.fatalError
        else { return nil }
        let lifecycle = subject.lifecycle
        let kind = Unreachable(error)
        let finding = kind.finding(at: failure.stage)
        if kind == .hops { return outOfHops(subject, finding, error) }
        let (who, isServer) = subject.teller(of: error)
        let address = subject.serverAddress
        let port = lifecycle.server.endpoint.port
        var next = ["ip route get \(address)", "traceroute \(address)  # where does the way end?"]
        var what = "\(subject.server) cannot be reached: \(who) says \(Words.meaning(of: error))."
        var confidence = Verdict.Confidence.certain
        switch kind {
        case .filtered:
            what = "\(subject.server) is not to be reached: \(who) says \(Words.meaning(of: error))."
            next = ["nft list ruleset  # on \(error.from), if it is yours", "ip route get \(address)"]
        // A TCP that does not listen answers with RST (RFC 9293 §3.10.7.1); `reject` says this where it is told nothing else.
        case .port where lifecycle.transport == .tcp:
            what =
                "\(subject.server) cannot be reached: \(who) says that the port is unreachable, which for TCP is how "
                + "a firewall rejects."
            confidence = .likely
            next = ["nft list ruleset  # on \(error.from), if it is yours: which rule says reject?"]
        case .port where isServer:
            next = ["ss -lun 'sport = :\(port)'  # on the server: does anything listen?"]
        case .port:
            what = "\(subject.server) cannot be reached: \(who) says that the port is unreachable, as a firewall does."
            confidence = .likely
            next = ["nft list ruleset  # on \(error.from), if it is yours: which rule says reject?"]
        case .host: next.append("ip neighbour show \(address)  # on \(error.from), if it is yours")
        case .network: next.append("ip route get \(address)  # on \(error.from), if it is yours")
        case .hops, .other: break
        }
        return subject.verdict(
            finding, what, evidence: subject.icmpEvidence + subject.passageEvidence, confidence: confidence, next: next)
    }

    /// What starts with fewer hops than any system gives by itself was sent so on purpose.
    private static let leastUsualTTL: UInt8 = 32

    private static func outOfHops(_ subject: Case, _ finding: Finding, _ error: ICMPErrorReport) -> Verdict {
        let lifecycle = subject.lifecycle
        let evidence = subject.icmpEvidence
        let again = "traceroute \(subject.serverAddress)"
        if lifecycle.direction == .outbound, let ttl = lifecycle.client.ttl, ttl < leastUsualTTL {
            return subject.verdict(
                finding,
                "It was sent with a TTL of \(ttl), so it came no further than \(error.from): that is how traceroute works.",
                severity: .notice, evidence: ["TTL \(ttl) when it left"] + evidence, confidence: .likely, next: [again])
        }
        let left = lifecycle.client.ttl.map { ["TTL \($0) when it was seen here"] } ?? []
        return subject.verdict(
            finding,
            "\(subject.server) cannot be reached: the packet was passed on until \(error.from) gave up, as in a circle of "
                + "routers.",
            evidence: evidence + left, confidence: .likely,
            next: ["\(again)  # routers that repeat make the circle", "ip route get \(subject.serverAddress)"])
    }
}

extension Case {
    /// Who sent an error, in the words of a sentence, and whether that is the server.
    fileprivate func teller(of error: ICMPErrorReport) -> (who: String, isServer: Bool) {
        if error.from == lifecycle.server.endpoint.address { return ("the server itself", true) }
        if error.from == forwardedTo?.address { return ("\(error.from), to which NAT leads it,", true) }
        if error.from == lifecycle.client.endpoint.address { return ("the client's own host", false) }
        let nextHop = lifecycle.route?.choice?.gateway ?? lifecycle.neighbour?.address
        if lifecycle.direction == .outbound, error.from == nextHop {
            return ("the gateway \(error.from), the first hop,", false)
        }
        return ("\(error.from) on the way", false)
    }
}
