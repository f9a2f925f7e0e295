import Correlate
import Decode
import Model
import Testing

@Suite struct ICMPErrorTests {
    private static let router: IPAddress = "10.0.0.254"

    @Test func anErrorIsAttachedToTheConnectionThatItQuotes() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000")
        let quoted = Wire.ip("10.0.0.1", "10.0.0.2", 6, Wire.tcp(40000, 80, .syn, sequence: 1000))
        trace.packet(5, Self.router, "10.0.0.1", 1, Wire.icmp(3, 1, rest: 0, quoted))
        let outcome = trace.replay()
        try #require(outcome.requests.count == 1 && outcome.icmpErrors.count == 1)
        let request = outcome.requests[0]
        let error = outcome.icmpErrors[0]
        #expect(error.name == "host_unreachable" && error.from == Self.router && error.to == "10.0.0.1")
        #expect(error.request == request.id && error.time == Trace.time(5))
        #expect(
            error.quoted
                == .init(source: Endpoint("10.0.0.1", 40000), destination: Endpoint("10.0.0.2", 80), protocolNumber: 6))
        #expect(request.icmpErrors == [error] && request.icmpErrorCount == 1)
        // The quoted SYN is no packet of the request.
        #expect(request.client.segments == 1 && request.server.segments == 0 && request.tcp?.state == .noAnswer)
    }

    @Test func anErrorAboutTheServersPacketBelongsToTheSameConnection() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 10 < S. 5000")
        let quoted = Wire.ip("10.0.0.2", "10.0.0.1", 6, Wire.tcp(80, 40000, .syn | .ack, sequence: 5000))
        trace.packet(15, Self.router, "10.0.0.2", 1, Wire.icmp(11, 0, rest: 0, Array(quoted.prefix(28))))
        let outcome = trace.replay()
        #expect(outcome.icmpErrors.map(\.name) == ["ttl_exceeded"])
        #expect(outcome.icmpErrors.map(\.request) == outcome.requests.map(\.id))
    }

    @Test func anErrorIsAttachedToTheDatagramsThatItQuotes() throws {
        var trace = Trace()
        trace.udp(0, Endpoint("2001:db8::1", 5000), Endpoint("2001:db8::2", 53), [0])
        let quoted = Wire.ip("2001:db8::1", "2001:db8::2", 17, Wire.udp(5000, 53, [0]))
        trace.packet(5, "2001:db8::2", "2001:db8::1", 58, Wire.icmp(1, 4, rest: 0, quoted))
        let outcome = trace.replay()
        #expect(outcome.icmpErrors.map(\.name) == ["port_unreachable"])
        #expect(outcome.requests.map(\.icmpErrorCount) == [1])
    }

    @Test func anErrorIsAttachedToTheEchoThatItQuotes() throws {
        var trace = Trace()
        let echo = Wire.icmp(8, 0, rest: 0x0042_0001)
        trace.packet(0, "10.0.0.1", "10.0.0.2", 1, echo)
        let quoted = Wire.ip("10.0.0.1", "10.0.0.2", 1, echo)
        trace.packet(5, Self.router, "10.0.0.1", 1, Wire.icmp(3, 13, rest: 0, quoted))
        let outcome = trace.replay()
        #expect(outcome.icmpErrors.map(\.name) == ["admin_prohibited"])
        #expect(outcome.requests.map(\.icmpErrorCount) == [1])
        #expect(outcome.requests.map(\.client.segments) == [1])
    }

    @Test func theNextHopsMTU() {
        var trace = Trace()
        let quoted = Wire.ip("10.0.0.1", "10.0.0.2", 6, Wire.tcp(40000, 80, .ack, sequence: 1))
        trace.packet(0, Self.router, "10.0.0.1", 1, Wire.icmp(3, 4, rest: 1400, quoted))
        let error = trace.replay().icmpErrors.first
        #expect(error?.name == "fragmentation_needed" && error?.mtu == 1400 && error?.isFatal == false)
        // It quotes a packet of which nothing was seen: a record, but no request.
        #expect(error?.request == nil && trace.replay().requests.isEmpty)
    }

    @Test func aQuotationThatIsCutIsToldWithoutOne() {
        var trace = Trace()
        trace.packet(0, Self.router, "10.0.0.1", 1, Wire.icmp(3, 1, rest: 0, [0x45, 0, 0]))
        let outcome = trace.replay()
        #expect(outcome.icmpErrors.count == 1 && outcome.icmpErrors[0].quoted == nil)
        #expect(outcome.summary.layers.first { $0.layer == .ipv4 }?.malformed == 1)
    }

    @Test func onlyTheFirstErrorsAreKeptAllAreCounted() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000")
        let quoted = Wire.ip("10.0.0.1", "10.0.0.2", 6, Wire.tcp(40000, 80, .syn, sequence: 1000))
        for number in 1...10 {
            trace.packet(Double(number), Self.router, "10.0.0.1", 1, Wire.icmp(3, 1, rest: 0, quoted))
        }
        let outcome = trace.replay()
        #expect(outcome.requests.map(\.icmpErrorCount) == [10])
        #expect(outcome.requests.map(\.icmpErrors.count) == [Lifecycle.icmpErrorCapacity])
        #expect(outcome.icmpErrors.count == 10 && outcome.summary.icmpErrors == 10)
    }
}
