import Model

/// Faults from the name to the handshake, and NAT.
extension LifecycleSample {
    static let paths: [LifecycleSample] = unreachable + brokenHandshakes + listeners + nat + names

    private static let unreachable = [
        LifecycleSample("forbidden", connection(.noAnswer, until: 5) { $0.error(type: 3, code: 13, at: 5) }),
        LifecycleSample("rejected by ICMP", connection(.noAnswer, until: 5) { $0.error(type: 3, code: 3, at: 5) }),
        LifecycleSample("no network", connection(.noAnswer, until: 5) { $0.error(type: 3, code: 0, at: 5) }),
        LifecycleSample("no protocol", connection(.noAnswer, until: 5) { $0.error(type: 3, code: 2, at: 5) }),
        LifecycleSample(
            "in a circle",
            connection(.noAnswer, until: 5) { lifecycle in
                lifecycle.client.ttl = 64
                lifecycle.error(type: 11, code: 0, at: 5)
            }),
        LifecycleSample(
            "traceroute",
            request(.udp, until: 5) { lifecycle in
                lifecycle.exchange(32, at: 0, 0, at: nil)
                lifecycle.client.ttl = 1
                lifecycle.error(type: 11, code: 0, at: 5, protocolNumber: 17)
            }),
        LifecycleSample(
            "datagram rejected on the way",
            request(.udp, until: 5) { lifecycle in
                lifecycle.exchange(32, at: 0, 0, at: nil)
                lifecycle.error(type: 3, code: 3, at: 5, protocolNumber: 17)
            }),
        LifecycleSample(
            "datagram to nobody",
            request(.udp, until: 5) { lifecycle in
                lifecycle.exchange(32, at: 0, 0, at: nil)
                lifecycle.error(type: 3, code: 1, at: 5, protocolNumber: 17)
            }),
        LifecycleSample(
            "no carrier",
            request(.tcp, until: 3050) { lifecycle in
                lifecycle.unsent = .neighbour(HostNeighbour(address: router, interface: "eth0", state: .failed))
                lifecycle.lacksCarrier = true
            }),
        LifecycleSample(
            "refused by the kernel",
            request(.tcp, until: 0) { lifecycle in
                lifecycle.client.segments = 0
                lifecycle.unsent = .route(.other(105, "No buffer space available"))
            }),
        LifecycleSample(
            "two MACs, and refused",
            connection(.refused, until: 1) { lifecycle in
                lifecycle.server.segments = 1
                lifecycle.server.tcp?.rst = after(1)
                var join = NeighbourJoin(
                    address: serverEndpoint.address, asked: after(-2), answered: after(-1), requests: 1,
                    mac: MACAddress(bits: 1), awaited: true)
                join.otherMAC = MACAddress(bits: 2)
                lifecycle.neighbour = join
            }),
    ]

    private static let brokenHandshakes = [
        LifecycleSample(
            "the client's side alone",
            connection(.halfClosed, ending: .idle) { lifecycle in
                lifecycle.server.segments = 0
                lifecycle.server.tcp = TCPSide()
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.fins(client: 40, server: nil)
            }),
        LifecycleSample(
            "the server's side alone",
            connection(.halfOpen, ending: .idle) { lifecycle in
                lifecycle.client.segments = 0
                lifecycle.client.tcp = TCPSide()
                lifecycle.exchange(0, at: nil, 500, at: 20)
            }),
        LifecycleSample("never accepted", unaccepted(ending: .idle)),
        LifecycleSample("not accepted so far", unaccepted(ending: nil)),
        LifecycleSample(
            "accept deferred until data comes",
            connection(.established, until: 1000, ending: .captureEnded) { lifecycle in
                lifecycle.server.segments = 2
                lifecycle.server.tcp?.synCount = 2
                lifecycle.server.tcp?.lastSyn = after(1000)
            }),
        LifecycleSample(
            "port remembered, then taken",
            connection(.closed, until: 1050) { lifecycle in
                lifecycle.client.tcp?.synCount = 2
                lifecycle.client.tcp?.lastSyn = after(1000)
                lifecycle.client.tcp?.rst = after(2)
                lifecycle.history = "SaRhADadFf"
                lifecycle.exchange(80, at: 1011, 5000, at: 1031)
                lifecycle.fins(client: 1045, server: 1046)
            }),
        LifecycleSample(
            "port remembered for good",
            connection(.aborted, until: 3000, ending: .idle) { lifecycle in
                lifecycle.server.segments = 2
                lifecycle.client.tcp?.rst = after(2)
                lifecycle.history = "SaR"
            }),
        LifecycleSample(
            "hairpin",
            silent { lifecycle in
                lifecycle.nextHopMAC = MACAddress(bits: 1)
                lifecycle.elsewhere = ElsewhereAnswer(from: inner, mac: MACAddress(bits: 2), time: after(1))
            }),
        LifecycleSample(
            "answered by another address",
            silent { lifecycle in
                lifecycle.nextHopMAC = MACAddress(bits: 1)
                lifecycle.elsewhere = ElsewhereAnswer(from: inner, mac: MACAddress(bits: 1), time: after(1))
            }),
    ]

