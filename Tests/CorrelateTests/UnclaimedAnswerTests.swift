import Correlate
import Decode
import Model
import Testing

/// Answers that come to a tuple that nobody has any more, or never had.
@Suite struct UnclaimedAnswerTests {
    private static let inside = Endpoint("10.0.1.5", 45956)
    private static let outside = Endpoint("11.22.33.44", 1189)
    private static let server = Endpoint("203.0.113.9", 5000)

    private static func translation(_ transport: TransportProtocol, ended: Double? = nil) -> Translation {
        var translation = Translation(
            original: FlowTuple(transport, inside, server), reply: FlowTuple(transport, server, outside),
            how: .conntrack, began: Trace.time(0.02))
        translation.ended = ended.map(Trace.time)
        return translation
    }

    private static func refusal(_ packet: [UInt8], from: Endpoint, to: Endpoint) -> [UInt8] {
        Wire.icmp(3, 3, rest: 0, Wire.ip(to.address, from.address, 17, packet))
    }

    /// A question through a router at 0 ms; answers come to the outside, and to the inside where they pass.
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// When answers come to the outside, and whether each passes.
        var answers: [(time: Double, passes: Bool)]
        var ended: Double?
        /// The kernel tells of the end before the frame of this number.
        var toldBefore = 99
        var isRefused = false
        /// The time of the one that found nobody.
        var unclaimed: Double?
        var refusal: UnclaimedAnswer.Refusal?
    }

    private static let examples: [Example] = [
        Example(testDescription: "in time", answers: [(10, true)], ended: 30_000),
        Example(testDescription: "in time, and the mapping ended at once", answers: [(10, true)], ended: 10.1),
        Example(
            testDescription: "after the end", answers: [(3000, false)], ended: 1000, toldBefore: 2, unclaimed: 3000),
        Example(
            testDescription: "the end is told with the answer", answers: [(3000, false)], ended: 3000.1, unclaimed: 3000
        ),
        Example(
            testDescription: "refused", answers: [(3000, false)], ended: 3000.1, isRefused: true, unclaimed: 3000,
            refusal: .icmp("port_unreachable")),
        // By a rule of the router's.
        Example(testDescription: "refused while the mapping stood", answers: [(3000, false)], isRefused: true),
        Example(
            testDescription: "refused, and the mapping ended long after", answers: [(3000, false)], ended: 30_000,
            isRefused: true),
        Example(testDescription: "dropped while the mapping stood", answers: [(10, false)], ended: 30_000),
        Example(
            testDescription: "one was lost and a later one passed", answers: [(1000, false), (1010, true)], ended: 1005),
        Example(
            testDescription: "another one after the first", answers: [(10, true), (40_000, false)], ended: 30_000,
            unclaimed: 40_000),
    ]

    @Test(arguments: examples) func behindNAT(_ example: Example) throws {
        var trace = Trace()
        trace.udp(0, Self.inside, Self.server, [1], on: 1)
        trace.udp(0.05, Self.outside, Self.server, [1], on: 2)
        for answer in example.answers {
            trace.udp(answer.time, Self.server, Self.outside, [2], on: 2)
            if answer.passes { trace.udp(answer.time + 0.05, Self.server, Self.inside, [2], on: 1) }
            if example.isRefused {
                let message = Self.refusal(
                    Wire.udp(Self.server.port, Self.outside.port, [2]), from: Self.outside, to: Self.server)
                trace.packet(answer.time + 0.1, Self.outside.address, Self.server.address, 1, message, on: 2)
            }
        }
        var facts: [(before: Int, body: Fact.Body)] = [(1, .translation(Self.translation(.udp)))]
        if let ended = example.ended {
            facts.append((example.toldBefore, .translation(Self.translation(.udp, ended: ended))))
        }
        trace.settings.udpTimeout = .seconds(60)
        let request = try #require(TranslationTests.replay(trace, facts).records.first)
        #expect(request.unclaimed?.time == example.unclaimed.map(Trace.time))
        #expect(request.unclaimed?.refusal == example.refusal)
        #expect(request.unclaimed.map { $0.missing == .mapping && $0.tuple.source == Self.outside } ?? true)
        #expect(request.stage(.translation).reason == (example.unclaimed == nil ? nil : "mapping_gone"))
        #expect((request.outcome == .failed) == (example.unclaimed != nil))
    }

    /// Where only the outside is watched, the kernel's word or the refusal tells.
    @Test(arguments: [
        (1000.0, false, true), (3000.2, true, true), (3000.2, false, false), (30_000, false, false),
        (30_000, true, false),
    ])
    func seenOnTheOutsideAlone(_ ended: Double, _ isRefused: Bool, _ isTold: Bool) throws {
        var trace = Trace()
        trace.udp(0, Self.outside, Self.server, [1], on: 2)
        trace.udp(3000, Self.server, Self.outside, [2], on: 2)
        if isRefused {
            let message = Self.refusal(
                Wire.udp(Self.server.port, Self.outside.port, [2]), from: Self.outside, to: Self.server)
            trace.packet(3000.1, Self.outside.address, Self.server.address, 1, message, on: 2)
        }
        let request = try #require(
            TranslationTests.replay(
                trace,
                [(0, .translation(Self.translation(.udp))), (99, .translation(Self.translation(.udp, ended: ended)))]
            ).records.first)
        #expect((request.unclaimed?.missing == .mapping) == isTold)
        #expect((request.stage(.translation).reason == "mapping_gone") == isTold)
        // The client behind the mapping had closed its socket.
        #expect((request.unclaimed?.missing == .socket) == (isRefused && !isTold))
    }

    /// Without the kernel's word both sides are joined by the segment, and a refusal tells.
    @Test(arguments: [true, false]) func inAFile(_ isRefused: Bool) throws {
        var trace = Trace()
        trace.udp(0, Self.inside, Self.server, [1, 2, 3, 4, 5, 6, 7, 8], on: 1)
        trace.packet(
            0.05, Self.outside.address, Self.server.address, 17,
            Wire.udp(Self.outside.port, Self.server.port, [1, 2, 3, 4, 5, 6, 7, 8]), on: 2, ttl: 63)
        trace.udp(3000, Self.server, Self.outside, [2], on: 2)
        if isRefused {
            let message = Self.refusal(
                Wire.udp(Self.server.port, Self.outside.port, [2]), from: Self.outside, to: Self.server)
            trace.packet(3000.1, Self.outside.address, Self.server.address, 1, message, on: 2)
        }
        let request = try #require(trace.replay().requests.first)
        #expect(request.translation?.how == .segment)
        #expect((request.unclaimed?.missing == .mapping) == isRefused)
    }

    /// The router has no such connection, and resets it in the client's name.
    @Test(arguments: [true, false]) func aConnectionWhoseMappingWasDeleted(_ clientHadClosed: Bool) throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 @1 | 10.05 < S. 5000 a1001 @1 | 20 > . 1001 a5001 @1", Self.inside, Self.server)
        trace.tcp("0.05 > S 1000 @2 | 10 < S. 5000 a1001 @2 | 20.05 > . 1001 a5001 @2", Self.outside, Self.server)
        trace.tcp("21 > P. 1001+10 a5001 @1", Self.inside, Self.server)
        if clientHadClosed { trace.tcp("1000 > F. 1011 a5001 @1", Self.inside, Self.server) }
        trace.tcp("2000 < P. 5001+10 a1011 @2 | 2000.1 > R 1011 @2", Self.outside, Self.server)
        trace.frames.sort { $0.time < $1.time }
        let request = try #require(
            TranslationTests.replay(
                trace,
                [(1, .translation(Self.translation(.tcp))), (99, .translation(Self.translation(.tcp, ended: 500)))]
            ).records.first)
        #expect(request.client.endpoint == Self.inside)
        if clientHadClosed {
            #expect(request.unclaimed == nil)
        } else {
            #expect(request.unclaimed?.time == Trace.time(2000) && request.unclaimed?.refusal == .reset)
            #expect(request.stage(.translation).reason == "mapping_gone")
            // The RST was not the client's.
            #expect(request.client.tcp?.rst == nil)
        }
    }

    struct Closed: Sendable {
        var answers: [Double]
        var questions: [Double] = [0]
        /// After the first answer.
        var refused: Double?
        var isTold = false
    }

    private static let closed = [
        Closed(answers: [1500], refused: 0.1, isTold: true),
        Closed(answers: [1500]),
        Closed(answers: [10, 1500], refused: 1490.1),
        Closed(answers: [10], questions: [0, 20], refused: 20.1),
        Closed(answers: [1500], refused: 2000),
    ]

    /// The client turned the first answer away; what comes after one that it took is of no matter.
    @Test(arguments: closed) func anAnswerToAClosedSocket(_ example: Closed) throws {
        let client = Endpoint("10.0.0.1", 40000)
        var trace = Trace()
        for time in example.questions { trace.udp(time, client, Self.server, [1]) }
        for time in example.answers { trace.udp(time, Self.server, client, [2]) }
        if let refused = example.refused {
            let message = Self.refusal(Wire.udp(Self.server.port, client.port, [2]), from: client, to: Self.server)
            trace.packet(example.answers[0] + refused, client.address, Self.server.address, 1, message)
        }
        trace.frames.sort { $0.time < $1.time }
        let request = try #require(trace.replay().requests.first)
        #expect((request.unclaimed?.missing == .socket) == example.isTold)
        #expect(request.stage(.exchange).reason == (example.isTold ? "answer_unclaimed" : nil))
        #expect(!request.isAskedByNobody)
    }

    /// A RST that acknowledges nothing says that nobody has the port. With anything else of the client before it, or with an
    /// acknowledgment, somebody had.
    @Test(arguments: [
        ("0 < S. 5000 a1001 | 1 > R 1001", true),
        ("0 < S. 5000 a1001 | 1 > R 1001 | 1000 < S. 5000 a1001 | 1001 > R 1001", true),
        ("0 < P. 5000+10 a1001 | 1 > R 1001", true),
        ("0 < P. 5000+10 a1001 | 1 > R. 1001 a5010", false),
        ("0 < P. 5000+10 a1001 | 1 > . 1001 a5010 | 2 > R 1001", false),
        ("0 > S 1000 | 1 < S. 5000 a1001 | 2 > R 1001", false),
        ("0 < S. 5000 a1001 | 1 > . 1001 a5001 | 2 > R 1001", false),
        ("0 < S. 5000 a1001", false),
    ]) func aSegmentThatNobodyAskedFor(_ segments: String, _ isTold: Bool) throws {
        var trace = Trace()
        trace.tcp(segments, Endpoint("10.0.0.1", 45001), Endpoint("10.0.0.2", 443))
        let outcome = trace.replay()
        let request = try #require(outcome.requests.first)
        #expect(outcome.requests.count == 1 && request.server.endpoint.port == 443)
        #expect(request.isUnsolicited == isTold)
        guard isTold else { return }
        #expect(request.outcome == .unknown && request.failure == nil)
        #expect(request.stage(.connect).status == .unseen && request.stage(.process).status == .notApplicable)
    }

    /// A response before any question is the server's, whoever spoke first.
    @Test func aDNSResponseWithoutAQuestion() throws {
        let (client, resolver) = (Endpoint("10.0.0.1", 45003), Endpoint("203.0.113.53", 53))
        let response = WireDNS.response(7, "www.example.org", 1, [.address("192.0.2.80")])
        var trace = Trace()
        trace.udp(0, resolver, client, response)
        let message = Self.refusal(Wire.udp(53, client.port, response), from: client, to: resolver)
        trace.packet(0.1, client.address, resolver.address, 1, message)
        let outcome = trace.replay()
        let request = try #require(outcome.requests.first)
        #expect(request.client.endpoint == client && request.server.endpoint == resolver)
        #expect(request.isAskedByNobody && request.stage(.exchange).reason == "answer_unclaimed")
        #expect(outcome.lookups.map(\.name) == ["www.example.org"])
    }
}
