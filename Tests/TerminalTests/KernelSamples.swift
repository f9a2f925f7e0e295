import API

/// What only the kernel tells: a request on both sides of a router's NAT, translations, routes.
extension Samples {
    static func socket(_ address: String, _ port: UInt16) -> SocketAddress {
        SocketAddress(address: address, port: port)
    }

    static func tuple(_ source: SocketAddress, _ destination: SocketAddress) -> Translation.Tuple {
        Translation.Tuple(source: source, destination: destination)
    }

    static let translated: Request = {
        var request = page
        let (client, outside) = (socket("10.77.0.2", 41234), socket("198.51.100.7", 1189))
        let server = socket("203.0.113.80", 443)
        request.direction = .forwarded
        request.interface = "lan0"
        request.translation = masqueraded
        var (first, second) = (
            Leg(interface: "lan0", tuple: tuple(client, server), knownBy: "tuple"),
            Leg(interface: "wan0", tuple: tuple(outside, server), knownBy: "conntrack")
        )
        first.first = after(22.1)
        second.first = after(22.192)
        second.delay = span(0.092)
        second.firstAnswer = after(46.1)
        first.firstAnswer = after(46.2)
        first.answerDelay = span(0.1)
        request.legs = [first, second]
        request.stages[5] = Stage(
            .translation, .ok, start: after(22.1), duration: span(0.092),
            facts: [
                Fact("source_nat", .text("10.77.0.2:41234 → 198.51.100.7:1189"), from: .kernel),
                Fact("known_by", .text("conntrack"), from: .kernel),
                Fact("rule", .text("ip nat postrouting: oifname wan0 masquerade"), from: .kernel),
            ])
        return request
    }()

    static let masqueraded: Translation = {
        let server = socket("203.0.113.80", 443)
        var translation = Translation(
            transport: .tcp, kinds: ["snat"], original: tuple(socket("10.77.0.2", 41234), server),
            translated: tuple(socket("198.51.100.7", 1189), server), knownBy: "conntrack")
        translation.began = after(22)
        translation.state = "established"
        translation.answered = true
        translation.rule = TranslationRule(
            family: "ip", table: "nat", chain: "postrouting", handle: 4, action: "masquerade",
            text: "ip nat postrouting: oifname wan0 masquerade")
        return translation
    }()

    static let translations: [Translation] = {
        var forwarded = Translation(
            transport: .tcp, kinds: ["dnat", "snat"],
            original: tuple(socket("2001:db8::5", 50_000), socket("2001:db8::1", 8080)),
            translated: tuple(socket("2001:db8:1::1", 50_000), socket("2001:db8:1::9", 80)), knownBy: "conntrack")
        forwarded.began = after(-70_000)
        forwarded.ended = after(-4_000)
        var silent = Translation(
            transport: .udp, kinds: ["snat"],
            original: tuple(socket("10.77.0.2", 40_001), socket("203.0.113.9", 53)),
            translated: tuple(socket("198.51.100.7", 40_001), socket("203.0.113.9", 53)), knownBy: "conntrack")
        silent.answered = false
        return [masqueraded, forwarded, silent]
    }()

    static let routes: RouteList = {
        func hop(_ gateway: String?, _ interface: String, usable: Bool = true) -> RouteList.NextHop {
            RouteList.NextHop(gateway: gateway, interface: interface, weight: 1, usable: usable)
        }
        func route(
            _ destination: String, _ origin: String, metric: UInt32 = 0,
            table: String = "main", type: String = "unicast",
            _ hops: [RouteList.NextHop]
        ) -> RouteList.Route {
            RouteList.Route(
                family: "ipv4", type: type, destination: destination, table: table, origin: origin, metric: metric,
                nextHops: hops)
        }
        var wide = route("10.0.0.0/8", "static", [hop("10.77.0.1", "eth0"), hop("10.77.0.3", "eth1", usable: false)])
        wide.preferredSource = "10.77.0.2"
        wide.since = after(-60_000)
        func change(_ kind: String, _ subject: String, _ before: String?, _ after: String?, late: Bool = false)
            -> RouteChange
        {
            RouteChange(
                time: Samples.after(-60_000), kind: kind, subject: subject, before: before, after: after, table: "main",
                late: late)
        }
        return RouteList(
            routes: [
                route("default", "dhcp", metric: 100, [hop("10.77.0.1", "eth0")]), wide,
                route("10.77.0.0/24", "kernel", [hop(nil, "eth0")]),
                route("198.51.100.0/24", "static", type: "prohibit", []),
                route("default", "static", table: "vpn", [hop(nil, "wg0")]),
            ],
            rules: [
                RouteList.Rule(family: "ipv4", priority: 0, selectors: [], action: "lookup local", origin: "kernel"),
                RouteList.Rule(
                    family: "ipv4", priority: 100, selectors: ["from 10.77.0.0/24", "fwmark 0x1"], action: "lookup vpn",
                    origin: nil),
            ],
            changes: [
                change("default_route", "IPv4", "via 10.77.0.1 dev eth0", "dev wg0"),
                change("neighbour_moved", "10.77.0.1 on eth0", "52:54:00:12:34:56", "52:54:00:00:00:01", late: true),
            ])
    }()

    static let way: RouteList = {
        var answer = RouteAnswer(to: "203.0.113.80", status: .ok)
        answer.type = "unicast"
        answer.gateway = "10.77.0.1"
        answer.interface = "eth0"
        answer.preferredSource = "10.77.0.2"
        answer.destination = "default"
        answer.origin = "dhcp"
        answer.metric = 100
        answer.table = "main"
        answer.mtu = 1500
        answer.neighbour = KernelNeighbour(
            address: "10.77.0.1", interface: "eth0", state: "reachable", mac: "52:54:00:12:34:56", router: true,
            earlierMAC: nil, moved: nil, moves: 0)
        return RouteList(answer: answer)
    }()

    static let noWay = RouteList(answer: RouteAnswer(to: "203.0.113.80", status: .failed, reason: "no_route"))
}
