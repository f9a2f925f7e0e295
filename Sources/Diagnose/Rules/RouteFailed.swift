import Model

extension Finding {
    static let routeMissing = Finding(
        id: "route.no_route", stage: .route, severity: .error, title: "This host has no route",
        cause: "No routing table has a way to the address: the default route is missing, or that of this family.",
        evidence: "The kernel's own answer to the same question, and a connect that sent nothing.",
        fix: "`ip route get ADDRESS`; add the route or the default route.")

    static let routeInterfaceDown = Finding(
        id: "route.interface_down", stage: .route, severity: .error,
        title: "The interface of the default route is down",
        cause: "The link that the default route went by was taken down, and its routes went with it.",
        evidence: "No route, and a default route that was there before by an interface that is down now.",
        fix: "`ip link show`; bring the interface up.")

    static let routeProhibited = Finding(
        id: "route.prohibited", stage: .route, severity: .error, title: "A route forbids it",
        cause: "A route or rule of this host says `prohibit`: an administrator, or a VPN's kill switch.",
        evidence: "The kernel's own answer to the same question, and a connect that sent nothing.",
        fix: "`ip rule` and `ip route show table all type prohibit` show who says so.")

    static let routeUnreachable = Finding(
        id: "route.unreachable", stage: .route, severity: .error, title: "A route says unreachable",
        cause: "A route or rule of this host says `unreachable`.",
        evidence: "The kernel's own answer to the same question, and a connect that sent nothing.",
        fix: "`ip rule` and `ip route show table all type unreachable` show who says so.")

    static let routeBlackhole = Finding(
        id: "route.blackhole", stage: .route, severity: .error, title: "A route drops it",
        cause: "A route or rule of this host says `blackhole`.",
        evidence: "The kernel's own answer to the same question, and a connect that sent nothing.",
        fix: "`ip rule` and `ip route show table all type blackhole` show who says so.")

    static let routeOther = Finding(
        id: "route.other", stage: .route, severity: .error, title: "This host cannot send it",
        cause: "The kernel refuses to send there for another reason, which the evidence names.",
        evidence: "The kernel's own answer to the same question, and a connect that sent nothing.",
        fix: "`ip route get ADDRESS` gives the same answer.")
}

extension Diagnosis {
    /// No table has a way to the destination: nothing was sent.
    static func routeMissing(_ subject: Case) -> Verdict? {
        guard subject.failed(.route), case .route(let failure)? = subject.lifecycle.unsent else { return nil }
        let evidence = ["the kernel found no route to \(subject.serverAddress), and sent nothing"]
        let next = ["ip route get \(subject.serverAddress)", "waybill routes"]
        switch failure {
        case .noRoute:
            let family = Words.family(subject.lifecycle.server.endpoint.address.version)
            return subject.verdict(
                .routeMissing,
                "This host has no \(family) route to \(subject.server), so nothing was sent.", evidence: evidence,
                next: next)
        case .interfaceDown(let name):
            return subject.verdict(
                .routeInterfaceDown,
                "Nothing was sent to \(subject.server): the default route went by \(name), which is down.",
                evidence: evidence + ["\(name) is down, and its routes went with it"],
                next: ["ip link show \(Words.argument(name))"] + next)
        case .prohibited, .unreachable, .blackhole, .other: return nil
        }
    }

    /// A route or rule says that nothing may go there.
    static func routeRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.route), case .route(let failure)? = subject.lifecycle.unsent else { return nil }
        let (finding, word): (Finding, String)
        switch failure {
        case .prohibited: (finding, word) = (.routeProhibited, "prohibit")
        case .unreachable: (finding, word) = (.routeUnreachable, "unreachable")
        case .blackhole: (finding, word) = (.routeBlackhole, "blackhole")
        case .other(_, let text):
            return subject.verdict(
                .routeOther.called("route.\(failure.name)"),
                "This host's kernel refuses to send to \(subject.server) (\(text)), so nothing was sent.",
                evidence: ["asked for the way to \(subject.serverAddress), the kernel says: \(text)"],
                next: ["ip route get \(subject.serverAddress)", "ip rule"])
        case .noRoute, .interfaceDown: return nil
        }
        return subject.verdict(
            finding,
            "This host's own routing refuses to send to \(subject.server) (\(word)): an administrator or a VPN set it so.",
            evidence: ["a route or rule of this host fits \(subject.serverAddress) and says \(word); nothing was sent"],
            next: ["ip route get \(subject.serverAddress)", "ip rule", "ip route show table all type \(word)"])
    }
}
