import Correlate
import Decode
import Model
import Testing

/// What is still open, and the passing of time without frames.
@Suite struct SnapshotTests {
    private func feed(_ trace: Trace, _ correlator: inout Correlator) {
        for frame in trace.frames {
            let bytes = frame.bytes
            correlator.observe(bytes.span.bytes, frame.info)
        }
    }

    @Test func changesAreToldOnceInTheOrderOfTheirTurns() {
        var correlator = Trace().correlator()
        correlator.notesChanges = true
        var trace = Trace()
        let other = Endpoint("10.0.0.1", 41000)
        trace.tcp("0 > S 1000")
        trace.tcp("1 > S 1000", other, Trace.server)
        trace.tcp("2 < S. 5000 | 3 > . 1001")
        feed(trace, &correlator)
        let changed = correlator.takeChanged()
        #expect(changed.map(\.client.endpoint) == [Trace.client, other])
        #expect(changed.map(\.tcp?.state) == [.established, .noAnswer])
        #expect(changed.map(\.ending) == [nil, nil])
        #expect(correlator.takeChanged().isEmpty)
        var data = Trace()
        data.tcp("4 > P. 1001+10")
        feed(data, &correlator)
        #expect(correlator.takeChanged().isEmpty)
    }

    @Test func withoutFollowersNoChangesAreKept() {
        var correlator = Trace().correlator()
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < R. 0")
        feed(trace, &correlator)
        #expect(correlator.takeChanged().isEmpty)
    }

    @Test func anEndedRequestIsNoChange() {
        var correlator = Trace().correlator()
        correlator.notesChanges = true
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < R. 0 | 100 > S 2000")
        feed(trace, &correlator)
        #expect(correlator.takeChanged().map(\.tcp?.state) == [.noAnswer])
        #expect(correlator.takeFinished().count == 1)
    }

    @Test func openRequestsNewestFirstInPages() throws {
        var correlator = Trace().correlator()
        var trace = Trace()
        for number in 0..<5 { trace.tcp("\(number) > S 1", Endpoint("10.0.0.1", UInt16(number)), Trace.server) }
        feed(trace, &correlator)
        let firstPage = correlator.open(before: nil, count: 2) { _ in true }
        #expect(firstPage.map(\.client.endpoint.port) == [4, 3])
        let last = try #require(firstPage.last)
        let secondPage = correlator.open(before: (last.first, last.id), count: 9) { $0.client.endpoint.port != 1 }
        #expect(secondPage.map(\.client.endpoint.port) == [2, 0])
        let found = correlator.open(count: 3) { $0 == last.id }
        #expect(found.map(\.id) == [last.id])
    }

    @Test func timePassesWithoutFrames() throws {
        var correlator = Trace().correlator()
        var trace = Trace()
        trace.udp(0, Endpoint("10.0.0.1", 5000), Endpoint("10.0.0.53", 53), WireDNS.query(1, "a.example", 1))
        trace.arp(0, 1, "10.0.0.1", target: "10.0.0.254")
        feed(trace, &correlator)
        correlator.advance(to: Trace.time(2_000))
        #expect(correlator.takeFinished().isEmpty)
        correlator.advance(to: Trace.time(4_000))
        var outcome = Trace.Outcome()
        outcome.add(correlator.takeFinished())
        #expect(outcome.neighbours.count == 1 && outcome.lookups.isEmpty)
        correlator.advance(to: Trace.time(16_000))
        outcome.add(correlator.takeFinished())
        #expect(outcome.lookups.map(\.status) == [.noAnswer] && outcome.requests.isEmpty)
        correlator.advance(to: Trace.time(61_000))
        outcome.add(correlator.takeFinished())
        #expect(outcome.requests.map(\.ending) == [.idle])
    }

    @Test(arguments: [
        ("unanswered", "0 > S 1000", 70.0), ("answered", "0 > S 1000 | 0 < S. 5000", 70),
        ("established", "0 > S 1000 | 0 < S. 5000 | 0 > . 1001", 7_800),
        ("half closed", "0 > S 1000 | 0 < S. 5000 | 0 > F. 1001", 900), ("closed", "0 > S 1000 | 0 < R. 0", 5),
    ])
    func everyStateHasItsTimeOut(_ name: String, _ segments: String, _ seconds: Double) {
        var correlator = Trace().correlator()
        var trace = Trace()
        trace.tcp(segments)
        feed(trace, &correlator)
        correlator.advance(to: Trace.time(seconds * 1000))
        #expect(correlator.takeFinished().isEmpty)
        correlator.advance(to: Trace.time(seconds * 1000 + 1))
        var outcome = Trace.Outcome()
        outcome.add(correlator.takeFinished())
        #expect(outcome.requests.map(\.ending) == [name == "closed" ? .closed : .idle])
    }

    @Test func timesThatGoBackwardsEndNothing() throws {
        var trace = Trace()
        trace.tcp("10000 > S 1000 | 9000 < S. 5000 | 8000 > . 1001 | 7000 > P. 1001+10")
        let request = try trace.request()
        #expect(request.tcp?.state == .established && request.client.payloadBytes == 10)
        #expect(request.last == Trace.time(10_000))
        // A round trip cannot be negative: there is none.
        #expect(request.tcp?.serverRoundTrip == nil && request.tcp?.clientRoundTrip == nil)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, Int64.max])
    func anyTimeAtAll(_ nanoseconds: Int64) {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 10 < S. 5000 | 20 > . 1001")
        trace.udp(30, Endpoint("10.0.0.1", 5000), Endpoint("10.0.0.53", 53), WireDNS.query(1, "a.example", 1))
        trace.arp(40, 1, "10.0.0.1", target: "10.0.0.254")
        for odd in 0..<4 {
            trace.frames[odd].time = Timestamp(nanoseconds: nanoseconds)
        }
        #expect(trace.replay().summary.frames == 5)
    }

    @Test func theSummaryTellsWhatWasRead() {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 10 < S. 5000")
        trace.frame(20, Wire.ethernet(.zero, .zero, type: 0x88CC, [1, 2, 3]))
        let summary = trace.replay().summary
        #expect(summary.frames == 3 && summary.otherFrames == 1 && summary.cutFrames == 0)
        #expect(summary.bytes == 54 + 54 + 17 && summary.requests == 1)
        #expect(summary.first == Trace.time(0) && summary.last == Trace.time(20))
        #expect(summary.layers.map(\.layer) == [.ethernet, .ipv4, .tcp])
        #expect(summary.layers.map(\.decoded) == [3, 2, 2])
        let nothing = Trace().replay().summary
        #expect(nothing.first == nil && nothing.last == nil && nothing.layers.isEmpty)
    }
}
