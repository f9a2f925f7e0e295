import Model
import Testing

/// Lookups that belong together: search lists, servers asked in turn, both IP versions of one name.
@Suite struct LookupChainTests {
    static let stub: IPAddress = "10.0.0.1"
    static let resolver = Endpoint("10.0.0.53", 53)
    static let address: IPAddress = "192.0.2.80"

    /// Name, when asked, when answered, and the answer's code; each from a port of its own, as the C library does.
    typealias Step = (name: String, asked: Double, answered: Double, rcode: UInt16)

    private func trace(_ steps: [Step], type: UInt16 = 1) -> Trace {
        var trace = Trace()
        for (index, step) in steps.enumerated() {
            let (id, stub) = (UInt16(index), Endpoint(Self.stub, 40000 + UInt16(index)))
            trace.udp(step.asked, stub, Self.resolver, WireDNS.query(id, step.name, type))
            let answers: [WireDNS.Answer] = step.rcode == 0 ? [.address(Self.address)] : []
            trace.udp(
                step.answered, Self.resolver, stub, WireDNS.response(id, step.name, type, rcode: step.rcode, answers))
        }
        return trace
    }

    @Test func aSearchListIsOneSearch() throws {
        var trace = trace([
            ("foo.corp.example", 0, 4, 3), ("foo.example", 4.1, 6, 3), ("foo.lab", 6.1, 9, 0),
        ])
        trace.tcp("10 > S 1000 | 11 < S. 5000", Endpoint(Self.stub, 50000), Endpoint(Self.address, 80))
        let outcome = trace.replay()
        #expect(
            outcome.lookups.map { $0.searched.map(\.name) } == [
                [], ["foo.corp.example"], ["foo.corp.example", "foo.example"],
            ])
        let stage = try #require(outcome.requests.first { $0.transport == .tcp }).stage(.name)
        #expect(stage.start == Trace.time(0) && stage.duration == .milliseconds(9))
        #expect(stage.facts.first { $0.name == "searched" }?.source == .inferred)
        #expect(
            stage.facts.first { $0.name == "searched" }?.value
                == .list(["foo.corp.example nxdomain", "foo.example nxdomain"]))
    }

    /// The names that led nowhere were no failures of their own, once one of them has led somewhere.
    @Test(arguments: [(UInt16(0), Optional("foo.lab")), (3, nil)])
    func whatWasTriedInVainKnowsWhatWasFound(_ last: UInt16, _ found: String?) {
        let outcome = trace([
            ("foo.corp.example", 0, 4, 3), ("foo.example", 4.1, 6, 3), ("foo.lab", 6.1, 9, last),
        ]).replay()
        #expect(outcome.requests.map(\.searchedOn) == [found, found, nil])
    }

    @Test func aSearchThatFailsIsToldOnTheLastLookup() {
        let lookups = trace([("foo.corp.example", 0, 4, 3), ("foo.lab", 4.1, 9, 3), ("foo", 9.2, 10, 3)]).replay()
            .lookups
        #expect(lookups.last?.searched.map(\.name) == ["foo.corp.example", "foo.lab"])
        #expect(lookups.last?.searched.map(\.rcode) == [3, 3])
    }

    struct Stranger: CustomTestStringConvertible {
        var testDescription: String
        var steps: [Step]
        var type: UInt16 = 1
    }

    @Test(arguments: [
        Stranger(
            testDescription: "other leading label", steps: [("foo.a.example", 0, 4, 3), ("bar.b.example", 4.1, 6, 0)]),
        Stranger(
            testDescription: "the first was answered",
            steps: [("foo.a.example", 0, 4, 0), ("foo.b.example", 4.1, 6, 0)]),
        Stranger(
            testDescription: "asked before the first failed",
            steps: [("foo.a.example", 0, 4, 3), ("foo.b.example", 3, 6, 0)]),
        Stranger(testDescription: "much later", steps: [("foo.a.example", 0, 4, 3), ("foo.b.example", 60, 66, 0)]),
        Stranger(
            testDescription: "the same name again", steps: [("foo.a.example", 0, 4, 3), ("foo.a.example", 5, 6, 0)]),
        Stranger(
            testDescription: "block lists",
            steps: [("2.0.0.127.a.example", 0, 4, 3), ("2.0.0.127.b.example", 4.1, 6, 0)]),
        Stranger(testDescription: "services", steps: [("_dmarc.a.example", 0, 4, 3), ("_dmarc.b.example", 4.1, 6, 0)]),
        Stranger(testDescription: "mail", steps: [("foo.a.example", 0, 4, 3), ("foo.b.example", 4.1, 6, 0)], type: 15),
    ])
    func otherLookupsAreNoSearch(_ stranger: Stranger) {
        #expect(trace(stranger.steps, type: stranger.type).replay().lookups.allSatisfy { $0.searched.isEmpty })
    }

    @Test func theNextServerIsAskedWhenTheFirstIsSilent() throws {
        var trace = Trace()
        let (dead, other) = (Endpoint("10.0.0.52", 53), Endpoint(Self.stub, 40001))
        trace.udp(0, Endpoint(Self.stub, 40000), dead, WireDNS.query(7, "www.example.org", 1))
        trace.udp(5000, other, Self.resolver, WireDNS.query(7, "www.example.org", 1))
        trace.udp(5004, Self.resolver, other, WireDNS.response(7, "www.example.org", 1, [.address(Self.address)]))
        trace.tcp("5005 > S 1000 | 5006 < S. 5000", Endpoint(Self.stub, 50000), Endpoint(Self.address, 80))
        let outcome = trace.replay()
        let lookup = try #require(outcome.lookups.first { $0.server == Self.resolver })
        #expect(lookup.askedBefore.map(\.server) == [dead] && lookup.askedBefore.map(\.status) == [.pending])
        let stage = try #require(outcome.requests.first { $0.transport == .tcp }).stage(.name)
        #expect(stage.start == Trace.time(0) && stage.duration == .milliseconds(5004))
        #expect(stage.facts.first { $0.name == "asked_before" }?.value == .list(["10.0.0.52:53 silent"]))
    }

    @Test(arguments: [(50.0, 60.0, 50.0), (50, 30, 10)])
    func theNameStageLastsAsLongAsTheProgramWaited(_ slow: Double, _ connected: Double, _ lasts: Double) throws {
        var trace = Trace()
        let stub = Endpoint(Self.stub, 40000)
        trace.udp(0, stub, Self.resolver, WireDNS.query(1, "www.example.org", 1))
        trace.udp(0, stub, Self.resolver, WireDNS.query(2, "www.example.org", 28))
        trace.udp(10, Self.resolver, stub, WireDNS.response(1, "www.example.org", 1, [.address(Self.address)]))
        let (client, server) = (Endpoint(Self.stub, 50000), Endpoint(Self.address, 80))
        let syn = { (trace: inout Trace) in trace.tcp("\(connected) > S 1000", client, server) }
        if connected < slow { syn(&trace) }
        trace.udp(slow, Self.resolver, stub, WireDNS.response(2, "www.example.org", 28))
        if connected > slow { syn(&trace) }
        let outcome = trace.replay()
        #expect(outcome.lookups.map { $0.pair?.type } == [28, 1])
        #expect(outcome.lookups.map { $0.pair?.status } == [.pending, .answered])
        let request = try #require(outcome.requests.first { $0.transport == .tcp })
        #expect(request.stage(.name).duration == .milliseconds(Int(lasts)))
        // What became of the other half is told even when the program did not wait for it.
        #expect(
            request.names.first?.pair?.status == .noData && request.names.first?.pair?.roundTrip == .milliseconds(50))
    }

    /// Two programs, or two threads, ask for one name at the same time; the second one's answers are slow.
    @Test func socketsThatAskAtTheSameTimeAreToldApart() {
        var trace = Trace()
        let stubs = [Endpoint(Self.stub, 40000), Endpoint(Self.stub, 40001)]
        let ask = { (trace: inout Trace, time: Double, index: Int, type: UInt16) in
            trace.udp(time, stubs[index], Self.resolver, WireDNS.query(type, "www.example.org", type))
        }
        let answer = { (trace: inout Trace, time: Double, index: Int, type: UInt16) in
            let answers: [WireDNS.Answer] = type == 1 ? [.address(Self.address)] : []
            trace.udp(
                time, Self.resolver, stubs[index], WireDNS.response(type, "www.example.org", type, answers))
        }
        ask(&trace, 0, 0, 1)
        ask(&trace, 0.1, 1, 1)
        ask(&trace, 0.2, 0, 28)
        ask(&trace, 0.3, 1, 28)
        answer(&trace, 2, 0, 1)
        answer(&trace, 3, 0, 28)
        answer(&trace, 8, 1, 1)
        answer(&trace, 9, 1, 28)
        let pairs = trace.replay().lookups.map(\.pair)
        #expect(pairs.map { $0?.status } == [.pending, .answered, .pending, .answered])
        #expect(pairs.map { $0?.queried } == [0.2, 0, 0.3, 0.1].map { Trace.time($0) })
        #expect(pairs.map { $0?.answered } == [nil, Trace.time(2), nil, Trace.time(8)])
    }

    /// Some resolvers ask for each type from a socket of its own.
    @Test func aPairOverTwoSockets() {
        var trace = Trace()
        for (index, type) in [UInt16(1), 28].enumerated() {
            let stub = Endpoint(Self.stub, 40000 + UInt16(index))
            trace.udp(Double(index), stub, Self.resolver, WireDNS.query(type, "www.example.org", type))
        }
        for (index, type) in [UInt16(1), 28].enumerated() {
            let stub = Endpoint(Self.stub, 40000 + UInt16(index))
            let answers: [WireDNS.Answer] = type == 1 ? [.address(Self.address)] : []
            trace.udp(
                4 + Double(index), Self.resolver, stub, WireDNS.response(type, "www.example.org", type, answers))
        }
        #expect(trace.replay().lookups.map { $0.pair?.type } == [28, 1])
    }
}
