import Correlate
import Decode
import Model
import Testing

@Suite struct DatagramTests {
    private static let client = Endpoint("10.0.0.1", 40000)
    private static let server = Endpoint("10.0.0.2", 4433)

    @Test func anExchange() throws {
        var trace = Trace()
        trace.udp(0, Self.client, Self.server, [1, 2, 3])
        trace.udp(20, Self.server, Self.client, [1, 2, 3, 4])
        trace.udp(30, Self.client, Self.server, [])
        let request = try trace.request()
        #expect(request.transport == .udp && request.tcp == nil && request.client.tcp == nil)
        #expect(request.client.endpoint == Self.client && request.server.endpoint == Self.server)
        #expect(request.client.segments == 2 && request.server.segments == 1)
        #expect(request.client.payloadBytes == 3 && request.server.payloadBytes == 4)
        #expect(request.client.firstPayload == Trace.time(0) && request.server.firstPayload == Trace.time(20))
        #expect(request.last == Trace.time(30) && request.ending == .captureEnded)
    }

    @Test(arguments: [(59_999.0, 1), (60_001, 2)])
    func idleByThePacketsOwnTime(_ pause: Double, _ requests: Int) {
        var trace = Trace()
        trace.udp(0, Self.client, Self.server, [1])
        trace.udp(pause, Self.client, Self.server, [2])
        let outcome = trace.replay()
        #expect(outcome.requests.count == requests)
        #expect(outcome.requests.first?.ending == (requests == 2 ? .idle : .captureEnded))
    }

    @Test func otherTrafficIsEnoughToTimeOut() {
        var trace = Trace()
        trace.udp(0, Self.client, Self.server, [1])
        for second in 1..<70 {
            trace.udp(Double(second) * 1000, Endpoint("10.9.9.9", 5), Endpoint("10.9.9.8", 6), [1])
        }
        let outcome = trace.replay()
        #expect(outcome.requests.first?.client.endpoint == Self.client)
        #expect(outcome.requests.first?.ending == .idle)
    }

    @Test func aFragmentedDatagramCountsOnce() throws {
        var trace = Trace()
        let datagram = Wire.udp(40000, 4433, [UInt8](repeating: 1, count: 2000))
        for (flags, part) in [(UInt16(0x2000), datagram[..<1480]), (1480 / 8, datagram[1480...])] {
            var packet = Wire.ip(Self.client.address, Self.server.address, 17, Array(part))
            packet.replaceSubrange(6..<8, with: Wire.bytes16(flags))
            trace.frame(0, Wire.ethernet(.zero, .zero, type: 0x0800, packet))
        }
        let outcome = trace.replay()
        try #require(outcome.requests.count == 1)
        #expect(outcome.requests[0].client.segments == 1 && outcome.requests[0].client.payloadBytes == 2000)
        #expect(outcome.summary.laterFragments == 1)
    }

    @Test func aSnapLengthDoesNotLowerTheCounts() throws {
        var trace = Trace()
        let datagram = Wire.udp(40000, 4433, [UInt8](repeating: 1, count: 1000))
        trace.packet(0, Self.client.address, Self.server.address, 17, datagram, cut: 990)
        let request = try trace.request()
        #expect(request.client.payloadBytes == 1000 && request.coverage.cutFrames == 1)
    }

    @Test(arguments: [false, true])
    func echoes(isIPv6: Bool) throws {
        var trace = Trace()
        let client: IPAddress = isIPv6 ? "2001:db8::1" : "10.0.0.1"
        let server: IPAddress = isIPv6 ? "2001:db8::2" : "10.0.0.2"
        let (transport, request, reply): (UInt8, UInt8, UInt8) = isIPv6 ? (58, 128, 129) : (1, 8, 0)
        for sequence in 0..<3 {
            let rest = 0x1234_0000 | UInt32(sequence)
            let time = Double(sequence) * 1000
            trace.packet(time, client, server, transport, Wire.icmp(request, 0, rest: rest, [1, 2, 3, 4]))
            trace.packet(time + 5, server, client, transport, Wire.icmp(reply, 0, rest: rest, [1, 2, 3, 4]))
        }
        let record = try trace.request()
        #expect(record.transport == (isIPv6 ? .icmpv6 : .icmp) && record.application.kind == .echo)
        #expect(record.client.endpoint == Endpoint(client, 0x1234) && record.server.endpoint == Endpoint(server, 0))
        #expect(record.client.segments == 3 && record.server.segments == 3)
        #expect(record.client.payloadBytes == 12)
    }

    @Test func echoesOfTwoIdentifiersAreTwoRequests() {
        var trace = Trace()
        trace.packet(0, "10.0.0.1", "10.0.0.2", 1, Wire.icmp(8, 0, rest: 0x0001_0000))
        trace.packet(0, "10.0.0.1", "10.0.0.2", 1, Wire.icmp(8, 0, rest: 0x0002_0000))
        #expect(trace.replay().requests.map(\.client.endpoint.port) == [1, 2])
    }

    @Test func anEchoToOneself() throws {
        var trace = Trace()
        trace.packet(0, "127.0.0.1", "127.0.0.1", 1, Wire.icmp(8, 0, rest: 0x0007_0001))
        trace.packet(0.1, "127.0.0.1", "127.0.0.1", 1, Wire.icmp(0, 0, rest: 0x0007_0001))
        let request = try trace.request()
        #expect(request.client.segments == 1 && request.server.segments == 1 && request.direction == .local)
    }

    @Test func aReplyAloneHasItsReceiverForTheClient() throws {
        var trace = Trace()
        trace.packet(0, "10.0.0.2", "10.0.0.1", 1, Wire.icmp(0, 0, rest: 0x0007_0001))
        let request = try trace.request()
        #expect(request.client.endpoint == Endpoint("10.0.0.1", 7) && request.server.segments == 1)
    }
}
