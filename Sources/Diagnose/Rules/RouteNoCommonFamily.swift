import Model

extension Finding {
    static let routeNoCommonFamily = Finding(
        id: "route.no_common_family", stage: .route, severity: .error,
        title: "The name and this host have no IP version in common",
        cause: "The name has addresses of one IP version only, and this host has no route for that one.",
        evidence:
            "The kernel's own answer that it has no route, and for the same name an answer without an address of the other version.",
        fix: "Give this host a route of that version (NAT64, a tunnel), or the name an address of the other one.")
}

extension Diagnosis {
    /// Of both IP versions that were asked for, the name has only the one that this host cannot send by.
    static func routeNoCommonFamily(_ subject: Case) -> Verdict? {
        guard subject.failed(.route), case .route(.noRoute)? = subject.lifecycle.unsent else { return nil }
        let version = subject.lifecycle.server.endpoint.address.version
        // A and AAAA.
        let (own, other): (UInt16, UInt16) = version == .v4 ? (1, 28) : (28, 1)
        guard let join = subject.lifecycle.names.first(where: { $0.lookup?.type == own && $0.isTrusted }),
            let pair = join.pair ?? join.lookup?.pair, pair.type == other, pair.status == .noData
        else { return nil }
        let name = Words.printable(join.name)
        let family = Words.family(version)
        let missing = Words.family(version == .v4 ? .v6 : .v4)
        return subject.verdict(
            .routeNoCommonFamily,
            "\(name) has \(family) addresses only, and this host has no \(family) route, so nothing was sent.",
            evidence: [
                "the kernel found no route to \(subject.serverAddress), and sent nothing",
                "the DNS server \(join.lookup?.server.address.description ?? "") has no \(DNSNames.type(other)) record of it: "
                    + "no \(missing) address",
            ],
            next: [
                "ip \(version == .v4 ? "-4" : "-6") route",
                "dig \(Words.digArgument(join.name)) \(DNSNames.type(other))",
                "ip route get \(subject.serverAddress)",
            ])
    }
}
