import Model

// How connections end, and what is still under way then.

extension LifecycleSample {
    static let ends: [LifecycleSample] = [
        LifecycleSample(
            "a farewell came late",
            connection(.resetByClient) { lifecycle in
                lifecycle.exchange(80, at: 11, 5000, at: 40)
                lifecycle.fins(client: 40, server: nil)
                lifecycle.client.tcp?.rst = after(42)
                lifecycle.tcp?.lateBytes = 24
            }),
        LifecycleSample(
            "sent, and closed at once",
            connection(.closed) { lifecycle in
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.fins(client: 12, server: 13)
            }),
        LifecycleSample(
            "waited in vain, of an unknown protocol",
            connection(.closed, until: 2013) { lifecycle in
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.fins(client: 2011, server: 2012)
            }),
        LifecycleSample(
            "syslog over TCP",
            connection(.closed, until: 9013) { lifecycle in
                lifecycle.server.endpoint = Endpoint(lifecycle.server.endpoint.address, 601)
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.fins(client: 9011, server: 9012)
            }),
        LifecycleSample(
            "client reset after its answer",
            connection(.resetByClient) { lifecycle in
                lifecycle.answered(200)
                lifecycle.client.tcp?.rst = after(42)
                lifecycle.tcp?.closedFirst = .client
                lifecycle.tcp?.lateBytes = 0
            }),
        LifecycleSample(
            "server reset after its answer",
            connection(.resetByServer) { lifecycle in
                lifecycle.answered(200)
                lifecycle.server.tcp?.rst = after(42)
                lifecycle.tcp?.closedFirst = .server
            }),
        LifecycleSample(
            "port probed",
            connection(.resetByClient, until: 10) { lifecycle in
                lifecycle.client.tcp?.rst = after(10)
                lifecycle.tcp?.closedFirst = .client
                lifecycle.tcp?.lateBytes = 0
            }),
        LifecycleSample(
            "file taken in part",
            connection(.resetByClient) { lifecycle in
                lifecycle.exchange(0, at: nil, 5000, at: 12)
                lifecycle.client.tcp?.rst = after(20)
                lifecycle.tcp?.closedFirst = .client
                lifecycle.tcp?.lateBytes = 0
            }),
        LifecycleSample("server probed with TLS", tickets(until: 30)),
        LifecycleSample("client gave up over TLS", tickets(until: 5000)),
    ]

    /// TLS is set up after 26 ms; the client ends it after `end`, when 500 bytes are under way.
    private static func tickets(until end: Double) -> Lifecycle {
        secured(.resetByClient) { tls, lifecycle in
            tls.serverHello = after(25)
            tls.finished = after(26)
            tls.version = 0x0304
            lifecycle.client.lastPayload = after(end)
            lifecycle.server.lastPayload = after(end + 1)
            lifecycle.client.tcp?.rst = after(end + 2)
            lifecycle.fins(client: end, server: nil)
            lifecycle.tcp?.lateBytes = 500
        }
    }
}

extension Lifecycle {
    /// One exchange of HTTP, whole, from 11 ms on.
    mutating func answered(
        _ status: UInt16, in wait: Double = 20, host: String = "example.org", path: String = "/"
    ) {
        exchange(80, at: 11, 300, at: 11 + wait)
        application.kind = .http
        var exchange = HTTPExchange(number: 1)
        exchange.method = "GET"
        exchange.host = host
        exchange.path = path
        exchange.requested = moment(11)
        exchange.requestEnded = moment(11)
        exchange.status = status
        exchange.responded = moment(11 + wait)
        exchange.responseEnded = moment(11 + wait)
        application.http = HTTPFacts(exchange)
    }

    private func moment(_ milliseconds: Double) -> Timestamp {
        sampleStart + TimeSpan(nanoseconds: Int64(milliseconds * 1_000_000))
    }
}
