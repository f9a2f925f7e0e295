import Model
import Testing

/// Handshakes that go wrong without a word of it.
@Suite struct HandshakeTroubleTests {
    private static let client = Trace.client
    private static let server = Trace.server
    private static let inner = Endpoint("10.0.0.9", 8080)

    private func requests(_ trace: Trace) -> [Lifecycle] { trace.replay().requests.filter { $0.transport == .tcp } }

    /// A SYN-ACK from another address is of the request whose SYN it acknowledges, and no request of its own.
    @Test(arguments: [
        ("0 > S 1000 | 1000 > S 1000 | 3000 > S 1000", "1 < S. 5000 a1001 | 1 > R 1001", true),
        // It acknowledges something else: an answer to somebody who takes the client's address for his own.
        ("0 > S 1000 | 1000 > S 1000 | 3000 > S 1000", "1 < S. 5000 a2001 | 1 > R 2001", false),
        // The client's port is another connection's by now.
        ("0 > S 1000 | 1 < S. 7000 a1001 | 2 > . 1001", "3 < S. 5000 a1001 | 3 > R 1001", false),
    ])
    func anAnswerFromElsewhereIsJoined(_ own: String, _ other: String, _ isJoined: Bool) throws {
        var trace = Trace()
        trace.tcp(own, Self.client, Self.server)
        trace.tcp(other, Self.client, Self.inner)
        trace.frames.sort { $0.time < $1.time }
        let requests = requests(trace)
        let request = try #require(requests.first { $0.server.endpoint == Self.server })
        #expect(requests.count == (isJoined ? 1 : 2))
        #expect(request.elsewhere?.from == (isJoined ? Self.inner : nil))
        #expect(request.elsewhere?.mac == (isJoined ? Trace.mac(Self.inner.address) : nil))
        if isJoined {
            #expect(request.failure == StageFailure(stage: .connect, reason: "no_answer"))
            #expect(request.legs.contains { $0.tuple.destination == Self.inner })
        }
    }

    /// The same port of another client, the same sequence number.
    @Test func anAnswerToSomebodyElseIsNotJoined() {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1000 > S 1000", Self.client, Self.server)
        trace.tcp("1 < S. 5000 a1001 | 1 > R 1001", Endpoint("10.0.0.3", 40000), Self.inner)
        trace.frames.sort { $0.time < $1.time }
        let requests = requests(trace)
        #expect(requests.count == 2 && requests.allSatisfy { $0.elsewhere == nil })
    }

    @Test(arguments: [
        // In TIME-WAIT: an ACK alone, reset, and asked again.
        (
            "0 > S 1000 | 1 < . 9000 a5 | 1 > R 5 | 12 > S 1000 | 13 < S. 5000 a1001 | 14 > . 1001 | 15 > P. 1001+10 | "
                + "16 < P. 5001+10 | 17 > F. 1011 | 18 < F. 5011 | 19 > . 1012", true, nil
        ),
        ("0 > S 1000 | 1 < . 9000 a5 | 1 > R 5 | 1000 > S 1000 | 1001 < . 9000 a5 | 1001 > R 5", true, "port reused"),
        // The SYN-ACK was not captured: the client's own ACK comes before one of the server's.
        ("0 > S 1000 | 2 > . 1001 | 3 > P. 1001+10 | 4 < . 5001", false, nil),
        ("0 > S 1000 | 1 < R. 0", false, "connect refused"),
    ])
    func aPortThatTheServerRemembersIsTold(_ segments: String, _ isRemembered: Bool, _ failure: String?) throws {
        var trace = Trace()
        trace.tcp(segments)
        let request = try #require(requests(trace).first)
        #expect(request.isPortRemembered == isRemembered)
        #expect(request.failure.map { "\($0.stage.name) \($0.reason)" } == failure)
    }

    @Test(arguments: [
        ("0 > S 1000 | 2 > . 1001 | 3 > P. 1001+10 | 9 > F. 1011", Party.client),
        ("0 < S. 5000 | 3 < P. 5001+10 | 9 < F. 5011", .server), ("0 < S. 5000 | 1000 < S. 5000", nil),
        ("0 > S 1000 | 1000 > S 1000", nil), ("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", nil),
    ])
    func oneSideAloneIsTold(_ segments: String, _ party: Party?) throws {
        var trace = Trace()
        trace.tcp(segments)
        let request = try #require(requests(trace).first)
        #expect(request.onlyPartySeen == party)
        if party != nil { #expect(request.failure == nil && request.status(of: .exchange) == .unseen) }
    }

    @Test(arguments: [
        ("1000 < S. 5000 | 1000 > . 1001 | 3000 < S. 5000", true),
        // The client breaks it off, and is asked whether that is meant; then the RST that is.
        (
            "1000 < S. 5000 | 1000 > . 1001 | 3000 < S. 5000 | "
                + "4000 > R. 1011 | 4001 < . 5001 a1001 | 4002 > R 1001",
            true
        ),
        // It was taken, and the client's end came as a surprise.
        ("1000 < S. 5000 | 1001 < . 5001 a1011 | 4000 > R. 1011 | 4001 < . 5001 a1001", false),
        // It was taken after all.
        ("1000 < S. 5000 | 1000 > . 1001 | 1001 < . 5001 a1011", false),
        // Lost on its way to the client, and never repeated after that.
        ("", false),
    ])
    func aConnectionThatIsNeverAcceptedIsTold(_ more: String, _ isTold: Bool) throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001 | 3 > P. 1001+10 | \(more)")
        let request = try #require(requests(trace).first)
        #expect(request.isNeverAccepted == isTold)
        #expect((request.failure == StageFailure(stage: .connect, reason: "not_accepted")) == isTold)
    }

    @Test func aLinkWithoutCarrierIsTold() throws {
        for hasCarrier in [false, true] {
            var correlator = Trace().correlator()
            let link = LinkState(index: 2, name: "eth0", isUp: true, isLoopback: false, hasCarrier: hasCarrier)
            correlator.learn(Fact(time: Trace.time(0), body: .link(link)))
            let hop = HostNeighbour(address: "10.0.0.254", interface: "eth0", state: .failed)
            var unsent = UnsentRequest(
                tuple: FlowTuple(.tcp, Self.client, Self.server), time: Trace.time(1), owner: SocketOwner(nil, .traced),
                cause: .neighbour(hop))
            unsent.ended = Trace.time(3000)
            correlator.learn(Fact(time: Trace.time(3000), body: .unsent(unsent)))
            let records = correlator.takeFinished()
            guard case .request(let request)? = records.first else {
                Issue.record("no request")
                return
            }
            #expect(request.lacksCarrier != hasCarrier)
        }
    }
}
