import Model

// What servers answer, and when.

extension LifecycleSample {
    static let answers: [LifecycleSample] = [
        LifecycleSample("http 404", answer(404)), LifecycleSample("http 511", answer(511)),
        LifecycleSample(
            "http 503 between others",
            closing { lifecycle in
                lifecycle.answered(200)
                guard var exchange = lifecycle.application.http?.exchanges[0] else { return }
                for (number, status) in [(2, 404), (3, 503), (4, 200)] {
                    exchange.number = number
                    exchange.status = UInt16(status)
                    exchange.path = "/\(number)"
                    lifecycle.application.http?.exchanges.append(exchange)
                }
                lifecycle.application.http?.exchangeCount = 4
                lifecycle.application.http?.failedCount = 2
            }),
        LifecycleSample("connection check", answer(200, "detectportal.firefox.com", "/success.txt")),
        LifecycleSample("connection check redirected", answer(302, "detectportal.firefox.com", "/success.txt")),
        LifecycleSample(
            "connection check answered with a page", answer(200, "connectivitycheck.gstatic.com", "/generate_204")),
        LifecycleSample("connection check failed", answer(503, "connectivitycheck.gstatic.com", "/generate_204")),
        LifecycleSample("redirected", answer(302)),
        LifecycleSample("answered after 1.5 s", closing { $0.answered(200, in: 1500) }),
        LifecycleSample(
            "answered after 1.5 s, far away",
            closing { lifecycle in
                lifecycle.answered(200, in: 1500)
                lifecycle.tcp?.serverRoundTrip = .milliseconds(400)
            }),
        LifecycleSample(
            "client gave up after 30 s",
            connection(.closed, until: 30_020) { lifecycle in
                lifecycle.exchange(80, at: 11, 0, at: nil)
                lifecycle.client.tcp?.unacknowledged = 1
                lifecycle.fins(client: 30_012, server: 30_013)
            }),
        LifecycleSample(
            "closed instead of a second answer",
            connection(.closed, until: 5000) { lifecycle in
                lifecycle.answered(200)
                var exchange = HTTPExchange(number: 2)
                exchange.method = "GET"
                exchange.requested = after(5000)
                exchange.requestEnded = after(5000)
                lifecycle.application.http?.exchanges.append(exchange)
                lifecycle.application.http?.exchangeCount = 2
                lifecycle.fins(client: 5003, server: 5001)
            }),
    ]

    private static func answer(
        _ status: UInt16, _ host: String = "example.org", _ path: String = "/"
    ) -> Lifecycle {
        closing { $0.answered(status, host: host, path: path) }
    }

    private static func closing(_ change: (inout Lifecycle) -> Void) -> Lifecycle {
        connection(.closed) { lifecycle in
            change(&lifecycle)
            lifecycle.fins(client: 6000, server: 6001)
        }
    }
}
