import Model
import Testing

@testable import Correlate

/// Several connections to the addresses of one name: one request (RFC 8305).
@Suite struct RaceTests {
    static let resolver = Endpoint("10.0.0.53", 53)
    static let (four, six): (IPAddress, IPAddress) = ("192.0.2.80", "2001:db8::80")
    static let (client4, client6): (IPAddress, IPAddress) = ("10.0.0.1", "2001:db8:1::1")
    /// Both addresses of the client stand for one station.
    static let station = MACAddress(bits: 0x0200_0000_0001)

    /// A client that has asked for both addresses of a name at 0 ms.
    private func trace(_ name: String = "www.example.org", hops: Bool = true) -> Trace {
        var trace = Trace()
        if hops { trace.hostAddresses = [Self.client4, Self.client6] }
        ask(&trace, 0, name)
        return trace
    }

    private func ask(_ trace: inout Trace, _ time: Double, _ name: String, port: UInt16 = 40000) {
        let stub = Endpoint(Self.client4, port)
        for (id, type, address) in [(UInt16(1), UInt16(1), Self.four), (2, 28, Self.six)] {
            trace.udp(time, stub, Self.resolver, WireDNS.query(id, name, type))
            trace.udp(time + 1, Self.resolver, stub, WireDNS.response(id, name, type, [.address(address)]))
        }
    }

    private func six(_ port: UInt16 = 50006, to: UInt16 = 443) -> (Endpoint, Endpoint) {
        (Endpoint(Self.client6, port), Endpoint(Self.six, to))
    }
    private func four(_ port: UInt16 = 50004, to: UInt16 = 443) -> (Endpoint, Endpoint) {
        (Endpoint(Self.client4, port), Endpoint(Self.four, to))
    }

    private func tcp(_ trace: inout Trace, _ text: String, _ ends: (Endpoint, Endpoint)) {
        trace.tcp(text, ends.0, ends.1)
    }

    private func connections(_ outcome: Trace.Outcome) -> [Lifecycle] {
        outcome.requests.filter { $0.transport == .tcp }
    }

    /// Answered, used and closed, from `time` on.
    private func success(_ time: Double) -> String {
        let at = { (offset: Double) in String(time + offset) }
        return "\(at(0)) > S 1000 | \(at(5)) < S. 5000 | \(at(6)) > . 1001 | \(at(7)) > P. 1001+100 | "
            + "\(at(15)) < P. 5001+200 | \(at(16)) > F. 1101 | \(at(17)) < F. 5201 | \(at(18)) > . 1102"
    }

