import CLinux
import Glibc
import Model
import Testing

@testable import Host

/// Routes, rules and neighbours from the words of a kernel: Tests/Captures/netlink/routes.hex.
@Suite struct RouteWatcherTests {
    let now = Timestamp(seconds: 1_000, nanoseconds: 0)
    let names = RoutingTableNames(files: [])

    static func script(then later: [[NetlinkReception]] = []) throws -> ScriptedSocket.Script {
        let recording = try Recording("routes")
        let parts = ["links", "rules", "routes", "neighbours"]
        return ScriptedSocket.Script(
            answers: parts.enumerated().map { index, part in
                recording.datagrams(part).map { .datagram($0.answering(UInt32(index + 1))) }
            } + later)
    }

    static func words(_ change: RouteChange) -> String {
        "\(change.kind.name) \(change.subject): \(change.before ?? "-") > \(change.after ?? "-")"
    }

    @Test func listsWhatTheKernelHas() throws {
        let script = try Self.script()
        var watcher = try RouteWatcher(socket: ScriptedSocket(script: script), names: names)
        try watcher.receive(at: now)
        let isSynchronised = watcher.isSynchronised
        #expect(isSynchronised)
        let links = watcher.links
        let routes = watcher.listRoutes(100).filter { $0.version == .v4 }.map {
            "\($0.subject) \($0.way(links)) \($0.origin) \($0.table)"
        }
        #expect(
            routes == [
                "default via 192.0.2.1 dev wbv0 metric 100 dhcp main",
                "10.5.0.0/16 nexthop via 192.0.2.7 dev wbv0 nexthop via 192.0.2.8 dev wbv0 boot main",
                "192.0.2.0/24 dev wbv0 src 192.0.2.2 kernel main",
                "203.0.113.0/24 prohibit boot main",
            ])
        let multipath = try #require(watcher.listRoutes(100).first { $0.hops.count == 2 })
        #expect(multipath.mtu == 1400)
        #expect(multipath.hops.map(\.weight) == [2, 1])
        let rules = watcher.rules.list.filter { $0.version == .v4 }.map { "\($0.priority) \($0.text)" }
        #expect(
            rules == [
                "0 from all lookup local", "32765 from 10.0.0.0/8 uidrange 1000-1999 lookup 100",
                "32766 from all lookup main", "32767 from all lookup default",
            ])
        let asks = watcher.rules.asks
        #expect(asks == [.user])
        let neighbours = watcher.neighbours.list(10).filter { $0.address.version == .v4 }
        let found = neighbours.map { "\($0.address) \($0.interface) \($0.state.name) \($0.mac?.description ?? "")" }
        #expect(found == ["192.0.2.1 wbv0 reachable 02:00:00:00:00:01"])
        // What was there is no change.
        let changes = watcher.changes
        #expect(changes.ofRoutes.isEmpty)
        #expect(changes.ofNeighbours.isEmpty)
    }

    @Test func tellsWhatChanged() throws {
        let script = try Self.script()
        var watcher = try RouteWatcher(socket: ScriptedSocket(script: script), names: names)
        try watcher.receive(at: now)
        let (before, unchanged) = (watcher.version, watcher.changed)
        #expect(unchanged == nil, "what is there at the start is no change")
        script.waiting = try Recording("routes").datagrams("event").map { .datagram($0) }
        try watcher.receive(at: now + .seconds(7))
        let (changes, after, changed) = (watcher.changes, watcher.version, watcher.changed)
        #expect(after > before && changed == now + .seconds(7))
        #expect(
            changes.ofRoutes.filter { !$0.subject.contains(":") && $0.subject != "IPv6" }.map(Self.words).prefix(5) == [
                "route_changed default: via 192.0.2.1 dev wbv0 metric 100 > via 192.0.2.9 dev wbv0 metric 100",
                "rule_added rule 32764: - > fwmark 0x1/0xff ipproto tcp dport 443 prohibit",
                "rule_removed rule 32765: from 10.0.0.0/8 uidrange 1000-1999 lookup 100 > -",
                "route_removed 203.0.113.0/24: prohibit > -",
                "route_removed default: via 2001:db8::1 dev wbv0 metric 1024 > -",
            ])
        #expect(
            changes.ofNeighbours.map(Self.words) == [
                "neighbour_moved 192.0.2.1 on wbv0: 02:00:00:00:00:01 > 02:00:00:00:00:0a"
            ])
        // It was set to be failed by hand: nobody was asked.
        #expect(watcher.takeSilent().isEmpty)
    }

    /// A neighbour that did not answer its requests is told once, and again when it answers.
    @Test func silenceOfANeighbourIsTold() throws {
        let event = try Recording("routes").datagrams("neighbours").flatMap { Array(NetlinkMessages($0)) }
        var message = try #require(event.lazy.compactMap { NeighbourMessage($0.payload) }.first)
        var cache = NeighbourCache()
        #expect(cache.add(message, interface: "wbv0", at: now).isEmpty)
        message.state = .failed
        message.probes = 3
        let told = cache.add(message, interface: "wbv0", at: now)
        #expect(told.count == 1)
        guard case .failed? = told.first else {
            Issue.record("no failure: \(told)")
            return
        }
        #expect(cache.add(message, interface: "wbv0", at: now).isEmpty)
        message.state = .reachable
        message.probes = 0
        guard case .answers? = cache.add(message, interface: "wbv0", at: now).first else {
            Issue.record("no answer")
            return
        }
    }

    /// IPv4 says nothing of routes that go with their interface: the list is asked for again, and tells.
    @Test func routesThatVanishWithTheirInterfaceAreFound() throws {
        let recording = try Recording("routes")
        let again = ["links", "rules", "routes2", "neighbours"].enumerated().map { index, part in
            recording.datagrams(part).map { NetlinkReception.datagram($0.answering(UInt32(index + 5))) }
        }
        let script = try Self.script(then: again)
        var watcher = try RouteWatcher(socket: ScriptedSocket(script: script), names: names)
        try watcher.receive(at: now)
        script.waiting = recording.datagrams("event").map { .datagram($0) }
        try watcher.receive(at: now + .seconds(1))
        #expect(script.requests.count == 4)
        try watcher.renew(at: now + .seconds(2))
        try watcher.receive(at: now + .seconds(2))
        #expect(script.requests.count == 8)
        let late = watcher.changes.ofRoutes.filter { $0.isLate }.map(Self.words)
        #expect(late.contains("route_removed default: via 192.0.2.9 dev wbv0 metric 100 > -"))
        #expect(
            watcher.changes.ofRoutes.last.map(Self.words)
                == "default_route IPv4: via 192.0.2.9 dev wbv0 metric 100 > -" || late.count > 1)
        // Nothing more to ask for.
        try watcher.renew(at: now + .seconds(10))
        #expect(script.requests.count == 8)
    }

    @Test func lossIsCountedAndListsAreAskedForAgain() throws {
        let script = try Self.script()
        var watcher = try RouteWatcher(socket: ScriptedSocket(script: script), names: names)
        try watcher.receive(at: now)
        script.waiting = [.lost("too much at once")]
        try watcher.receive(at: now)
        let overruns = watcher.overruns
        #expect(overruns == 1)
        #expect(script.requests.count == 5)
    }

    /// Every beginning of a datagram, and every datagram with one byte changed: nothing traps.
    @Test func survivesDamage() throws {
        let lines = try Recording("routes").lines.map(\.bytes)
        var generator = SystemRandomNumberGenerator()
        for bytes in lines {
            let script = try Self.script()
            var watcher = try RouteWatcher(socket: ScriptedSocket(script: script), names: names)
            try watcher.receive(at: now)
            let cut = stride(from: 0, to: bytes.count, by: 7).map { Array(bytes.prefix($0)) }
            let changed = (0..<64).map { _ in
                var copy = bytes
                copy[Int.random(in: copy.indices, using: &generator)] = .random(in: 0...255, using: &generator)
                return copy
            }
            for datagram in cut + changed {
                script.waiting = [.datagram(datagram)]
                try? watcher.receive(at: now)
            }
        }
    }

    @Test func asksTheRealKernel() throws {
        var watcher = try RouteWatcher()
        var readable = pollfd(fd: watcher.fileDescriptor, events: Int16(POLLIN), revents: 0)
        for _ in 0..<100 where !watcher.isSynchronised {
            _ = poll(&readable, 1, 50)
            try watcher.receive(at: now)
        }
        let (isSynchronised, rules) = (watcher.isSynchronised, watcher.rules.list)
        #expect(isSynchronised)
        #expect(rules.contains { $0.action == "lookup main" })
    }
}

