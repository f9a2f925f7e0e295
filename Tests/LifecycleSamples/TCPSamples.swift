import Model

extension LifecycleSample {
    static let tcp: [LifecycleSample] = [
        LifecycleSample(
            "http",
            connection(.closed) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 31)
                lifecycle.fins(client: 45, server: 46)
                lifecycle.application.kind = .http
                var exchange = HTTPExchange(number: 1)
                exchange.method = "GET"
                exchange.host = "example.org"
                exchange.path = "/index.html"
                exchange.requestMinorVersion = 1
                exchange.responseMinorVersion = 1
                exchange.status = 200
                exchange.requested = after(11)
                exchange.requestEnded = after(11)
                exchange.interim = [HTTPExchange.Interim(status: 103, time: after(20))]
                exchange.responded = after(31)
                exchange.responseEnded = after(40)
                exchange.responseBody.bytes = 4900
                exchange.responseBody.declared = 4900
                exchange.contentType = "text/html"
                exchange.server = "nginx"
                lifecycle.application.http = HTTPFacts(exchange)
                let lookup = digest(
                    "example.org", .answered, rcode: 0, chain: ["edge.example.net"],
                    addresses: [serverEndpoint.address], ttl: 300)
                lifecycle.names = [NameJoin(name: "example.org", how: .answer, lookup: lookup)]
                lifecycle.neighbour = NeighbourJoin(
                    address: router, asked: after(-1), answered: after(-0.5), requests: 1,
                    mac: MACAddress(bits: 0x5254_0012_3456), awaited: true)
                lifecycle.nextHopMAC = MACAddress(bits: 0x5254_0012_3456)
                lifecycle.client.mac = MACAddress(bits: 0x5254_00AA_BBCC)
                lifecycle.client.ttl = 64
                lifecycle.vlan.append(100)
            }),
        LifecycleSample(
            "http 503",
            connection(.closed) { lifecycle in
                lifecycle.exchange(80, at: 11, 300, at: 31)
                lifecycle.fins(client: nil, server: 46)
                lifecycle.client.tcp?.fin = after(47)
                lifecycle.application.kind = .http
                var exchange = HTTPExchange(number: 1)
                exchange.status = 503
                lifecycle.application.http = HTTPFacts(exchange)
            }),
        LifecycleSample("refused", connection(.refused, until: 1) { $0.server.tcp?.rst = after(1) }),
        LifecycleSample(
            "no answer",
            connection(.noAnswer, until: 3000, ending: .idle) { lifecycle in
                lifecycle.client.tcp?.synCount = 3
                lifecycle.client.tcp?.lastSyn = after(3000)
            }),
        LifecycleSample("one SYN at the end of the capture", connection(.noAnswer, until: 0, ending: .captureEnded)),
        LifecycleSample(
            "two SYNs at the end of the capture",
            connection(.noAnswer, until: 1000, ending: .captureEnded) { $0.client.tcp?.synCount = 2 }),
        LifecycleSample("waiting for SYN-ACK", connection(.noAnswer, until: 0, ending: nil)),
        LifecycleSample(
            "host unreachable",
            connection(.noAnswer, until: 5, ending: .closed) { $0.error(type: 3, code: 1, at: 5) }),
        LifecycleSample(
            "SYN too big for a link is no end",
            connection(.noAnswer, until: 5, ending: nil) { $0.error(type: 3, code: 4, at: 5) }),
        LifecycleSample("aborted", connection(.aborted, until: 200) { $0.client.tcp?.rst = after(200) }),
        LifecycleSample("half open", connection(.halfOpen, until: 9, ending: .idle)),
        LifecycleSample(
            "half open, SYN-ACK repeated",
            connection(.halfOpen, until: 3000, ending: .captureEnded) { $0.server.tcp?.synCount = 3 }),
        LifecycleSample("half open, still", connection(.halfOpen, until: 9, ending: nil)),
        LifecycleSample(
            "reset in the handshake",
            connection(.resetByServer, until: 12) { lifecycle in
                lifecycle.tcp?.established = nil
                lifecycle.server.tcp?.rst = after(12)
            }),
        LifecycleSample(
            "no response",
            connection(.closed) { lifecycle in
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.fins(client: 41, server: 40)
            }),
        LifecycleSample(
            "reset instead of an answer",
            connection(.resetByServer) { lifecycle in
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.server.tcp?.rst = after(20)
            }),
        LifecycleSample(
            "reset in the middle of the answer",
            connection(.resetByServer) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 31)
                lifecycle.server.tcp?.rst = after(40)
            }),
        LifecycleSample(
            "reset when idle",
            connection(.resetByServer, until: 60_000) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 31)
                lifecycle.server.tcp?.rst = after(60_000)
            }),
        LifecycleSample(
            "reset after both FINs",
            connection(.resetByClient) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 31)
                lifecycle.fins(client: 40, server: 41)
                lifecycle.client.tcp?.rst = after(42)
            }),
        LifecycleSample(
            "client closed into the answer",
            connection(.resetByClient) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 40)
                lifecycle.fins(client: 40, server: nil)
                lifecycle.client.tcp?.rst = after(42)
                lifecycle.tcp?.lateBytes = 5000
            }),
        LifecycleSample(
            "client cut it",
            connection(.resetByClient) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 31)
                lifecycle.client.tcp?.rst = after(42)
                lifecycle.tcp?.closedFirst = .client
            }),
        LifecycleSample(
            "open and answered", connection(.established, ending: nil) { $0.exchange(9, at: 11, 9, at: 12) }),
        LifecycleSample("open and silent", connection(.established, ending: nil)),
        LifecycleSample(
            "open and asked", connection(.established, ending: nil) { $0.exchange(9, at: 11, 0, at: nil) }),
        LifecycleSample(
            "server speaks first",
            connection(.closed) { lifecycle in
                lifecycle.exchange(20, at: 30, 40, at: 12)
                lifecycle.fins(client: 45, server: 46)
            }),
        LifecycleSample(
            "opened and closed", connection(.closed) { $0.fins(client: 40, server: 41) }),
        LifecycleSample(
            "half closed",
            connection(.halfClosed, ending: nil) { lifecycle in
                lifecycle.exchange(9, at: 11, 9, at: 12)
                lifecycle.fins(client: 40, server: nil)
            }),
        LifecycleSample(
            "SYN-ACK to nobody",
            connection(.aborted, until: 1) { lifecycle in
                lifecycle.tcp?.clientHasNoSocket = true
                lifecycle.client.tcp?.synCount = 0
                lifecycle.client.tcp?.rst = after(1)
                lifecycle.server.segments = 1
                lifecycle.server.tcp?.synCount = 1
                lifecycle.history = "^hR"
            }),
        LifecycleSample("midstream", connection(.midstream, ending: .idle) { $0.exchange(9, at: 0, 9, at: 2) }),
        LifecycleSample(
            "silent until given up", connection(.established, ending: .idle) { $0.exchange(9, at: 11, 0, at: nil) }),
    ]
}