    private static let listeners = [
        LifecycleSample("full accept queue", inbound(.noAnswer, waiting: 3, of: 2)),
        LifecycleSample("accept queue with room", inbound(.noAnswer, waiting: 2, of: 2)),
        LifecycleSample("bound to loopback", inbound(.refused, at: IPAddress(v4: 0x7F00_0001))),
        LifecycleSample("bound to another address", inbound(.refused, at: IPAddress(v4: 0x0A00_0101))),
    ]

    private static let nat = [
        LifecycleSample(
            "nobody behind the port forward",
            connection(.refused, until: 1) { lifecycle in
                lifecycle.direction = .forwarded
                lifecycle.server.tcp?.rst = after(1)
                lifecycle.translation = Translation(original: forwarded, reply: kept, how: .conntrack)
            }),
        LifecycleSample(
            "hairpin, seen by the router",
            silent { lifecycle in
                lifecycle.direction = .forwarded
                lifecycle.translation = Translation(original: forwarded, reply: kept, how: .conntrack)
                lifecycle.legs = [forwarded, kept.reversed].map { tuple in
                    var leg = Leg(interface: "lan0", tuple: tuple)
                    leg.firstRequest = sampleStart
                    return leg
                }
            }),
        LifecycleSample(
            "no room in conntrack's table",
            silent { lifecycle in
                lifecycle.direction = .forwarded
                lifecycle.untranslated = .untracked
                lifecycle.refusedInserts = RefusedInserts(
                    count: 3, since: after(-500), until: after(8600), tracked: 65536, limit: 65536)
            }),
    ]

    private static let names = [
        LifecycleSample("slow name", named { $0.answered = after(-2) }),
        LifecycleSample(
            "very slow name",
            named { lookup in
                lookup.queried = after(-1202)
                lookup.retries = 1
            }),
        LifecycleSample("slow name, kept", named(age: 2000) { $0.queried = after(-3000) }),
        LifecycleSample(
            "slow half of a pair",
            named { lookup in
                lookup.queried = after(-702)
                lookup.answered = after(-700)
                lookup.pair = LookupPair(
                    type: 28, status: .noData, rcode: 0, queried: after(-702), answered: after(-1))
            }),
        LifecycleSample(
            "silent first server",
            named { lookup in
                lookup.queried = after(-5)
                lookup.askedBefore = [
                    AskedServer(
                        server: Endpoint(IPAddress(v4: 0xC000_0299), 53), status: .pending, rcode: nil,
                        queried: after(-1005))
                ]
            }),
        LifecycleSample(
            "several servers at once",
            named { lookup in
                lookup.queried = after(-5)
                lookup.askedBefore = [
                    AskedServer(
                        server: Endpoint(IPAddress(v4: 0xC000_0299), 53), status: .pending, rcode: nil,
                        queried: after(-6))
                ]
            }),
        LifecycleSample(
            "search list",
            named { lookup in
                lookup.queried = after(-5)
                lookup.searched = [
                    SearchedName(
                        name: "example.org.lan", status: .failed, rcode: 3, queried: after(-9), answered: after(-6))
                ]
            }),
        LifecycleSample(
            "made by the search list",
            request(.udp, until: 3, server: resolver, ending: .idle) { lifecycle in
                lifecycle.exchange(29, at: 0, 45, at: 3)
                lifecycle.lookups = [digest("example.org.lan", .failed, rcode: 3, asked: 0, answered: 3)]
                lifecycle.searchedOn = "example.org"
            }),
        LifecycleSample(
            "no address at all",
            request(.udp, until: 4, server: resolver, ending: .idle) { lifecycle in
                lifecycle.exchange(29, at: 0, 45, at: 3)
                lifecycle.lookups = [
                    digest("example.org", .noData, rcode: 0, asked: 0, answered: 3),
                    digest("example.org", type: 28, .noData, rcode: 0, asked: 0, answered: 4),
                ]
            }),
        LifecycleSample("no common family", routeless(.noData)),
        LifecycleSample("other family not routed", routeless(.answered)),
    ]