/// The way of one packet from the kernel's answers.
@Suite struct RouteFinderTests {
    let names = RoutingTableNames(files: [])

    private func finder(_ kinds: [String]) throws -> RouteFinder<ScriptedSocket> {
        let recording = try Recording("routes")
        let script = ScriptedSocket.Script(
            answers: kinds.enumerated().map { index, kind in
                recording.datagrams(kind).map { .datagram($0.answering(UInt32(index + 1))) }
            })
        return RouteFinder(socket: ScriptedSocket(script: script))
    }

    @Test func putsTheChoiceTogether() throws {
        var finder = try finder(["choice", "entry", "none"])
        let report = finder.report(
            RouteQuestion(to: IPAddress(v4: 0xC633_6407)), links: LinkTable(), neighbours: NeighbourCache(),
            names: names)
        let choice = try #require(report.choice)
        #expect(choice.kind == .unicast)
        #expect(choice.gateway?.description == "192.0.2.1")
        #expect(choice.preferredSource?.description == "192.0.2.2")
        #expect(choice.table.name == "main")
        #expect(choice.prefix?.description == "0.0.0.0/0")
        #expect(choice.origin == "dhcp")
        #expect(choice.metric == 100)
    }

    @Test func tellsWhyThereIsNoWay() throws {
        var finder = try finder(["refused"])
        let report = finder.report(
            RouteQuestion(to: IPAddress(v4: 0xCB00_7107)), links: LinkTable(), neighbours: NeighbourCache(),
            names: names)
        #expect(report.answer == .failed(.prohibited))
    }

    @Test func silenceIsNoAnswer() throws {
        var finder = try finder([])
        let report = finder.report(
            RouteQuestion(to: IPAddress(v4: 1)), links: LinkTable(), neighbours: NeighbourCache(), names: names)
        #expect(report.answer == .unknown("the kernel gave no answer"))
    }
}
