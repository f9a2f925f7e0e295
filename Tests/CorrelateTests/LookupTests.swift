import Correlate
import Decode
import Model
import Testing

@Suite struct LookupTests {
    static let stub = Endpoint("10.0.0.1", 40000)
    static let resolver = Endpoint("10.0.0.53", 53)
    static let address: IPAddress = "192.0.2.80"

    private func ask(
        _ trace: inout Trace, _ time: Double, _ id: UInt16, _ name: String, _ type: UInt16 = 1,
        from stub: Endpoint = Self.stub
    ) {
        trace.udp(time, stub, Self.resolver, WireDNS.query(id, name, type))
    }

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var type: UInt16 = 1
        var rcode: UInt16 = 0
        var truncated = false
        var answers: [WireDNS.Answer] = []
        var status: LookupStatus
    }

    @Test(arguments: [
        Example(testDescription: "an address", answers: [.address(address)], status: .answered),
        Example(testDescription: "NXDOMAIN", rcode: 3, status: .failed),
        Example(testDescription: "SERVFAIL", rcode: 2, status: .failed),
        Example(testDescription: "no data", status: .noData),
        Example(testDescription: "an alias to nowhere", answers: [.alias("x.example")], status: .noData),
        Example(testDescription: "an alias asked for", type: 5, answers: [.alias("x.example")], status: .answered),
        Example(testDescription: "NXDOMAIN behind an alias", rcode: 3, answers: [.alias("x.example")], status: .failed),
        Example(testDescription: "truncated and empty", truncated: true, status: .answered),
        Example(testDescription: "an IPv6 address", type: 28, answers: [.address("2001:db8::1")], status: .answered),
    ])
    func status(_ example: Example) throws {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org", example.type)
        let response = WireDNS.response(
            7, "www.example.org", example.type, rcode: example.rcode, truncated: example.truncated, example.answers)
        trace.udp(12, Self.resolver, Self.stub, response)
        let outcome = trace.replay()
        try #require(outcome.lookups.count == 1 && outcome.requests.count == 1)
        let lookup = outcome.lookups[0]
        #expect(lookup.status == example.status && lookup.rcode == example.rcode)
        #expect(lookup.truncated == example.truncated && lookup.answers.count == example.answers.count)
        #expect(lookup.client == Self.stub && lookup.server == Self.resolver && lookup.transactionID == 7)
        #expect(lookup.name == "www.example.org" && lookup.type == example.type)
        #expect(lookup.queried == Trace.time(0) && lookup.roundTrip == .milliseconds(12) && lookup.retries == 0)
        #expect(outcome.requests[0].application.kind == .dns)
        #expect(outcome.requests[0].lookups.map(\.status) == [example.status])
    }

    @Test func retriesBelongToOneLookup() {
        var trace = Trace()
        for time in [0.0, 5000, 10000] { ask(&trace, time, 7, "www.example.org") }
        trace.udp(10010, Self.resolver, Self.stub, WireDNS.response(7, "www.example.org", 1, [.address(Self.address)]))
        let lookups = trace.replay().lookups
        #expect(lookups.map(\.retries) == [2])
        #expect(lookups.map(\.roundTrip) == [.milliseconds(10010)])
    }

    @Test func anAnswerThatComesTwiceCountsOnce() {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org")
        for time in [10.0, 11, 12] {
            trace.udp(
                time, Self.resolver, Self.stub, WireDNS.response(7, "www.example.org", 1, [.address(Self.address)]))
        }
        #expect(trace.replay().lookups.map(\.status) == [.answered])
    }

    @Test func answersAloneAreLookupsWithoutAQuery() throws {
        var trace = Trace()
        // The pair that resolvers ask from one socket, each answer twice.
        for time in [0.0, 1] {
            trace.udp(
                time, Self.resolver, Self.stub, WireDNS.response(1, "www.example.org", 1, [.address(Self.address)]))
            trace.udp(time + 0.5, Self.resolver, Self.stub, WireDNS.response(2, "www.example.org", 28))
        }
        let lookups = trace.replay().lookups
        #expect(lookups.map(\.status) == [.answered, .noData])
        #expect(lookups.map(\.client) == [Self.stub, Self.stub])
        #expect(lookups.map(\.queried) == [nil, nil] && lookups.map(\.roundTrip) == [nil, nil])
    }

    @Test func aQuestionAfterAnUnmatchedAnswerKeepsItsSides() {
        var trace = Trace()
        trace.udp(0, Self.resolver, Self.stub, WireDNS.response(1, "www.example.org", 1, [.address(Self.address)]))
        ask(&trace, 10, 2, "gone.example")
        let lookups = trace.replay().lookups
        #expect(lookups.map(\.status) == [.answered, .noAnswer])
        #expect(
            lookups.map(\.client) == [Self.stub, Self.stub] && lookups.map(\.server) == [Self.resolver, Self.resolver])
    }

    @Test func addressesOfBothVersionsAskedForAtOnce() {
        var trace = Trace()
        ask(&trace, 0, 1, "www.example.org", 1)
        ask(&trace, 0, 2, "www.example.org", 28)
        trace.udp(9, Self.resolver, Self.stub, WireDNS.response(2, "www.example.org", 28, [.address("2001:db8::80")]))
        trace.udp(11, Self.resolver, Self.stub, WireDNS.response(1, "www.example.org", 1, [.address(Self.address)]))
        let lookups = trace.replay().lookups
        #expect(lookups.map(\.type) == [28, 1])
        #expect(lookups.map(\.roundTrip) == [.milliseconds(9), .milliseconds(11)])
    }

    @Test func unansweredAtTheEndOfTheCapture() {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org")
        ask(&trace, 5000, 7, "www.example.org")
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.status) == [.noAnswer] && outcome.lookups.map(\.retries) == [1])
        #expect(outcome.lookups.map(\.rcode) == [nil] && outcome.lookups.map(\.answered) == [nil])
        #expect(outcome.requests.map { $0.lookups.map(\.status) } == [[.noAnswer]])
    }

    @Test func unansweredForFifteenSeconds() {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org")
        trace.udp(16_000, Endpoint("10.9.9.9", 1), Endpoint("10.9.9.8", 2), [1])
        trace.udp(16_001, Self.resolver, Self.stub, WireDNS.response(7, "www.example.org", 1))
        let lookups = trace.replay().lookups
        // The answer that is too late is told as one whose question was not seen.
        #expect(lookups.map(\.status) == [.noAnswer, .noData] && lookups.map(\.queried) == [Trace.time(0), nil])
    }

    @Test func aQuestionThatIsOverIsNotAnsweredOnAQuietNetworkEither() {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org")
        trace.udp(16_000, Self.resolver, Self.stub, WireDNS.response(7, "www.example.org", 1))
        #expect(trace.replay().lookups.map(\.status) == [.noAnswer, .noData])
    }

    @Test func theOldestQuestionGivesWay() {
        var trace = Trace()
        trace.settings.lookupCapacity = 2
        for id in 1...3 { ask(&trace, Double(id), UInt16(id), "host\(id).example") }
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.name) == ["host1.example", "host2.example", "host3.example"])
        #expect(outcome.lookups.allSatisfy { $0.status == .noAnswer })
        let table = outcome.summary.tables.first { $0.name == "lookups" }
        #expect(table?.evictions == 1 && table?.peak == 2 && table?.count == 0)
    }

    @Test func anUnansweredQuestionDoesNotTakeTheRoomOfThoseAfterIt() {
        var trace = Trace()
        trace.settings.lookupCapacity = 3
        ask(&trace, 0, 9999, "silent.example")
        for number in 0..<40 {
            let (id, time) = (UInt16(number), Double(number) + 1)
            ask(&trace, time, id, "www.example.org")
            trace.udp(time + 0.5, Self.resolver, Self.stub, WireDNS.response(id, "www.example.org", 1))
        }
        trace.udp(50, Self.resolver, Self.stub, WireDNS.response(9999, "silent.example", 1))
        let outcome = trace.replay()
        #expect(outcome.lookups.count == 41 && outcome.lookups.allSatisfy { $0.status == .noData })
        #expect(outcome.lookups.last?.roundTrip == .milliseconds(50))
        let table = outcome.summary.tables.first { $0.name == "lookups" }
        #expect(table?.evictions == 0 && table?.peak == 2)
    }

    @Test(arguments: 1...100) func questionsOfOneExchangeInAnyOrder(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var trace = Trace()
        trace.settings.lookupCapacity = 6
        let stubs = [Self.stub, Endpoint("10.0.0.1", 40001)]
        var open: [(UInt16, Endpoint)] = []
        for id in UInt16(0)..<60 {
            if let stub = stubs.randomElement(using: &random) {
                ask(&trace, Double(id), id, "host\(id).example", from: stub)
                open.append((id, stub))
            }
            // Within the capacity, so that nothing is evicted.
            while open.count > 5 || (!open.isEmpty && Bool.random(using: &random)) {
                let (id, stub) = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                trace.udp(Double(id) + 0.5, Self.resolver, stub, WireDNS.response(id, "host\(id).example", 1))
            }
        }
        let unanswered = Set(open.map(\.0))
        let outcome = trace.replay()
        let told = outcome.lookups.filter { $0.status == .noAnswer }.map(\.transactionID)
        #expect(outcome.lookups.count == 60 && Set(told) == unanswered && told.count == unanswered.count)
        #expect(told == told.sorted())
        #expect(outcome.summary.tables.first { $0.name == "lookups" }?.evictions == 0)
    }

    @Test func anExchangeThatIsEvictedGivesUpItsQuestions() {
        var trace = Trace()
        trace.settings.flowCapacity = 1
        ask(&trace, 0, 1, "a.example")
        ask(&trace, 1, 2, "b.example")
        trace.udp(2, Endpoint("10.9.9.9", 1), Endpoint("10.9.9.8", 2), [1])
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.name) == ["a.example", "b.example"])
        #expect(outcome.requests.map(\.ending) == [.evicted, .captureEnded])
        #expect(outcome.requests.first?.lookups.map(\.name) == ["a.example", "b.example"])
    }

    @Test func aLongNameIsKeptWhole() {
        var trace = Trace()
        let name = (0..<7).map { "label-\($0)-" + String(repeating: "x", count: 20) }.joined(separator: ".")
        ask(&trace, 0, 7, name)
        #expect(trace.replay().lookups.map(\.name) == [name])
    }

    @Test func damageInTheAnswersIsCountedWithTheRecord() {
        var trace = Trace()
        ask(&trace, 0, 7, "www.example.org")
        var response = WireDNS.response(7, "www.example.org", 1, [.address(Self.address), .address("192.0.2.81")])
        response.removeLast(3)
        trace.udp(5, Self.resolver, Self.stub, response)
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.answers.count) == [1] && outcome.lookups.map(\.answersLeftOut) == [1])
        let layer = outcome.summary.layers.first { $0.layer == .dns }
        #expect(layer?.malformed == 1 && layer?.decoded == 1)  // the query alone
    }
}
