import Model
import Testing

/// A resolver on the host itself, and what it asks others: two legs of one lookup.
@Suite struct StubTests {
    private static let host: IPAddress = "10.0.0.1"
    private static let application = Endpoint("127.0.0.1", 40000)
    private static let stub = Endpoint("127.0.0.53", 53)
    private static let upstream = Endpoint("10.0.0.53", 53)
    private static let address: IPAddress = "192.0.2.80"

    private func ask(
        _ trace: inout Trace, _ time: Double, _ client: Endpoint, _ server: Endpoint, _ name: String = "www.example.org"
    ) {
        trace.udp(time, client, server, WireDNS.query(1, name, 1))
    }

    private func answer(
        _ trace: inout Trace, _ time: Double, _ client: Endpoint, _ server: Endpoint,
        _ name: String = "www.example.org",
        rcode: UInt16 = 0
    ) {
        trace.udp(
            time, server, client, WireDNS.response(1, name, 1, rcode: rcode, rcode == 0 ? [.address(Self.address)] : [])
        )
    }

    private func trace() -> Trace {
        var trace = Trace()
        trace.hostAddresses = [Self.host]
        return trace
    }

    /// The stub asks from a port of its own each time.
    private func leg(_ number: UInt16) -> Endpoint { Endpoint(Self.host, 50000 + number) }

    @Test func bothLegsAreOneStage() throws {
        var trace = trace()
        ask(&trace, 0, Self.application, Self.stub)
        ask(&trace, 1, leg(0), Self.upstream)
        answer(&trace, 6, leg(0), Self.upstream)
        answer(&trace, 7, Self.application, Self.stub)
        trace.tcp("10 > S 1000 | 11 < S. 5000", Endpoint(Self.host, 60000), Endpoint(Self.address, 80))
        let outcome = trace.replay()
        let lookup = try #require(outcome.lookups.first { $0.server == Self.stub })
        let leg = try #require(lookup.stub?.upstream.first)
        #expect(lookup.stub?.upstream.count == 1 && lookup.stub?.isOwn == false)
        #expect(leg.server == Self.upstream && leg.status == .answered && leg.roundTrip == .milliseconds(5))
        #expect(outcome.lookups.first { $0.server == Self.upstream }?.stub == nil)
        let stage = try #require(outcome.requests.first { $0.transport == .tcp }).stage(.name)
        #expect(stage.start == Trace.time(0) && stage.duration == .milliseconds(7))
        #expect(stage.facts.first { $0.name == "upstream" }?.value == .list(["10.0.0.53:53"]))
        #expect(stage.facts.first { $0.name == "upstream_ms" }?.value == .span(.milliseconds(5)))
        #expect(stage.facts.first { $0.name == "upstream" }?.source == .inferred)
    }

    /// Nobody told which addresses are this host's: the one by which its stub asks is one.
    @Test func aFileShowsWhoseStubItIs() throws {
        var trace = Trace()
        ask(&trace, 0, Self.application, Self.stub)
        ask(&trace, 1, leg(0), Self.upstream)
        answer(&trace, 6, leg(0), Self.upstream)
        answer(&trace, 7, Self.application, Self.stub)
        for client in [Self.host, "10.0.0.9"] {
            trace.tcp("10 > S 1000 | 11 < S. 5000", Endpoint(client, 60000), Endpoint(Self.address, 80))
        }
        let names = trace.replay().requests.filter { $0.transport == .tcp }.map { $0.names.map(\.how) }
        #expect(names == [[.hostAnswer], []])
    }

    @Test func anAnswerThatNobodyElseWasAskedForIsFromTheCache() throws {
        var trace = trace()
        ask(&trace, 0, Self.application, Self.stub)
        ask(&trace, 1, leg(0), Self.upstream)
        answer(&trace, 6, leg(0), Self.upstream)
        answer(&trace, 7, Self.application, Self.stub)
        let later = Endpoint(Self.application.address, 40001)
        ask(&trace, 100, later, Self.stub)
        answer(&trace, 101, later, Self.stub)
        let cached = try #require(trace.replay().lookups.first { $0.client == later })
        #expect(cached.stub?.isOwn == true)
    }

    /// Where no question of the host to others was ever seen, it may ask where nobody looks.
    @Test func nothingIsSaidOfACacheWhoseQuestionsCannotBeSeen() throws {
        var trace = trace()
        ask(&trace, 0, Self.application, Self.stub)
        answer(&trace, 1, Self.application, Self.stub)
        #expect(try #require(trace.replay().lookups.first).stub == nil)
    }

    @Test func norWhereTheyMayBeEncrypted() throws {
        var trace = trace()
        ask(&trace, -10, Self.application, Self.stub, "other.example.org")
        ask(&trace, 0, leg(0), Self.upstream, "other.example.org")
        answer(&trace, 1, leg(0), Self.upstream, "other.example.org")
        trace.tcp("2 > S 1000 | 3 < S. 5000", Endpoint(Self.host, 60000), Endpoint("192.0.2.53", 853))
        ask(&trace, 10, Self.application, Self.stub)
        answer(&trace, 20, Self.application, Self.stub)
        #expect(try #require(trace.replay().lookups.first { $0.server == Self.stub }).stub == nil)
    }

    @Test func serversThatFailAreTold() throws {
        var trace = trace()
        let second = Endpoint("10.0.0.54", 53)
        ask(&trace, 0, Self.application, Self.stub)
        ask(&trace, 1, leg(0), Self.upstream)
        answer(&trace, 3, leg(0), Self.upstream, rcode: 2)
        ask(&trace, 4, leg(1), second)
        answer(&trace, 8, leg(1), second)
        answer(&trace, 9, Self.application, Self.stub)
        let lookup = try #require(trace.replay().lookups.first { $0.server == Self.stub })
        #expect(lookup.stub?.upstream.map(\.server) == [Self.upstream, second])
        #expect(lookup.stub?.upstream.map(\.status) == [.failed, .answered])
    }

    struct Stranger: CustomTestStringConvertible {
        var testDescription: String
        var name = "www.example.org"
        var asked: Double
        var client = Endpoint(StubTests.host, 50000)
    }

    @Test(arguments: [
        Stranger(testDescription: "another name", name: "www.example.net", asked: 1),
        Stranger(testDescription: "before", asked: -5),
        Stranger(testDescription: "after the answer", asked: 8),
        Stranger(testDescription: "another host", asked: 1, client: Endpoint("10.0.0.9", 50000)),
    ])
    func otherQuestionsAreNoLeg(_ stranger: Stranger) throws {
        var trace = trace()
        ask(&trace, 100 + stranger.asked, stranger.client, Self.upstream, stranger.name)
        ask(&trace, 100, Self.application, Self.stub)
        answer(&trace, 107, Self.application, Self.stub)
        trace.frames.sort { $0.time < $1.time }
        let lookup = try #require(trace.replay().lookups.first { $0.server == Self.stub })
        #expect(lookup.stub?.upstream.isEmpty != false)
    }

    @Test func aStubThatGaveUpShowsWhomItAskedInVain() throws {
        var trace = trace()
        ask(&trace, 0, Self.application, Self.stub)
        ask(&trace, 1, leg(0), Self.upstream)
        answer(&trace, 5000, Self.application, Self.stub, rcode: 2)
        let lookup = try #require(trace.replay().lookups.first { $0.server == Self.stub })
        #expect(lookup.stub?.upstream.map(\.status) == [.pending])
    }
}