    @Test func theSilentAddressIsAnAttemptOfTheOtherOne() throws {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, success(210), four())
        let outcome = trace.replay()
        let requests = connections(outcome)
        try #require(requests.count == 1)
        #expect(outcome.summary.requests == 2)  // the lookups' exchange is the other one
        let request = requests[0]
        #expect(request.server.endpoint.address == Self.four && request.outcome == .ok)
        #expect(request.attempts.map(\.outcome) == [.abandoned, .won])
        #expect(request.attempts.map(\.server.address) == [Self.six, Self.four])
        let stage = request.stage(.connect)
        #expect(stage.start == Trace.time(10) && stage.duration == .milliseconds(206))
        #expect(stage.facts.first { $0.name == "attempts_ms" }?.value == .span(.milliseconds(200)))
        #expect(stage.facts.first { $0.name == "attempts" }?.source == .inferred)
    }

    /// Times in a file may be any, and the next attempt at the other end of time.
    @Test func timesMayBeAnything() throws {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, "20 > S 1000", four())
        for index in trace.frames.indices {
            let isLast = index == trace.frames.count - 1
            trace.frames[index].time = Timestamp(nanoseconds: isLast ? .max : .min + Int64(index))
        }
        #expect(connections(trace.replay()).count == 2)
    }

    @Test func aRefusalLeadsToTheNextAddress() throws {
        var trace = trace()
        tcp(&trace, "10 > S 1000 | 11 < R. 0", six())
        tcp(&trace, success(12), four())
        let requests = connections(trace.replay())
        #expect(requests.count == 1 && requests.first?.outcome == .ok)
        #expect(requests.first?.attempts.map(\.reason) == ["refused", nil])
        #expect(requests.first?.attempts.first?.duration == .milliseconds(1))
    }

    @Test func whenAllFailTheLastIsTheRequest() {
        var trace = trace()
        tcp(&trace, "10 > S 1000 | 11 < R. 0", six())
        tcp(&trace, "12 > S 1000 | 13 < R. 0", four())
        let requests = connections(trace.replay())
        #expect(requests.count == 1 && requests.first?.server.endpoint.address == Self.four)
        #expect(requests.first?.attempts.map(\.outcome) == [.failed, .failed])
        #expect(requests.first?.failure == StageFailure(stage: .connect, reason: "refused"))
    }

    @Test func theFirstMayWinAfterAll() {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, "210 > S 1000", four())
        tcp(&trace, "230 < S. 5000 | 231 > . 1001 | 232 > P. 1001+10 | 240 < P. 5001+10", six())
        tcp(&trace, "250 < S. 5000 | 251 > R 1001", four())
        let requests = connections(trace.replay())
        #expect(requests.count == 1 && requests.first?.server.endpoint.address == Self.six)
        #expect(requests.first?.attempts.map(\.outcome) == [.won, .failed])
        #expect(requests.first?.attempts.last?.reason == "aborted")
    }

    @Test func bothAnsweredAndOneIsUsed() {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, "210 > S 1000 | 212 < S. 5000 | 213 > . 1001", four())
        tcp(&trace, "213 < S. 5000 | 214 > . 1001 | 215 > P. 1001+10 | 220 < P. 5001+10", six())
        tcp(&trace, "216 > F. 1001 | 217 < F. 5001 | 218 > . 1002", four())
        let requests = connections(trace.replay())
        #expect(requests.count == 1 && requests.first?.server.endpoint.address == Self.six)
        #expect(requests.first?.attempts.map(\.outcome) == [.won, .lost])
    }

    @Test func bothUsedAreTwoRequests() {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, success(210), four())
        tcp(&trace, success(212).split(separator: "|").dropFirst().joined(separator: "|"), six())
        let requests = connections(trace.replay())
        #expect(requests.count == 2 && requests.allSatisfy { $0.attempts.isEmpty })
    }

    struct Apart: CustomTestStringConvertible {
        var testDescription: String
        var first = "10 > S 1000 | 11 < R. 0"
        var second: Double = 12
        var port: UInt16 = 443
        var asksAgain = false
        var hops = true
    }

    @Test(arguments: [
        Apart(
            testDescription: "the first was answered", first: "10 > S 1000 | 11 < S. 5000 | 12 > . 1001", second: 200),
        Apart(testDescription: "two seconds after the refusal", second: 2012),
        Apart(testDescription: "after the next SYN was due", first: "10 > S 1000 | 1010 > S 1000", second: 5000),
        Apart(testDescription: "another port", port: 80),
        Apart(testDescription: "the name was asked for again", second: 500, asksAgain: true),
        Apart(testDescription: "nobody says that both addresses are one client's", hops: false),
    ])
    func otherConnectionsAreOtherRequests(_ example: Apart) {
        var trace = trace(hops: example.hops)
        tcp(&trace, example.first, six())
        if example.asksAgain { ask(&trace, 400, "www.example.org", port: 40001) }
        tcp(&trace, success(example.second), four(to: example.port))
        let requests = connections(trace.replay())
        #expect(requests.count == 2 && requests.allSatisfy { $0.attempts.isEmpty })
    }

    @Test func anotherNameIsAnotherRequest() {
        var trace = trace()
        let stub = Endpoint(Self.client4, 40001)
        trace.udp(2, stub, Self.resolver, WireDNS.query(3, "other.example", 1))
        trace.udp(3, Self.resolver, stub, WireDNS.response(3, "other.example", 1, [.address("192.0.2.81")]))
        tcp(&trace, "10 > S 1000 | 11 < R. 0", six())
        tcp(&trace, success(12), (Endpoint(Self.client4, 50004), Endpoint("192.0.2.81", 443)))
        #expect(connections(trace.replay()).count == 2)
    }

    @Test func manyClientsAtOnceHaveOneRequestEach() {
        var trace = trace()
        for index in 0..<20 { tcp(&trace, "\(10 + index) > S 1000", six(51000 + UInt16(index))) }
        for index in 0..<20 { tcp(&trace, success(Double(210 + index)), four(52000 + UInt16(index))) }
        let requests = connections(trace.replay())
        #expect(requests.count == 20 && requests.allSatisfy { $0.attempts.count == 2 && $0.outcome == .ok })
        #expect(requests.allSatisfy { $0.stage(.connect).duration == .milliseconds(206) })
    }

    @Test func attemptsAreBounded() {
        var trace = Trace()
        let stub = Endpoint(Self.client4, 40000)
        let addresses = (1...12).compactMap { IPAddress("192.0.2.\($0)") }
        trace.udp(0, stub, Self.resolver, WireDNS.query(1, "www.example.org", 1))
        trace.udp(
            1, Self.resolver, stub,
            WireDNS.response(1, "www.example.org", 1, addresses.map { WireDNS.Answer.address($0) }))
        for (index, address) in addresses.enumerated() {
            tcp(
                &trace, "\(10 + 250 * index) > S 1000",
                (Endpoint(Self.client4, 50000 + UInt16(index)), Endpoint(address, 443)))
        }
        let requests = connections(trace.replay())
        #expect(requests.map(\.attempts.count).max() == ConnectAttempt.capacity)
        #expect(requests.reduce(0) { $0 + max(1, $1.attempts.count) } == 12)
    }

    @Test func followersHearWhatAnAttemptBelongsTo() throws {
        var trace = trace()
        tcp(&trace, "10 > S 1000", six())
        tcp(&trace, "210 > S 1000 | 215 < S. 5000 | 216 > . 1001", four())
        var correlator = trace.correlator()
        correlator.notesChanges = true
        var told: [Lifecycle] = []
        for frame in trace.frames {
            correlator.observe(frame.bytes.span.bytes, frame.info)
            told += correlator.takeChanged().filter { $0.transport == .tcp }
        }
        let (first, last) = (try #require(told.first), try #require(told.last { $0.attemptOf == nil }))
        #expect(first.server.endpoint.address == Self.six && first.attemptOf == nil)
        #expect(told.filter { $0.id == first.id }.dropFirst().allSatisfy { $0.attemptOf == last.id })
        #expect(last.attempts.map(\.outcome) == [.abandoned, .won])
        let open = correlator.open(before: nil, count: 10) { $0.transport == .tcp }
        #expect(open.map(\.id) == [last.id])
    }

    /// What followers are told of connections, one text a telling: which address, and how it stands. Time goes on to `end`.
    private func told(_ trace: Trace, until end: Double) -> [String] {
        var correlator = trace.correlator()
        correlator.notesChanges = true
        var told: [String] = []
        func take() {
            for request in correlator.takeChanged() where request.transport == .tcp {
                let address = request.server.endpoint.address == Self.six ? "six" : "four"
                let state = request.attemptOf == nil ? request.failure?.reason ?? "\(request.outcome)" : "attempt"
                told.append("\(address) \(state)")
            }
        }
        for frame in trace.frames {
            correlator.observe(frame.bytes.span.bytes, frame.info)
            take()
        }
        correlator.advance(to: Trace.time(end))
        if correlator.hasChanged { take() }
        return told
    }

    @Test func aFailureIsHeldBackUntilItIsKnownToBeOneTryOfSeveral() {
        var trace = trace()
        tcp(&trace, "10 > S 1000 | 12 < R. 0", six())
        tcp(&trace, "14 > S 1000 | 16 < S. 5000 | 17 > . 1001", four())
        // The turns of the one are those of the other: SYN, SYN-ACK and ACK.
        let turn = ["four pending", "six attempt"]
        #expect(told(trace, until: 500) == ["six pending"] + turn + turn + turn)
    }

    @Test func aFailureThatNothingFollowsIsToldALittleLater() {
        var trace = trace()
        tcp(&trace, "10 > S 1000 | 12 < R. 0", six())
        #expect(told(trace, until: 110) == ["six pending"])
        #expect(told(trace, until: 112) == ["six pending", "six refused"])
    }

    @Test func ofAttemptsThatAllFailTheLastIsTold() {
        var trace = trace()
        tcp(&trace, "10 > S 1000 | 12 < R. 0", six())
        tcp(&trace, "14 > S 1000 | 16 < R. 0", four())
        #expect(told(trace, until: 115).last == "six attempt")
        #expect(told(trace, until: 116).last == "four refused")
    }

    @Test func anAddressWithoutANameIsToldAtOnce() {
        var trace = Trace()
        trace.hostAddresses = [Self.client4]
        tcp(&trace, "10 > S 1000 | 12 < R. 0", four())
        #expect(told(trace, until: 13) == ["four pending", "four refused"])
    }

    @Test func noMoreFailuresAreHeldThanThereIsRoomFor() {
        var held = HeldChanges()
        let results = (0...HeldChanges.capacity).map { slot in
            held.hold(HeldChanges.Entry(slot: slot, generation: 1, due: Trace.time(100)))
        }
        #expect(results.prefix(HeldChanges.capacity).allSatisfy(\.self) && results.last == false)
        #expect(!held.isDue(at: Trace.time(99)) && held.isDue(at: Trace.time(100)))
        // The clock was set back.
        #expect(held.isDue(at: Trace.time(-5000)))
        held.forget(7)
        let due = held.takeDue(at: Trace.time(100))
        #expect(due.count == HeldChanges.capacity - 1)
    }
}
