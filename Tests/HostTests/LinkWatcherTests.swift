import CLinux
import Glibc
import Model
import Testing

@testable import Host

@Suite struct LinkWatcherTests {
    let now = Timestamp(seconds: 1_000, nanoseconds: 0)

    /// A kernel that answers the first two dumps, for links and addresses, as recorded, and further ones as given.
    static func script(then later: [[NetlinkReception]] = []) throws -> ScriptedSocket.Script {
        let recording = try Recording("veth")
        return ScriptedSocket.Script(
            answers: [
                recording.datagrams("links").map { .datagram($0.answering(1)) },
                recording.datagrams("addresses").map { .datagram($0.answering(2)) },
            ] + later)
    }

    static func done(_ sequence: UInt32) -> NetlinkReception {
        .datagram([16, 0, 0, 0, UInt8(NLMSG_DONE), 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0].answering(sequence))
    }

    static func refusal(_ sequence: UInt32, errno number: Int32) -> NetlinkReception {
        let code = UInt8(truncatingIfNeeded: 0 - number)
        return .datagram(
            [20, 0, 0, 0, UInt8(NLMSG_ERROR), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, code, 255, 255, 255]
                .answering(sequence))
    }

    static func words(_ fact: Fact) -> String {
        switch fact.body {
        case .addressAdded(let address, let interface): "+ \(address) \(interface)"
        case .addressRemoved(let address, let interface): "- \(address) \(interface)"
        case .link(let link):
            "link \(link.index) \(link.name) \(link.isUp ? "up" : "down")\(link.hasCarrier ? " carrier" : "")"
        case .addressesForgotten: "- addresses"
        case .linkRemoved(let index, let name): "- link \(index) \(name)"
        case .resynchronised(let missed): "resynchronised: \(missed)"
        case .socketOwner(let tuple, _): "owner of \(tuple)"
        case .translation, .untranslated, .translationsMissed, .insertsFailed, .insertsRefused: "of conntrack"
        case .route(let tuple, _, _): "route of \(tuple)"
        case .portsScarce(let ways): "\(ways.count) ways with few ports"
        case .unsent(let request): "unsent \(request.tuple)"
        }
    }

    static let first = ["link 1 lo up carrier", "+ 127.0.0.1 lo", "+ ::1 lo"]

