import Model
import Testing

@testable import Host

@Suite struct OwnerFinderTests {
    private static let peer = Endpoint(IPAddress(v4: 0xC633_6450), 80)
    private static let otherPeer = Endpoint(IPAddress(v4: 0xC633_6451), 80)

    private static func tuple(_ port: UInt16, _ peer: Endpoint = peer) -> FlowTuple {
        FlowTuple(.tcp, Endpoint(IPAddress(v4: 0xC000_0201), port), peer)
    }

    private struct Step {
        var seconds: Double
        var pid: Int32
        var body: KernelEvent.Body

        init(_ seconds: Double, _ pid: Int32, _ body: KernelEvent.Body) {
            self.seconds = seconds
            self.pid = pid
            self.body = body
        }
    }

    /// - Returns: `port pid` of every owner told.
    private func owners(_ steps: [Step], _ finder: inout OwnerFinder) -> [String] {
        finder.learn(steps.map { FakeProc.event($0.seconds, $0.pid, $0.body) }).map { fact in
            guard case .socketOwner(let tuple, let owner) = fact.body else { return "?" }
            return "\(tuple.source.port) \(owner.process.map { String($0.pid) } ?? "?") \(owner.how.name)"
        }
    }

    private func finder() throws -> (FakeProc, OwnerFinder) {
        let proc = try FakeProc()
        try proc.add(7, "curl")
        try proc.add(8, "wget")
        return (proc, OwnerFinder(processes: try proc.table()))
    }

    @Test func whoLooksForAWayOwnsTheSocket() throws {
        var (proc, finder) = try finder()
        let steps = [
            Step(1, 7, .routed(Self.tuple(40000))), Step(1.00001, 7, .routed(Self.tuple(40000))),
            Step(1.001, 8, .routed(Self.tuple(40001))),
        ]
        #expect(owners(steps, &finder) == ["40000 7 traced", "40001 8 traced"])
        #expect(finder.hasTold(Self.tuple(40000), since: FakeProc.at(1.04)))
        #expect(!finder.hasTold(Self.tuple(40002), since: FakeProc.at(1.04)))
        // The request that it was told of had begun before; this one's socket is another.
        #expect(!finder.hasTold(Self.tuple(40000), since: FakeProc.at(1.06)))
        withExtendedLifetime(proc) {}
    }

    /// Whose packet is inside of a VXLAN's is looked for a way in the thread that sent it; the outer one is the kernel's.
    @Test(arguments: [(UInt16(4789), 0), (8472, 0), (6081, 0), (53, 1)])
    func whatATunnelCarriesHasNoOwner(_ port: UInt16, _ count: Int) throws {
        var (proc, finder) = try finder()
        var tuple = Self.tuple(50000)
        (tuple.transport, tuple.destination.port) = (.udp, port)
        #expect(owners([Step(1, 7, .routed(tuple))], &finder).count == count)
        withExtendedLifetime(proc) {}
    }

    @Test func thePortIsJoinedByTheSocketsAddress() throws {
        var (proc, finder) = try finder()
        let steps = [
            Step(1, 7, .connecting(socket: 0xA0, Self.tuple(0))),
            Step(1.001, 8, .connecting(socket: 0xB0, Self.tuple(0))),
            // Whatever thread runs when the answer comes.
            Step(1.01, 99, .settled(socket: 0xB0, Self.tuple(40001))),
            Step(1.02, 99, .settled(socket: 0xA0, Self.tuple(40000))),
            Step(1.03, 99, .settled(socket: 0xA0, Self.tuple(40000))),
        ]
        #expect(owners(steps, &finder) == ["40001 8 traced", "40000 7 traced"])
        withExtendedLifetime(proc) {}
    }

    @Test func anAddressThatIsUsedAgainIsAnotherSocket() throws {
        var (proc, finder) = try finder()
        let steps = [
            Step(1, 7, .connecting(socket: 0xA0, Self.tuple(0))),
            Step(2, 99, .settled(socket: 0xA0, Self.tuple(40000, Self.otherPeer))),
            Step(3, 7, .connecting(socket: 0xB0, Self.tuple(0))),
            Step(4, 8, .connecting(socket: 0xB0, Self.tuple(0))),
            Step(5, 99, .settled(socket: 0xB0, Self.tuple(40001))),
        ]
        #expect(owners(steps, &finder) == ["40001 8 traced"])
        withExtendedLifetime(proc) {}
    }

    @Test func afterALossNothingIsJoined() throws {
        var (proc, finder) = try finder()
        let steps = [
            Step(1, 7, .connecting(socket: 0xA0, Self.tuple(0))), Step(2, 0, .lost(1)),
            Step(3, 99, .settled(socket: 0xA0, Self.tuple(40000))),
        ]
        #expect(owners(steps, &finder).isEmpty)
        withExtendedLifetime(proc) {}
    }

    /// `ip route get … ipproto tcp sport … dport …` looks for a way just as a connect does, and owns no socket.
    @Test func whoOnlyAsksForAWayOwnsNothing() throws {
        var (proc, finder) = try finder()
        finder.followsStates = true
        let steps = [
            Step(1, 7, .connecting(socket: 0xA0, Self.tuple(0))), Step(1.001, 7, .routed(Self.tuple(40000))),
            Step(1.002, 8, .routed(Self.tuple(40000))), Step(1.003, 7, .routed(Self.tuple(40001, Self.otherPeer))),
            Step(3, 7, .routed(Self.tuple(40002))),
        ]
        #expect(owners(steps, &finder) == ["40000 7 traced"])
        withExtendedLifetime(proc) {}
    }

    @Test func nobodyIsMadeUp() throws {
        var (proc, finder) = try finder()
        let steps = [
            Step(1, 55, .routed(Self.tuple(40000))), Step(2, 99, .settled(socket: 0xA0, Self.tuple(40001))),
        ]
        #expect(owners(steps, &finder).isEmpty)
        #expect(!finder.hasTold(Self.tuple(40000), since: FakeProc.at(1)))
        withExtendedLifetime(proc) {}
    }

    /// A program that begins in the same batch of events, after the connect, did not connect.
    @Test func whatAProcessBecomesLaterDidNotConnect() throws {
        var (proc, finder) = try finder()
        _ = finder.learn([FakeProc.event(0.5, 7, .routed(Self.tuple(39999)))])
        try proc.add(7, "evil")
        let facts = finder.learn([
            FakeProc.event(1, 7, .routed(Self.tuple(40000))), FakeProc.event(2, 7, .named("evil", isExec: true)),
        ])
        guard case .socketOwner(_, let owner)? = facts.first?.body else {
            Issue.record("an owner is told")
            return
        }
        #expect(owner.process?.name == "curl")
    }
}