    private static let inner = Endpoint(IPAddress(v4: 0xC000_0263), 8080)
    private static let forwarded = FlowTuple(.tcp, clientEndpoint, serverEndpoint)
    private static let kept = FlowTuple(.tcp, inner, clientEndpoint)

    /// Three SYNs, and no answer.
    private static func silent(_ change: (inout Lifecycle) -> Void) -> Lifecycle {
        connection(.noAnswer, until: 3000, ending: .idle) { lifecycle in
            lifecycle.client.tcp?.synCount = 3
            lifecycle.client.tcp?.lastSyn = after(3000)
            change(&lifecycle)
        }
    }

    private static func unaccepted(ending: Ending?) -> Lifecycle {
        connection(.established, until: 7000, ending: ending) { lifecycle in
            lifecycle.exchange(80, at: 11, 0, at: nil)
            lifecycle.server.segments = 4
            lifecycle.server.tcp?.synCount = 4
            lifecycle.server.tcp?.lastSyn = after(7000)
        }
    }

    /// Seen by the server itself.
    private static func inbound(
        _ state: TCPState, at address: IPAddress = .anyIPv4, waiting: UInt32 = 0, of limit: UInt32 = 128
    ) -> Lifecycle {
        connection(state, until: 3000, ending: .idle) { lifecycle in
            lifecycle.direction = .inbound
            if state == .refused { lifecycle.server.tcp?.rst = after(1) }
            lifecycle.client.tcp?.synCount = 3
            var owner = SocketOwner(nil, .listening, reason: "no socket had its port at this address")
            owner.listener = ServingListener(address: address, queue: .init(waiting: waiting, limit: limit))
            lifecycle.owner = owner
        }
    }

    /// A connection that was answered, by a name that was asked for right before, from 602 to 2 ms.
    private static func named(age: Double = 2, _ change: (inout Lookup) -> Void) -> Lifecycle {
        connection(.closed) { lifecycle in
            lifecycle.exchange(80, at: 11, 5000, at: 31)
            lifecycle.fins(client: 45, server: 46)
            var lookup = Lookup(
                client: clientEndpoint, server: resolver, transport: .udp, transactionID: 7, name: "example.org",
                type: 1, queried: after(-602), status: .answered)
            lookup.answered = after(-age)
            lookup.rcode = 0
            change(&lookup)
            let digest = LookupDigest(lookup, addresses: [serverEndpoint.address], ttl: 300)
            lifecycle.names = [NameJoin(name: "example.org", how: .answer, lookup: digest)]
        }
    }

    /// IPv6 has no route, and the question for an IPv4 address came to `other`.
    private static func routeless(_ other: LookupStatus) -> Lifecycle {
        let server = Endpoint(IPAddress(v6High: 0x2001_0DB8_0000_0000, low: 0x80), 80)
        return request(.tcp, until: 0, server: server) { lifecycle in
            lifecycle.client.segments = 0
            lifecycle.unsent = .route(.noRoute)
            var join = NameJoin(
                name: "example.org", how: .hostAnswer,
                lookup: digest("example.org", type: 28, .answered, rcode: 0, addresses: [server.address], ttl: 300))
            join.pair = LookupPair(type: 1, status: other, rcode: 0, queried: after(-5), answered: after(-2))
            lifecycle.names = [join]
        }
    }
}