    @Test func asksForLinksThenAddresses() throws {
        let script = try Self.script()
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        let before = watcher.isSynchronised
        #expect(!before)
        let facts = try watcher.receive(at: now)
        let after = watcher.isSynchronised
        #expect(after)
        #expect(script.requests == [NetlinkRequest.allLinks(sequence: 1), NetlinkRequest.allAddresses(sequence: 2)])
        #expect(facts.map(Self.words) == Self.first)
        #expect(facts.allSatisfy { $0.time == now })
        #expect(
            facts.first?.body
                == .link(
                    LinkState(
                        index: 1, name: "lo", isUp: true, isLoopback: true, hasCarrier: true, mtu: 65_536, mac: .zero)))
        let again = try watcher.receive(at: now)
        #expect(again.isEmpty)
    }

    /// A veth pair comes, gets addresses, comes up, one end is renamed, and the pair goes.
    @Test func followsAPairThroughItsLife() throws {
        let script = try Self.script()
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        script.waiting = try Recording("veth").datagrams("event").map { .datagram($0) }
        let facts = try watcher.receive(at: now)
        #expect(
            facts.map(Self.words) == [
                "link 2 wbv1 down", "link 3 wbv0 down", "+ 192.0.2.1 wbv0", "link 3 wbv0 up",
                "link 2 wbv1 up carrier", "link 3 wbv0 up carrier",
                // Tentative addresses are not the host's yet; detection ends after wbv1 went down again.
                "link 2 wbv1 down", "link 3 wbv0 up", "- link 2 wbv1", "link 2 wbv9 down",
                "+ fe80::ff:fe00:1 wbv0", "+ 2001:db8::1 wbv0", "- 192.0.2.1 wbv0", "link 3 wbv0 down",
                "- 2001:db8::1 wbv0", "- fe80::ff:fe00:1 wbv0", "- link 3 wbv0", "- link 2 wbv9",
            ])
        let (names, counts, malformed) = (
            watcher.links.map(\.name), watcher.tables.map(\.count), watcher.malformedDatagrams
        )
        #expect(names == ["lo"])
        #expect(counts == [1, 2])
        #expect(malformed == 0)
    }

    @Test func lossIsToldAndTheDifferenceFollows() throws {
        let recording = try Recording("veth")
        let (events, links) = (recording.datagrams("event"), recording.datagrams("links"))
        let script = try Self.script(then: [
            // The second dump has wbv1 and wbv0 as they came, and lo no more; the third no address at all.
            [.datagram(events[0].answering(3)), .datagram(events[1].answering(3)), Self.done(3)],
            [.datagram(events[2].answering(4)), Self.done(4)],
            [.datagram(links[0].answering(5)), Self.done(5)],
            [Self.done(6)],
        ])
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)

        script.waiting = [.lost("too much at once")]
        let second = try watcher.receive(at: now).map(Self.words)
        #expect(
            second == [
                "resynchronised: too much at once", "link 2 wbv1 down", "link 3 wbv0 down", "+ 192.0.2.1 wbv0",
                "- 127.0.0.1 lo", "- ::1 lo", "- link 1 lo",
            ])
        script.waiting = [.lost("again")]
        let third = try watcher.receive(at: now).map(Self.words)
        #expect(
            third == [
                "resynchronised: again", "link 1 lo up carrier", "- link 2 wbv1", "- 192.0.2.1 wbv0", "- link 3 wbv0",
            ])
        let (overruns, counts) = (watcher.overruns, watcher.tables.map(\.count))
        #expect(overruns == 2)
        #expect(counts == [1, 0])
    }

    @Test func lossDuringADumpRepeatsItOnceItIsOver() throws {
        let recording = try Recording("veth")
        let (links, addresses) = (recording.datagrams("links"), recording.datagrams("addresses"))
        let script = ScriptedSocket.Script(answers: [
            [.lost("early")] + links.map { .datagram($0.answering(1)) },
            links.map { .datagram($0.answering(2)) },
            addresses.map { .datagram($0.answering(3)) },
        ])
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        let facts = try watcher.receive(at: now)
        #expect(facts.map(Self.words) == ["resynchronised: early"] + Self.first)
        #expect(
            script.requests == [
                NetlinkRequest.allLinks(sequence: 1), NetlinkRequest.allLinks(sequence: 2),
                NetlinkRequest.allAddresses(sequence: 3),
            ])
    }

    /// The kernel would refuse a second dump on the same socket (EBUSY).
    @Test func noDumpIsAskedForWhileOneIsUnderWay() throws {
        let script = ScriptedSocket.Script(answers: [[.lost("early")]])
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        #expect(script.requests.count == 1)
        script.waiting = [Self.done(1)]
        _ = try watcher.receive(at: now)
        #expect(script.requests == [1, 2].map { NetlinkRequest.allLinks(sequence: $0) })
    }

    @Test func aDumpThatIsNeverConsistentIsTakenInTheEnd() throws {
        let links = try Recording("veth").datagrams("links")
        let script = ScriptedSocket.Script(
            answers: (1...5).map { sequence in
                links.map { .datagram($0.answering(sequence, flags: UInt16(NLM_F_DUMP_INTR))) }
            } + [[Self.done(6)]])
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        let facts = try watcher.receive(at: now)
        let synchronised = watcher.isSynchronised
        #expect(synchronised)
        #expect(facts.map(Self.words) == ["link 1 lo up carrier"])
        #expect(script.requests.count == 6)
    }

    @Test(arguments: [([refusal(1, errno: EPERM)], "interfaces"), ([done(1), refusal(2, errno: EPERM)], "addresses")])
    func aRefusalIsAnError(_ replies: [NetlinkReception], _ what: String) throws {
        let script = ScriptedSocket.Script(answers: replies.map { [$0] })
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        let error = #expect(throws: NetlinkError.refused(request: what, errno: EPERM)) {
            _ = try watcher.receive(at: now)
        }
        #expect(error?.description == "the kernel refused to list its \(what): Operation not permitted")
    }

    @Test func aStrangersAnswerIsNoAnswer() throws {
        let script = ScriptedSocket.Script(answers: [[Self.done(9), Self.refusal(9, errno: EPERM)]])
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        let facts = try watcher.receive(at: now)
        let synchronised = watcher.isSynchronised
        #expect(facts.isEmpty)
        #expect(!synchronised)
    }

    @Test func oneCallIsBounded() throws {
        let script = try Self.script()
        var watcher = try LinkWatcher(socket: ScriptedSocket(script: script))
        _ = try watcher.receive(at: now)
        script.waiting = [NetlinkReception](repeating: .datagram([1]), count: 300)
        _ = try watcher.receive(at: now)
        #expect(script.waiting.count == 44)
        let malformed = watcher.malformedDatagrams
        #expect(malformed == 256)
    }

    /// The kernel of the machine that runs the tests: every one has a loopback interface.
    @Test func asksTheRealKernel() throws {
        var watcher = try LinkWatcher()
        let facts = try watcher.synchronise()
        let (synchronised, links) = (watcher.isSynchronised, watcher.links)
        #expect(synchronised)
        #expect(links.contains { $0.isLoopback })
        #expect(facts.contains { if case .link(let link) = $0.body { link.isLoopback } else { false } })
        #expect(!facts.contains { if case .resynchronised = $0.body { true } else { false } })
    }
}
