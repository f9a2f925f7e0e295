import API
import Foundation
import Model
import Store
import Testing

@testable import Serve

@Suite struct WaybillServerTests {
    static func ended(_ lifecycle: Lifecycle) -> Lifecycle {
        var lifecycle = lifecycle
        lifecycle.ending = .closed
        return lifecycle
    }

    static func kept(_ seconds: some Sequence<Int64>) -> [Model.Record] {
        seconds.map { .request(ended(request(at: $0))) }
    }

    @Test func listsKeptAndOpenRequestsAsOne() async throws {
        let source = FakeSource([2, 5].map { request(at: $0) })
        try await RunningServer.use(source, records: Self.kept([1, 3, 4])) { server in
            let answer = try await call(server.path, "/v1/requests")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json")
            let page = try answer.decoded(Page<API.Request>.self)
            #expect(
                page.items.map(\.first.description) == (1...5).reversed().map { "1970-01-01T00:00:0\($0).000000000Z" })
            #expect(page.items.map(\.complete) == [false, true, true, false, true])
            #expect(page.nextCursor == nil)
        }
    }

    @Test(arguments: [1, 2, 3, 10, 1000])
    func pagesHaveEveryRequestOnce(_ limit: Int) async throws {
        let source = FakeSource((0..<20).map { request(at: Int64($0 * 3), 7) })
        try await RunningServer.use(source, records: Self.kept((0..<40).map { Int64($0) })) { server in
            var identifiers: [String] = []
            var times: [Time] = []
            var cursor: String?
            repeat {
                // Every other limit by way of a condition that all of them meet.
                let condition = limit.isMultiple(of: 2) ? "" : "&where=port+and+not+user%3Dnobody"
                let query = condition + (cursor.map { "&cursor=\($0)" } ?? "")
                let answer = try await call(server.path, "/v1/requests?limit=\(limit)\(query)")
                let page = try answer.decoded(Page<API.Request>.self)
                #expect(!page.items.isEmpty)
                identifiers += page.items.map(\.id)
                times += page.items.map(\.first)
                cursor = page.nextCursor
                // An open request ends between two pages, and a new one begins.
                let ending = source.state.withLock { $0.active.isEmpty ? nil : $0.active.removeLast() }
                if let ending { server.hub.finished([.request(Self.ended(ending))]) }
                source.state.withLock { $0.active.append(request(at: 5000, UInt32(identifiers.count))) }
            } while cursor != nil
            let old = zip(identifiers, times).filter { $0.1.nanoseconds < 1_000_000_000_000 }
            #expect(Set(old.map(\.0)).count == 60)
            #expect(old.count == 60)
            #expect(times == times.sorted { $0.nanoseconds > $1.nanoseconds })
        }
    }

    @Test func aRequestThatEndsWhileItIsAskedForIsToldOnce() async throws {
        let source = FakeSource([request(at: 7)])
        try await RunningServer.use(source) { server in
            let hub = server.hub
            source.state.withLock { state in
                state.onAsk = { hub.finished([.request(Self.ended(request(at: 7)))]) }
            }
            let page = try await call(server.path, "/v1/requests").decoded(Page<API.Request>.self)
            #expect(page.items.map(\.complete) == [true])
        }
    }

    @Test(arguments: [
        ("to=example.org", ["b"]), ("to=192.0.2.1", ["a", "b", "c"]), ("to=192.0.2.0/24&port=80", ["c"]),
        ("protocol=udp", []), ("direction=outbound&since=1970-01-01T00:00:03Z", ["b", "c"]),
        ("until=1970-01-01T00:00:03Z", ["a", "b"]), ("where=name~example", ["b"]),
        ("where=to.port%20in%20(80,8080)%20or%20name", ["b", "c"]), ("where=not+failed&port=80", ["c"]),
    ])
    func filters(_ query: String, _ expected: [String]) async throws {
        let all = ["a": request(at: 1), "b": request(at: 2, name: "www.example.org"), "c": request(at: 3, port: 80)]
        let records = all.values.map { Model.Record.request(Self.ended($0)) }
        try await RunningServer.use(FakeSource(), records: records) { server in
            let page = try await call(server.path, "/v1/requests?\(query)").decoded(Page<API.Request>.self)
            #expect(Set(page.items.map(\.id)) == Set(expected.compactMap { all[$0]?.id.description }))
        }
    }

    @Test func findsOneRequestByTheBeginningOfItsIdentifier() async throws {
        let (open, kept) = (request(at: 9), Self.ended(request(at: 1)))
        try await RunningServer.use(FakeSource([open]), records: [.request(kept)]) { server in
            for (lifecycle, isComplete) in [(open, false), (kept, true)] {
                for length in [4, 12] {
                    let answer = try await call(server.path, "/v1/requests/\(lifecycle.id.description.prefix(length))")
                    let found = try answer.decoded(API.Request.self)
                    #expect(found.id == lifecycle.id.description)
                    #expect(found.complete == isComplete)
                }
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var target: String
        var method = "GET"
        var headers: [String] = []
        var status: Int
        var type: String
        var testDescription: String { "\(method) \(target)" }
    }

    @Test(arguments: [
        Refusal(target: "/", status: 404, type: "no-such-route"),
        Refusal(target: "/v1/", status: 404, type: "no-such-route"),
        Refusal(target: "/v1/schemas/waybill.yaml", status: 404, type: "no-such-schema"),
        Refusal(target: "/v1/schemas/..%2F..%2Fetc%2Fpasswd", status: 404, type: "no-such-schema"),
        Refusal(target: "/metrics?x=1", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests/", status: 404, type: "no-such-route"),
        Refusal(target: "/v1/requests/a/b", status: 404, type: "no-such-route"),
        Refusal(target: "/v1/%00%0a", status: 404, type: "no-such-route"),
        Refusal(target: "/v1/requests", method: "POST", status: 405, type: "method-not-allowed"),
        Refusal(target: "/v1/status", method: "DELETE", status: 405, type: "method-not-allowed"),
        Refusal(target: "/v1/status", method: "HEAD", status: 405, type: "method-not-allowed"),
        Refusal(target: "/v1/status", headers: ["Origin: https://example.org"], status: 403, type: "foreign-origin"),
        Refusal(target: "/v1/requests", headers: ["origin: null"], status: 403, type: "foreign-origin"),
        Refusal(target: "/v1/requests?limit=0", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?limit=1001", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?colour=red", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?pid=0", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?where=", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?where=failed+and", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests/stream?where=colour", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests?cursor=x", status: 400, type: "bad-cursor"),
        Refusal(target: "/v1/requests/stream?limit=1", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/lookups?cursor=x", status: 400, type: "bad-cursor"),
        Refusal(target: "/v1/lookups?to=a", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/status?x", status: 400, type: "bad-parameter"),
        Refusal(target: "/v1/requests/000000000000", status: 404, type: "no-such-request"),
        Refusal(target: "/v1/requests/hello!", status: 400, type: "bad-identifier"),
        Refusal(target: "/v1/requests/%E2%82%AC", status: 400, type: "bad-identifier"),
    ])
    func refusesWithAProblem(_ refusal: Refusal) async throws {
        try await RunningServer.use { server in
            let answer = try await call(
                server.path, refusal.target, method: refusal.method, headers: refusal.headers)
            #expect(answer.status == refusal.status)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect((answer.headers["allow"] == "GET") == (refusal.status == 405))
            guard refusal.method != "HEAD" else { return }
            let problem = try answer.decoded(Problem.self)
            #expect(problem.type == "/problems/" + refusal.type)
            #expect(problem.status == refusal.status)
            #expect(!problem.detail.isEmpty)
        }
    }

    @Test func aMistakeInAConditionHasAPlace() async throws {
        try await RunningServer.use { server in
            let answer = try await call(server.path, "/v1/requests?where=failed%20and%20protocol%3Dsctp")
            let problem = try answer.decoded(Problem.self)
            #expect(problem.parameter == "where" && problem.offset == 20)
            #expect(problem.allowed == ["tcp", "udp", "icmp", "icmpv6"])
        }
    }

    @Test func anAmbiguousIdentifierNamesTheCandidates() async throws {
        let all = (0..<64).map { Self.ended(request(at: Int64($0))) }
        try await RunningServer.use(FakeSource(), records: all.map { .request($0) }) { server in
            let groups = Dictionary(grouping: all, by: { String($0.id.description.prefix(1)) })
            let (beginning, those) = try #require(groups.first { $0.value.count > 1 })
            let answer = try await call(server.path, "/v1/requests/\(beginning)")
            #expect(answer.status == 409)
            let problem = try answer.decoded(Problem.self)
            let candidates = try #require(problem.allowed)
            #expect(candidates.count == min(those.count, 6))
            #expect(Set(candidates).isSubset(of: those.map(\.id.description)))
        }
    }

    @Test func refusesHeadersWithoutEnd() async throws {
        try await RunningServer.use { server in
            let path = server.path
            let answer = try await onThread {
                let client = try SocketClient(path)
                client.say(
                    "GET /v1/status HTTP/1.1\r\nHost: waybill\r\nX-Long: " + String(repeating: "a", count: 100_000))
                return client.hear()
            }
            #expect(Answer(answer).status == 400)
        }
    }

    @Test(arguments: ["\u{16}\u{3}\u{1}", "GET\r\n\r\n", "nonsense nonsense nonsense\r\n\r\n"])
    func survivesWhatIsNoHTTP(_ text: String) async throws {
        try await RunningServer.use { server in
            let path = server.path
            _ = try await onThread {
                let client = try SocketClient(path)
                client.say(text)
                Glibc.shutdown(client.descriptor, CInt(SHUT_WR))
                return client.hear()
            }
            let answer = try await call(path, "/v1/status")
            #expect(answer.status == 200)
        }
    }

    @Test func listsLookupsAndNeighboursInPages() async throws {
        let address = IPAddress(v4: 0xC000_0235)
        let records = (UInt16(0)..<5).flatMap { number in
            [
                Model.Record.lookup(
                    Model.Lookup(
                        client: Endpoint(address, 1), server: Endpoint(address, 53), transport: .udp,
                        transactionID: number, name: "example.org", type: 1, queried: nil, status: .pending)),
                .neighbour(
                    NeighbourResolution(
                        kind: .resolution, target: IPAddress(v4: UInt32(number)), first: Timestamp(nanoseconds: 0))),
            ]
        }
        try await RunningServer.use(FakeSource(), records: records) { server in
            let first = try await call(server.path, "/v1/lookups?limit=3").decoded(Page<API.Lookup>.self)
            #expect(first.items.map(\.id) == [4, 3, 2])
            let cursor = try #require(first.nextCursor)
            let second = try await call(server.path, "/v1/lookups?limit=3&cursor=\(cursor)")
                .decoded(Page<API.Lookup>.self)
            #expect(second.items.map(\.id) == [1, 0])
            #expect(second.nextCursor == nil)
            let neighbours = try await call(server.path, "/v1/neighbours").decoded(Page<API.Neighbour>.self)
            #expect(neighbours.items.map(\.target) == ["0.0.0.4", "0.0.0.3", "0.0.0.2", "0.0.0.1", "0.0.0.0"])
        }
    }

    @Test func listsWhatIsUnderWayFirstAndOnce() async throws {
        func resolution(_ number: UInt32, isComplete: Bool) -> NeighbourResolution {
            var resolution = NeighbourResolution(
                kind: .resolution, target: IPAddress(v4: number),
                first: Timestamp(seconds: Int64(number), nanoseconds: 0))
            resolution.isComplete = isComplete
            return resolution
        }
        let source = FakeSource()
        source.state.withLock { $0.neighbours = [resolution(3, isComplete: false), resolution(2, isComplete: false)] }
        // The second was completed after it had been asked for.
        let records = [1, 2].map { Model.Record.neighbour(resolution($0, isComplete: true)) }
        try await RunningServer.use(source, records: records) { server in
            let page = try await call(server.path, "/v1/neighbours").decoded(Page<API.Neighbour>.self)
            #expect(page.items.map(\.target) == ["0.0.0.3", "0.0.0.2", "0.0.0.1"])
            #expect(page.items.map(\.complete) == [false, true, true])
            let first = try await call(server.path, "/v1/neighbours?limit=1").decoded(Page<API.Neighbour>.self)
            #expect(first.items.map(\.target) == ["0.0.0.2"])
        }
    }

    @Test func listsLeasesUnderWayBeforeThoseThatEnded() async throws {
        func lease(_ number: UInt32, _ outcome: Model.Lease.Outcome) -> Model.Lease {
            var lease = Model.Lease(
                transactionID: number, first: Timestamp(seconds: Int64(number), nanoseconds: 0))
            lease.outcome = outcome
            lease.address = IPAddress(v4: 0x0A4D_0100 + number)
            return lease
        }
        let source = FakeSource()
        source.state.withLock { $0.leases = [lease(3, .pending)] }
        try await RunningServer.use(source, records: [.lease(lease(1, .bound)), .lease(lease(2, .refused))]) { server in
            let page = try await call(server.path, "/v1/leases").decoded(Page<API.Lease>.self)
            #expect(page.items.map(\.outcome) == ["pending", "refused", "bound"])
            #expect(page.items.map(\.address) == ["10.77.1.3", "10.77.1.2", "10.77.1.1"])
            #expect(page.items.map(\.complete) == [false, true, true])
        }
    }

    @Test func listsPortForwardsAndWhoCameByThem() async throws {
        let rule = Model.TranslationRule(
            family: "ip", table: "nat", chain: "DOCKER", handle: 10, action: "dnat", text: "dnat to 172.17.0.3:80")
        var forward = Model.PortForward(rule)
        (forward.ports, forward.targetAddress) = ("8080", "172.17.0.3")
        forward.use.count = 2
        forward.use.last = Timestamp(seconds: 1_700_000_005, nanoseconds: 0)
        let source = FakeSource()
        source.state.withLock { state in
            state.forwards.forwards = [forward]
            state.forwards.trouble = "why not"
        }
        try await RunningServer.use(source) { server in
            let list = try await call(server.path, "/v1/forwards").decoded(PortForwardList.self)
            #expect(list.trouble == "why not" && list.items.map(\.uses) == [2] && list.items.map(\.open) == [0])
            #expect(list.items.first?.rule.handle == 10 && list.items.first?.ports == "8080")
            #expect(list.items.first?.lastUsed?.nanoseconds == 1_700_000_005_000_000_000)
            #expect(try await call(server.path, "/v1/forwards?limit=1").status == 400)
        }
    }

    @Test func tellsItsState() async throws {
        let source = FakeSource()
        source.state.withLock { state in
            var interface = InterfaceState(name: "eth0", condition: .capturing)
            interface.received = 17
            state.watch.interfaces = [interface]
            state.watch.limits = [(what: "socket_owners", why: "They are not observed.")]
            state.watch.totals.frames = 17
            state.watch.checks = [Check("tracepoints", .lost, "there are none", lost: "process", fix: "mount them")]
        }
        try await RunningServer.use(source) { server in
            let answer = try await call(server.path, "/v1/status")
            let status = try answer.decoded(Status.self)
            #expect(status.version == "1.2.3")
            #expect(status.uptime == Milliseconds(microseconds: 100_000_000))
            #expect(status.interfaces.map(\.name) == ["eth0"])
            #expect(status.interfaces.first?.received == 17)
            #expect(!answer.body.contains("dropped_by_kernel"))
            #expect(status.totals?.frames == 17)
            #expect(status.totals?.tables.map(\.name).contains("history_requests") == true)
            #expect(status.limits.map(\.what) == ["socket_owners"])
            #expect(status.checks?.map(\.name) == ["capture", "drops", "delay", "tracepoints", "history"])
            #expect(status.checks?.map(\.state) == [.ok, .ok, .lost, .lost, .limited])
            #expect(status.checks?[3].fix == "mount them")
            #expect(status.history == nil)
        }
    }

    static let losses: [(received: UInt64, dropped: UInt64?, state: API.Check.State)] = [
        (1000, nil, .ok), (1000, 0, .ok), (1000, 1, .limited), (990, 10, .lost), (0, 5, .lost),
        (UInt64.max, UInt64.max, .lost),
    ]

    @Test(arguments: losses)
    func tellsOfDroppedFrames(_ received: UInt64, _ dropped: UInt64?, _ state: API.Check.State) async throws {
        let source = FakeSource()
        source.state.withLock { watch in
            var interface = InterfaceState(name: "eth0", condition: .capturing)
            interface.received = received
            interface.droppedByKernel = dropped
            watch.watch.interfaces = [interface]
        }
        try await RunningServer.use(source) { server in
            let status = try await call(server.path, "/v1/status").decoded(Status.self)
            #expect(status.checks?.first { $0.name == "drops" }?.state == state)
        }
    }
}
