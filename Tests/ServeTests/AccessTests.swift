import API
import Foundation
import Glibc
import Model
import Report
import Store
import Testing

@testable import Serve

/// Who sees what, route by route.
@Suite struct AccessTests {
    static let own: UInt32 = 4711
    static let other: UInt32 = 4712

    static func owned(
        _ second: Int64, by user: UInt32?, socket: UInt32? = nil, _ how: SocketOwner.How = .traced
    ) -> Lifecycle {
        var lifecycle = request(at: second)
        let person = user.map { Model.Process.User(identifier: $0, name: nil) }
        lifecycle.owner = SocketOwner(
            user.map { _ in Model.Process(pid: 1, name: "p", user: person) }, how,
            user: socket.map { Model.Process.User(identifier: $0, name: nil) })
        return lifecycle
    }

    struct Owned: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var owner: SocketOwner?
        var user: UInt32?
    }

    private static func person(_ user: UInt32) -> Model.Process.User { Model.Process.User(identifier: user, name: "n") }
    private static func process(_ user: UInt32) -> Model.Process {
        Model.Process(pid: 7, name: "p", user: person(user))
    }

    @Test(arguments: [
        Owned(testDescription: "nobody was asked", owner: nil, user: nil),
        Owned(testDescription: "traced", owner: SocketOwner(process(5), .traced), user: 5),
        Owned(
            testDescription: "process and socket agree", owner: SocketOwner(process(5), .socket, user: person(5)),
            user: 5),
        Owned(
            testDescription: "the socket was handed on", owner: SocketOwner(process(5), .socket, user: person(0)),
            user: nil),
        Owned(testDescription: "the socket alone", owner: SocketOwner(nil, .socket, user: person(5)), user: 5),
        Owned(testDescription: "accepted", owner: SocketOwner(process(5), .accepted, user: person(5)), user: 5),
        Owned(testDescription: "listening", owner: SocketOwner(process(5), .listening, user: person(5)), user: nil),
        Owned(testDescription: "nothing is known", owner: SocketOwner(nil, .socket), user: nil),
    ])
    func onlyCertainOwnersCount(_ example: Owned) {
        #expect(example.owner?.certainUser == example.user)
        var contested = example.owner
        contested?.isContested = true
        #expect(contested?.certainUser == nil)
    }

    @Test func viewersAreMadeFromCredentials() {
        let users: [(user: UInt32, group: UInt32, groups: [UInt32], Viewer, Viewer)] = [
            (0, 0, [], .everything, .everything),
            (geteuid(), 99, [], .everything, .everything),
            (4711, 100, [], .nothing, .own(4711)),
            (4711, 42, [], .everything, .everything),
            (4711, 100, [7, 42], .everything, .everything),
            (4711, 100, [7, 43], .nothing, .own(4711)),
        ]
        for (user, group, groups, inGroup, inOwn) in users {
            let peer = PeerCredentials(user: user, group: group, groups: groups)
            #expect(Access(.group, group: "42").viewer(peer) == inGroup)
            #expect(Access(.own, group: "42").viewer(peer) == inOwn)
            // A group that does not exist has no members.
            let stranger = user == 0 || user == geteuid() ? inOwn : .own(user)
            #expect(Access(.own, group: "no-such-group").viewer(peer) == stranger)
        }
    }

    @Test func thePeerIsWhoTheKernelSays() throws {
        var pair: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { for end in pair { close(end) } }
        let peer = try #require(PeerCredentials(of: pair[0]))
        #expect(peer.user == geteuid() && peer.group == getegid() && peer.process == getpid())
        #expect(peer.isKnown)
        var groups = [gid_t](repeating: 0, count: 1024)
        let count = getgroups(1024, &groups)
        #expect(Set(peer.groups) == Set(groups.prefix(Int(count))))
        let null = open("/dev/null", O_RDONLY)
        defer { close(null) }
        #expect(PeerCredentials(of: null) == nil)
    }

    static let viewers: [Viewer] = [.everything, .own(own), .own(999), .nothing, .metrics]

    struct Row: Sendable, CustomTestStringConvertible {
        var target: String
        /// For each of ``AccessTests/viewers``.
        var statuses: [Int]
        var testDescription: String { target }

        init(_ target: String, _ statuses: Int...) {
            self.target = target
            self.statuses = statuses
        }
    }

    static let ownOne = owned(10, by: own)
    static let foreignOne = owned(20, by: other)

    static let rows: [Row] = [
        Row("/v1/requests", 200, 200, 200, 403, 403),
        Row("/v1/requests/\(ownOne.id)", 200, 200, 404, 403, 403),
        Row("/v1/requests/\(foreignOne.id)", 200, 404, 404, 403, 403),
        Row("/v1/requests/000000000000", 404, 404, 404, 403, 403),
        Row("/v1/requests/stream", 200, 200, 200, 403, 403),
        Row("/v1/lookups", 200, 200, 200, 403, 403),
        Row("/v1/status", 200, 200, 200, 403, 403),
        Row("/v1/neighbours", 200, 403, 403, 403, 403),
        Row("/v1/routes", 200, 403, 403, 403, 403),
        Row("/v1/routes?to=192.0.2.1", 200, 403, 403, 403, 403),
        Row("/v1/ports", 200, 403, 403, 403, 403),
        Row("/v1/ports/443", 200, 403, 403, 403, 403),
        Row("/v1/leases", 200, 403, 403, 403, 403),
        Row("/v1/translations", 200, 403, 403, 403, 403),
        Row("/v1/forwards", 200, 403, 403, 403, 403),
        Row("/metrics", 200, 403, 403, 403, 200),
        Row("/v1", 200, 200, 200, 403, 403),
        Row("/v1/openapi.yaml", 200, 200, 200, 403, 403),
        Row("/v1/schemas/request.json", 200, 200, 200, 403, 403),
        Row("/v1/nosuch", 404, 404, 404, 404, 404),
    ]

    /// Every path of the contract has a row.
    @Test func everyRouteIsInTheTable() throws {
        for path in Routes.all {
            let example = path.replacing("{id}", with: Self.ownOne.id.description).replacing("{port}", with: "443")
                .replacing("{name}", with: "request")
            #expect(Self.rows.contains { $0.target == example }, "\(path)")
            _ = try Route(example)
        }
    }

    /// Who the server believes to be at the other end, and how it is set up.
    static let peers: [(peer: PeerCredentials, mode: Access.Mode)] = [
        (PeerCredentials(user: 0, group: 0), .own), (PeerCredentials(user: own, group: 5), .own),
        (PeerCredentials(user: 999, group: 5), .own), (PeerCredentials(user: own, group: 5), .group),
    ]

    @Test(arguments: rows)
    func routesAnswerViewers(_ row: Row) async throws {
        let source = FakeSource([Self.ownOne, Self.foreignOne])
        source.state.withLock { $0.translations = [] }
        for (index, (peer, mode)) in Self.peers.enumerated() {
            let access = Access(mode, group: "42")
            #expect(access.viewer(peer) == Self.viewers[index])
            try await RunningServer.use(source, access: access, as: peer) { server in
                let path = server.path
                let isStream = row.target.hasSuffix("stream")
                let answer = Answer(
                    try await onThread {
                        let client = try SocketClient(path)
                        client.say("GET \(row.target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        return client.hear { isStream && $0.contains("\r\n\r\n") }
                    })
                // Somebody who may see nothing is not even told what there is.
                let status = mode == .group ? 403 : row.statuses[index]
                #expect(answer.status == status, "\(peer) \(mode)")
                if status == 403 {
                    let problem = try answer.decoded(Problem.self)
                    #expect(problem.type == "/problems/restricted")
                    #expect(problem.detail.contains("root and the members of the group 42"))
                    #expect(problem.detail.contains("sudo usermod -aG 42 $USER"))
                } else if index > 0 {
                    #expect(!answer.body.contains(Self.foreignOne.id.description) || status == 404)
                }
            }
        }
        // By the port for metrics.
        do throws(Problem) {
            let path = String(row.target.prefix { $0 != "?" })
            try Viewer.metrics.enter(Route(path), group: Access(), instance: path)
            #expect(row.statuses[4] == 200)
        } catch { #expect(error.status == row.statuses[4]) }
    }

    /// A foreign identifier and one that nobody has give the same answer, but for the identifier itself.
    @Test func aForeignIdentifierIsNoOracle() async throws {
        let source = FakeSource([Self.ownOne, Self.foreignOne])
        let peer = PeerCredentials(user: Self.own, group: 5)
        try await RunningServer.use(source, access: Access(.own, group: "42"), as: peer) { server in
            func told(_ id: String) async throws -> String {
                let answer = try await call(server.path, "/v1/requests/\(id)")
                return "\(answer.status)" + answer.body.replacing(id, with: "ID")
            }
            let (foreign, unknown) = (Self.foreignOne.id.description, "000000000000")
            for length in [12, 3] {
                let answers = try await (told(String(foreign.prefix(length))), told(String(unknown.prefix(length))))
                #expect(answers.0 == answers.1)
            }
        }
    }

    @Test func aStreamShowsItsUsersRequestsAlone() async throws {
        let peer = PeerCredentials(user: Self.own, group: 5)
        try await RunningServer.use(access: Access(.own, group: "42"), as: peer) { server in
            let (path, hub) = (server.path, server.hub)
            async let heard = onThread {
                let client = try SocketClient(path)
                client.say("GET /v1/requests/stream HTTP/1.1\r\n\r\n")
                return client.hear()
            }
            try await RequestStreamTests.eventually { hub.followers.areThere }
            hub.changed([Self.foreignOne, Self.owned(21, by: nil)])
            hub.finished([.request(WaybillServerTests.ended(Self.ownOne)), .request(Self.foreignOne)])
            await server.stop()
            let lines = RequestStreamTests.lines(try await heard)
            #expect(lines.count == 1 && lines[0].contains(Self.ownOne.id.description))
        }
    }

    /// Whoever was let in sees what it may see now: the next call and the streams as well.
    @Test func accessChangesUnderOpenConnections() async throws {
        let source = FakeSource([Self.ownOne])
        let peer = PeerCredentials(user: Self.own, group: 5)
        try await RunningServer.use(source, access: Access(.own, group: "42"), as: peer) { server in
            let (path, hub, running) = (server.path, server.hub, server.server)
            let client = try KeptConnection(path)
            #expect(try await client.ask("GET /v1/requests HTTP/1.1\r\n\r\n").status == 200)
            async let heard = onThread {
                let follower = try SocketClient(path)
                follower.say("GET /v1/requests/stream HTTP/1.1\r\nConnection: close\r\n\r\n")
                return follower.hear()
            }
            try await RequestStreamTests.eventually { hub.followers.areThere }
            running.admit(Access(.group, group: "42"), mode: 0o660)
            #expect(try await heard.hasSuffix("0\r\n\r\n"))
            #expect(try await client.ask("GET /v1/requests HTTP/1.1\r\n\r\n").status == 403)
            running.admit(Access(.group, group: "5"), mode: 0o660)
            #expect(try await call(path, "/v1/ports").status == 200)
        }
    }

    @Test func statusKeepsTheTotalsOfOthers() async throws {
        let source = FakeSource()
        source.state.withLock { state in
            state.watch.totals.requests = 17
            state.watch.interfaces = [InterfaceState(name: "eth0", condition: .capturing)]
            state.watch.limits = [(what: "routes", why: "They are not observed.")]
        }
        let peer = PeerCredentials(user: Self.own, group: 5)
        try await RunningServer.use(source, access: Access(.own, group: "42"), as: peer) { server in
            let answer = try await call(server.path, "/v1/status")
            let status = try answer.decoded(Status.self)
            #expect(status.scope == .own && status.totals == nil && status.interfaces.isEmpty)
            #expect(status.limits.map(\.what) == ["routes"] && status.checks?.isEmpty == false)
            #expect(!answer.body.contains("17"))
        }
        try await RunningServer.use(source) { server in
            let status = try await call(server.path, "/v1/status").decoded(Status.self)
            #expect(status.scope == .all && status.totals?.requests == 17)
        }
    }
}

/// What a user sees of requests and lookups where everybody sees only its own: through the listings themselves, since these
/// tests run as one user.
@Suite struct OwnRequestsTests {
    private static let own = AccessTests.own
    private static let other = AccessTests.other

    private static func hub(_ lifecycles: [Lifecycle]) -> RecordHub {
        let hub = RecordHub()
        hub.finished(lifecycles.map { .request(WaybillServerTests.ended($0)) })
        return hub
    }

    /// Pages hold the viewer's own alone, and reach the last of them past any number of others.
    @Test(arguments: [1, 3, 100])
    func pagesHoldOwnRequestsAlone(_ limit: Int) async throws {
        let kept = (0..<2000).map { AccessTests.owned($0, by: $0 % 400 == 7 ? Self.own : Self.other) }
        let active = (3000..<3020).map { AccessTests.owned(Int64($0), by: $0 % 10 == 3 ? Self.own : nil) }
        let listing = RequestListing(hub: Self.hub(kept), source: FakeSource(active), viewer: .own(Self.own))
        var found: [RequestID] = []
        var key: RequestKey?
        repeat {
            let (page, next) = await listing.page(before: key, limit: limit, matching: RequestFilter())
            found += page.map(\.id)
            key = next
        } while key != nil
        let expected = (active + kept).filter { $0.owner?.certainUser == Self.own }.sorted { $0.first > $1.first }
        #expect(found == expected.map(\.id))
        #expect(found.count == 7)
    }

    @Test func foreignIdentifiersAreUnknown() async throws {
        let all = (0..<64).map { AccessTests.owned($0, by: $0 == 0 ? Self.own : Self.other) }
        for (kept, active) in [(all, []), ([], all)] {
            let hub = Self.hub(kept)
            func found(_ text: String, _ viewer: Viewer) async throws -> [RequestID] {
                let listing = RequestListing(hub: hub, source: FakeSource(active), viewer: viewer)
                let prefix = try #require(RequestID.Prefix(text))
                return await listing.requests(matching: prefix, limit: 6).map(\.id)
            }
            for lifecycle in all {
                let isOwn = lifecycle.owner?.certainUser == Self.own
                #expect(try await found(lifecycle.id.description, .own(Self.own)).count == (isOwn ? 1 : 0))
                #expect(try await found(lifecycle.id.description, .everything).count == 1)
                #expect(try await found(lifecycle.id.description, .nothing).isEmpty)
            }
            // The beginning that the own one shares with others is not ambiguous.
            #expect(try await found(String(all[0].id.description.prefix(1)), .own(Self.own)) == [all[0].id])
        }
    }

    @Test func aHostOfOthersDoesNotHideOwnLookups() async throws {
        var store = LifecycleStore()
        for number in 0..<2000 {
            var lookup = Model.Lookup(
                client: Endpoint(IPAddress(v4: 1), 1), server: Endpoint(IPAddress(v4: 2), 53), transport: .udp,
                transactionID: UInt16(number), name: "example.org", type: 1, queried: nil, status: .answered)
            lookup.user = number == 5 ? Self.own : number % 2 == 0 ? Self.other : nil
            store.keep(.lookup(lookup))
        }
        var serial: UInt64?
        var found: [UInt16] = []
        var rounds = 0
        repeat {
            let part = store.lookups.newest(before: serial, limit: 10, examining: 512) { $0.user == Self.own }
            found += part.elements.map(\.transactionID)
            serial = part.next
            rounds += 1
        } while serial != nil
        #expect(found == [5])
        #expect(rounds == 4)
    }

    @Test func streamsAreCountedForTheirUser() throws {
        let followers = Followers()
        let mine = try (0..<Followers.userCapacity).map { _ in try followers.join(.own(Self.own), user: Self.own) }
        #expect(throws: Refusal.userStreams) { _ = try followers.join(.own(Self.own), user: Self.own) }
        _ = try followers.join(.everything, user: 0)
        followers.leave(mine[0])
        _ = try followers.join(.own(Self.own), user: Self.own)
    }
}
