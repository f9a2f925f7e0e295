import Model

// How well the way carries what is sent.

extension LifecycleSample {
    static let transfers: [LifecycleSample] = [
        LifecycleSample("2 of 1000 lost", lossy(1000, again: 1, late: 1)),
        LifecycleSample("15 of 1000 lost", lossy(1000, again: 10, late: 5)),
        LifecycleSample("40 of 1000 lost", lossy(1000, again: 0, late: 40)),
        LifecycleSample("40 of 1000 lost, and fast", fast(lossy(1000, again: 0, late: 40))),
        LifecycleSample("4 of 10 lost", lossy(10, again: 4, late: 0)),
        LifecycleSample("40 of 1000 out of order, not asked for", lossy(1000, again: 0, late: 40, asked: 2)),
        LifecycleSample("captured twice", lossy(1000, again: 500, late: 0, asked: 0)),
        LifecycleSample("the client read nothing for 2 s", stalled { $0.client.tcp?.closedWindowTime = .seconds(2) }),
        LifecycleSample(
            "the client read nothing for 0.5 s", stalled { $0.client.tcp?.closedWindowTime = .milliseconds(500) }),
        LifecycleSample(
            "the server read nothing, and the client gave up",
            connection(.closed, until: 5000) { lifecycle in
                lifecycle.exchange(200_000, at: 11, 0, at: nil)
                lifecycle.server.tcp?.closedWindowTime = .seconds(4)
                lifecycle.server.tcp?.zeroWindows = 6
                lifecycle.server.tcp?.isWindowClosed = true
                lifecycle.fins(client: 5000, server: nil)
            }),
        LifecycleSample("a long way", slow(server: 620, client: 1, answer: 700)),
        LifecycleSample("a long way to the client", slow(server: 1, client: 620, answer: 5)),
        LifecycleSample("slow at first", slow(server: 620, client: 1, answer: 20)),
        LifecycleSample("large segments lost", narrow(asked: 1)),
        LifecycleSample("everything lost", narrow(asked: 0)),
        LifecycleSample("everything is lost", goingOn(narrow(asked: 0))),
        LifecycleSample("large segments are lost", goingOn(narrow(asked: 1))),
        LifecycleSample("an upload with losses", goingOn(narrow(asked: 5, of: 500_000))),
        LifecycleSample(
            "large segments never came",
            connection(.closed, until: 5000) { lifecycle in
                lifecycle.exchange(80, at: 11, 200, at: 31)
                lifecycle.server.tcp?.missingBytes = 2800
                lifecycle.server.tcp?.unacknowledged = 3000
                lifecycle.client.tcp?.analysis.duplicateAcks = 1
                lifecycle.application.kind = .http
                var exchange = HTTPExchange(number: 1)
                exchange.requested = after(11)
                exchange.requestEnded = after(11)
                lifecycle.application.http = HTTPFacts(exchange)
                lifecycle.fins(client: 5000, server: nil)
            }),
        LifecycleSample(
            "told of a smaller MTU, in vain",
            connection(.closed, until: 5000) { lifecycle in
                upload(&lifecycle)
                lifecycle.tooBig()
            }),
        LifecycleSample(
            "told of a smaller MTU",
            stalled { lifecycle in
                lifecycle.client.tcp?.unacknowledged = 0
                lifecycle.tooBig()
            }),
    ]

    private static func stalled(_ change: (inout Lifecycle) -> Void) -> Lifecycle {
        connection(.closed, until: 3000) { lifecycle in
            lifecycle.answered(200)
            lifecycle.fins(client: 3000, server: 3001)
            change(&lifecycle)
        }
    }

    private static func lossy(_ segments: UInt64, again: UInt32, late: UInt32, asked: UInt32 = 50) -> Lifecycle {
        stalled { lifecycle in
            lifecycle.server.segments = segments
            lifecycle.server.tcp?.retransmittedSegments = again
            lifecycle.server.tcp?.outOfOrderSegments = late
            lifecycle.client.tcp?.analysis.duplicateAcks = asked
        }
    }

    /// 10 MB in 2 s.
    private static func fast(_ lifecycle: Lifecycle) -> Lifecycle {
        var lifecycle = lifecycle
        lifecycle.server.tcp?.sequenceBytes = 10_000_000
        lifecycle.server.firstPayload = after(0)
        lifecycle.server.lastPayload = after(2000)
        return lifecycle
    }

    private static func slow(server: Int, client: Int, answer: Double) -> Lifecycle {
        stalled { lifecycle in
            lifecycle.answered(200, in: answer)
            lifecycle.tcp?.serverRoundTrip = .milliseconds(server)
            lifecycle.tcp?.clientRoundTrip = .milliseconds(client)
        }
    }

    private static func upload(_ lifecycle: inout Lifecycle) {
        lifecycle.exchange(5000, at: 11, 0, at: nil)
        lifecycle.client.tcp?.unacknowledged = 5000
        lifecycle.client.tcp?.retransmittedSegments = 5
        lifecycle.client.tcp?.longestRepetition = 1388
        lifecycle.fins(client: 5000, server: nil)
    }

    private static func goingOn(_ lifecycle: Lifecycle) -> Lifecycle {
        var lifecycle = lifecycle
        lifecycle.tcp?.state = .established
        lifecycle.tcp?.closedFirst = nil
        lifecycle.client.tcp?.fin = nil
        lifecycle.ending = nil
        return lifecycle
    }

    private static func narrow(asked: UInt32, of sent: UInt64 = 5000) -> Lifecycle {
        connection(.closed, until: 5000) { lifecycle in
            upload(&lifecycle)
            lifecycle.client.tcp?.sequenceBytes = sent
            if sent > 5000 { lifecycle.client.segments = 1000 }
            lifecycle.server.tcp?.analysis.duplicateAcks = asked
        }
    }
}

extension Lifecycle {
    fileprivate mutating func tooBig() {
        error(type: 3, code: 4, at: 13)
        icmpErrors[0].mtu = 1300
    }
}
