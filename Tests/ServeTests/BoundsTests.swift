import API
import Foundation
import Glibc
import Model
import NIOCore
import Testing

@testable import Serve

/// Each bound is reached, answered with a sentence, counted and logged.
@Suite struct BoundsTests {
    private static let statusCall = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private static func within(_ change: (inout WaybillServer.Bounds) -> Void) -> WaybillServer.Bounds {
        var bounds = WaybillServer.Bounds()
        change(&bounds)
        return bounds
    }

    private static func atMost(_ change: (inout ConnectionLedger.Limits) -> Void) -> ConnectionLedger.Limits {
        var limits = ConnectionLedger.Limits()
        change(&limits)
        return limits
    }

    @Test func connectionsOfOneUser() async throws {
        let log = LineLog()
        try await RunningServer.use(limits: Self.atMost { $0.ofUser = 2 }, logger: log) { server in
            let (path, ledger) = (server.path, server.server.ledger)
            do {
                let open = try [KeptConnection(path), KeptConnection(path)]
                try await RequestStreamTests.eventually { ledger.count == 2 }
                for _ in 0..<3 {
                    let answer = try await call(path, "/v1/status")
                    #expect(answer.status == 429)
                    #expect(try answer.decoded(Problem.self).type == "/problems/too-many-connections")
                }
                // Who is there is served all the same.
                #expect(try await open[0].ask(Self.statusCall).status == 200)
            }
            try await RequestStreamTests.eventually { ledger.count == 0 }
            #expect(try await call(path, "/v1/status").status == 200)
            #expect(server.server.refusals.counts == [.userConnections: 3])
            #expect(log.lines.filter { $0.contains("its user has as many as one user may have") }.count == 1)
        }
    }

    /// Those who do not see everything cannot keep out those who do.
    @Test func connectionsOfAllUsers() {
        let ledger = ConnectionLedger(
            Self.atMost { ($0.all, $0.reserved, $0.ofUser, $0.metrics) = (6, 2, 3, 1) })
        func enter(_ user: UInt32, isRestricted: Bool = true) -> Refusal? {
            ledger.enter(.user(user), isRestricted: isRestricted)
        }
        #expect([enter(1), enter(1), enter(1)] == [nil, nil, nil])
        #expect(enter(1) == .userConnections)
        #expect(enter(2) == nil)
        #expect(enter(2) == .connections)
        #expect(ledger.enter(.metrics, isRestricted: true) == .connections)
        #expect([enter(0, isRestricted: false), enter(0, isRestricted: false)] == [nil, nil])
        #expect(enter(0, isRestricted: false) == .connections)
        #expect(ledger.count == 6 && ledger.accepted == 6)
        ledger.leave(.user(1), isRestricted: true)
        #expect(ledger.enter(.metrics, isRestricted: true) == nil)
        ledger.leave(.user(1), isRestricted: true)
        #expect(ledger.enter(.metrics, isRestricted: true) == .userConnections)
    }

    @Test func whoeverIsOneTooManyIsToldSo() async throws {
        try await RunningServer.use(limits: Self.atMost { ($0.all, $0.reserved) = (1, 0) }) { server in
            let first = try KeptConnection(server.path)
            let ledger = server.server.ledger
            try await RequestStreamTests.eventually { ledger.count == 1 }
            let answer = try await call(server.path, "/v1/status")
            #expect(answer.status == 503)
            #expect(server.server.refusals.counts[.connections] == 1)
            #expect(try await first.ask(Self.statusCall).status == 200)
        }
    }

    /// One byte at a time is no call, however long it goes on.
    @Test func aHeadThatDoesNotCome() async throws {
        try await RunningServer.use(bounds: Self.within { $0.head = .milliseconds(300) }) { server in
            let (path, refusals) = (server.path, server.server.refusals)
            // This one came in time, and stays.
            let prompt = try KeptConnection(path)
            #expect(try await prompt.ask(Self.statusCall).status == 200)
            let heard = try await onThread {
                let client = try SocketClient(path)
                for byte in "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + String(repeating: "a", count: 40)
                {
                    client.say(String(byte))
                    usleep(10_000)
                }
                return client.hear()
            }
            #expect(heard == "")
            try await RequestStreamTests.eventually { refusals.counts[.slowHead] == 1 }
            #expect(try await prompt.ask(Self.statusCall).status == 200)
        }
    }

    @Test func aConnectionThatSaysNothing() async throws {
        try await RunningServer.use(bounds: Self.within { $0.idle = .milliseconds(200) }) { server in
            let path = server.path
            let heard = try await onThread {
                let client = try SocketClient(path)
                client.say(Self.statusCall)
                return client.hear()
            }
            // Answered, and closed without a further word.
            #expect(heard.hasPrefix("HTTP/1.1 200"))
        }
    }

