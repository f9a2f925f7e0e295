import Correlate
import Decode
import Model
import Testing

/// Connects whose first packet was held back by the kernel, as facts. Times are milliseconds after the trace's start.
@Suite struct UnsentTests {
    private static let curl = Process(pid: 7, name: "curl", networkNamespace: .own)
    private static let tuple = FlowTuple(.tcp, Trace.client, Trace.server)

    private static func fact(_ state: HostNeighbour.State = .failed) -> Fact {
        var request = UnsentRequest(
            tuple: tuple, time: Trace.time(0), owner: SocketOwner(curl, .traced),
            cause: .neighbour(HostNeighbour(address: tuple.destination.address, interface: "eth0", state: state)))
        request.ended = Trace.time(3050)
        return Fact(time: Trace.time(3050), body: .unsent(request))
    }

    private func requests(_ trace: Trace) -> [Lifecycle] {
        var trace = trace
        trace.hostAddresses = [Trace.client.address]
        var correlator = trace.correlator()
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        correlator.learn(Self.fact())
        var outcome = Trace.Outcome()
        while correlator.finish(atMost: 10) { outcome.add(correlator.takeFinished()) }
        outcome.add(correlator.takeFinished())
        return outcome.requests
    }

    @Test func theNextHopThatDidNotAnswerIsToldWithItsRequests() throws {
        var trace = Trace()
        for second in 0..<3 {
            trace.arp(Double(second) * 1000, 1, Trace.client.address, target: Trace.server.address)
        }
        let found = requests(trace)
        try #require(found.count == 1)
        let lifecycle = found[0]
        #expect(lifecycle.failure == StageFailure(stage: .neighbour, reason: "unanswered"))
        #expect(lifecycle.client.endpoint == Trace.client && lifecycle.server.endpoint == Trace.server)
        #expect(lifecycle.owner?.process?.name == "curl" && lifecycle.direction == .outbound)
        #expect(lifecycle.first == Trace.time(0) && lifecycle.last == Trace.time(3050))
        #expect(lifecycle.neighbour?.requests == 3)
        #expect(lifecycle.stage(.neighbour).facts.contains(StageFact("requests", .integer(3))))
    }

    /// ARP was answered for somebody, and not captured for this one: nothing is said of requests.
    @Test func anAnswerThatWasSeenIsNoSilence() {
        var trace = Trace()
        trace.arp(0, 1, Trace.client.address, target: Trace.server.address)
        trace.arp(1, 2, Trace.server.address, target: Trace.client.address)
        #expect(requests(trace).map(\.neighbour) == [nil])
    }

    /// Its first packet was seen: whatever the kernel's table says later, it was sent.
    @Test func aRequestThatWasSeenIsNotToldTwice() {
        var trace = Trace()
        trace.tcp("100 > S 1000 | 1100 > S 1000")
        let found = requests(trace)
        #expect(found.count == 1 && found[0].unsent == nil)
    }

    /// Told while ports are scarce towards that very peer, for as long as the news are fresh.
    @Test(arguments: [(0.0, Trace.server, true), (0, Endpoint("10.0.0.3", 80), false), (-31_000, Trace.server, false)])
    func fewPortsAreTold(_ told: Double, _ peer: Endpoint, _ isTold: Bool) throws {
        var trace = Trace()
        trace.hostAddresses = [Trace.client.address]
        trace.tcp("100 > S 1000 | 110 < S. 5000")
        var correlator = trace.correlator()
        var pressure = PortPressure(source: Trace.client.address, peer: peer, inUse: 24_000, timeWait: 23_000)
        pressure.growth = 423.2
        let range = EphemeralPorts(first: 32_768, last: 60_999)
        correlator.learn(Fact(time: Trace.time(told), body: .portsScarce([PortScarcity(pressure, of: range)])))
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        var outcome = Trace.Outcome()
        while correlator.finish(atMost: 10) { outcome.add(correlator.takeFinished()) }
        outcome.add(correlator.takeFinished())
        let stage = try #require(outcome.requests.first).stage(.port)
        #expect(stage.status == .ok)
        #expect(stage.facts.contains(StageFact("ports_in_use", .integer(24_000), from: .kernel)) == isTold)
        #expect(stage.facts.contains(StageFact("exhausted_in_ms", .span(.seconds(10)), from: .inferred)) == isTold)
    }
}
