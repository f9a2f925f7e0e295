import Model

extension Diagnosis {
    /// No table has a way to the destination: nothing was sent.
    static func routeMissing(_ subject: Case) -> Verdict? {
        guard subject.failed(.route), case .route(let failure)? = subject.lifecycle.unsent else { return nil }
        let evidence = ["the kernel found no route to \(subject.serverAddress), and sent nothing"]
        let next = ["ip route get \(subject.serverAddress)", "waybill routes"]
        switch failure {
        case .noRoute:
            let family = subject.lifecycle.server.endpoint.address.version == .v4 ? "IPv4" : "IPv6"
            return subject.verdict(
                "route.no_route", .route,
                "This host has no \(family) route to \(subject.server), so nothing was sent.", evidence: evidence,
                next: next)
        case .interfaceDown(let name):
            return subject.verdict(
                "route.interface_down", .route,
                "Nothing was sent to \(subject.server): the default route went by \(name), which is down.",
                evidence: evidence + ["\(name) is down, and its routes went with it"],
                next: ["ip link show \(Words.argument(name))"] + next)
        case .prohibited, .unreachable, .blackhole, .other: return nil
        }
    }

    /// A route or rule says that nothing may go there.
    static func routeRefused(_ subject: Case) -> Verdict? {
        guard subject.failed(.route), case .route(let failure)? = subject.lifecycle.unsent else { return nil }
        let word: String
        switch failure {
        case .prohibited: word = "prohibit"
        case .unreachable: word = "unreachable"
        case .blackhole: word = "blackhole"
        case .other(_, let text): word = text
        case .noRoute, .interfaceDown: return nil
        }
        return subject.verdict(
            "route.\(failure.name)", .route,
            "This host's own routing refuses to send to \(subject.server) (\(word)): an administrator or a VPN set it so.",
            evidence: ["a route or rule of this host fits \(subject.serverAddress) and says \(word); nothing was sent"],
            next: ["ip route get \(subject.serverAddress)", "ip rule", "ip route show table all type \(word)"])
    }
}