    struct Body: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var head: String
        var body: String
    }

    @Test(arguments: [
        Body(testDescription: "with its length", head: "Content-Length: 5", body: "hello"),
        Body(testDescription: "in chunks", head: "Transfer-Encoding: chunked", body: "5\r\nhello\r\n0\r\n\r\n"),
        Body(testDescription: "that never ends", head: "Transfer-Encoding: chunked", body: "5\r\nhello\r\n"),
        Body(testDescription: "that never comes", head: "Content-Length: 1000000", body: ""),
    ])
    func noCallHasABody(_ body: Body) async throws {
        try await RunningServer.use(bounds: Self.within { $0.lastHearing = .milliseconds(200) }) { server in
            let path = server.path
            let answer = Answer(
                try await onThread {
                    let client = try SocketClient(path)
                    client.say("GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\(body.head)\r\n\r\n\(body.body)")
                    return client.hear()
                })
            #expect(answer.status == 413)
            #expect(answer.headers["connection"] == "close")
            #expect(try answer.decoded(Problem.self).type == "/problems/body-not-allowed")
            #expect(server.server.refusals.counts == [.body: 1])
        }
    }

    @Test func targets() async throws {
        try await RunningServer.use { server in
            let fits = "/v1/requests?process=" + String(repeating: "a", count: CallBounds.targetBytes - 21)
            #expect(try await call(server.path, fits).status == 400)
            let answer = try await call(server.path, fits + "a")
            #expect(answer.status == 414)
            #expect(try answer.decoded(Problem.self).type == "/problems/target-too-long")
            #expect(server.server.refusals.counts == [.target: 1])
        }
    }

    static let hosts: [(host: String, onSocket: Bool, onPort: Bool)] = [
        ("", true, false), ("localhost", true, false), ("LOCALHOST", true, false), ("localhost:9495", true, true),
        ("127.0.0.1:9495", true, true), ("[::1]:9495", true, true), ("localhost:80", true, false),
        ("waybill", true, false), ("/run/waybill/waybill.sock", true, false), ("%2Frun%2Fwaybill.sock", true, false),
        ("attacker.example", false, false), ("attacker.example:9495", false, false),
        ("localhost.attacker.example", false, false),
        ("localhost:9495:9495", true, false), ("[::1", false, false), ("[::1]x", false, false),
        ("127.0.0.2:9495", false, false),
        ("2130706433:9495", false, false), ("localhost.:9495", false, false), ("[::ffff:127.0.0.1]:9495", false, false),
    ]

    @Test(arguments: hosts)
    func hostsThatAreMeant(_ host: String, _ onSocket: Bool, _ onPort: Bool) {
        #expect(CallBounds.isOurs(host, port: nil) == onSocket)
        #expect(CallBounds.isOurs(host, port: 9495) == onPort)
    }

    @Test func aCallForAnotherHost() async throws {
        try await RunningServer.use { server in
            let path = server.path
            func told(_ head: String) async throws -> Answer {
                Answer(
                    try await onThread {
                        let client = try SocketClient(path)
                        client.say("GET /v1/status HTTP/1.1\r\n\(head)Connection: close\r\n\r\n")
                        return client.hear()
                    })
            }
            let answer = try await told("Host: attacker.example\r\n")
            #expect(answer.status == 421)
            #expect(try answer.decoded(Problem.self).detail.contains("attacker.example"))
            #expect(try await told("").status == 200)
            #expect(server.server.refusals.counts == [.host: 1])
        }
    }

    private static let many = (0..<1000).map { Model.Record.request(WaybillServerTests.ended(request(at: $0))) }
    private static let large = "GET /v1/requests?limit=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// An answer that is not read goes with its connection, and so do those behind it.
    @Test(arguments: [1, 50])
    func answersThatAreNotRead(_ calls: Int) async throws {
        let bounds = Self.within { $0.answer = .milliseconds(400) }
        try await RunningServer.use(records: Self.many, bounds: bounds) { server in
            let (ledger, refusals) = (server.server.ledger, server.server.refusals)
            let client = try KeptConnection(server.path)
            try await client.say(String(repeating: Self.large, count: calls))
            try await RequestStreamTests.eventually { refusals.counts[.slowReader] == 1 }
            try await RequestStreamTests.eventually { ledger.count == 0 }
            let heard = try await client.hear()
            // What was in the kernel's buffers by then: not one whole answer.
            #expect(heard.hasPrefix("HTTP/1.1 200") && !heard.contains("next_cursor\":null"))
            // Others are served meanwhile and after.
            #expect(
                try await call(server.path, "/v1/requests?limit=1000").decoded(Page<API.Request>.self).items.count
                    == 1000)
        }
    }

    @Test func answersThatWaitTogether() async throws {
        try await RunningServer.use(records: Self.many, bounds: Self.within { $0.answerBytes = 1 }) { server in
            let refusals = server.server.refusals
            do {
                let lazy = try KeptConnection(server.path)
                try await lazy.say(Self.large)
                // Its head is there, so its room is taken.
                _ = try await lazy.hear { $0.contains("\r\n\r\n") }
                let answer = try await call(server.path, "/v1/status")
                #expect(answer.status == 503)
                #expect(try answer.decoded(Problem.self).type == "/problems/too-many-answers")
                #expect(refusals.counts == [.answers: 1])
            }
            let ledger = server.server.ledger
            try await RequestStreamTests.eventually { ledger.count == 0 }
            #expect(try await call(server.path, "/v1/status").status == 200)
        }
    }

    @Test func linesAreFolded() {
        let log = LineLog()
        let now = ManualClock()
        let refusals = Refusals(logger: .init(label: "test") { _ in log }, clock: { now.value })
        for _ in 0..<1000 { refusals.note(.host) }
        refusals.note(.origin)
        #expect(log.lines == [Refusal.host.sentence, Refusal.origin.sentence])
        now.advance(by: Refusals.interval)
        refusals.note(.host)
        #expect(log.lines.count == 3)
        #expect(log.lines.last == "\(Refusal.host.sentence) (and 999 more since the last time this was said)")
        #expect(refusals.counts == [.host: 1001, .origin: 1])
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"), (-1, nil),
    ])
    func dates(_ seconds: Int64, _ text: String?) {
        #expect(HTTPDate.text(Timestamp(seconds: seconds, nanoseconds: 0)) == text)
    }
}
