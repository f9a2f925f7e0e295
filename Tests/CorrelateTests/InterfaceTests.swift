import Correlate
import Decode
import Model
import Testing

/// One packet passes several interfaces of a host: bridges, tunnels, containers.
@Suite struct InterfaceTests {
    @Test func copiesOnASecondInterfaceAreNotCountedAgain() throws {
        var trace = Trace()
        trace.tcp(
            """
            0     > S  1000 @1
            0.01  > S  1000 @2
            10    < S. 5000 @2
            10.01 < S. 5000 @1
            20    > .  1001 @1
            20.01 > .  1001 @2
            30    > P. 1001+100 @1
            30.01 > P. 1001+100 @2
            40    < P. 5001+200 @2
            40.01 < P. 5001+200 @1
            """)
        let request = try trace.request()
        #expect(request.client.segments == 3 && request.server.segments == 2)
        #expect(request.client.payloadBytes == 100 && request.server.payloadBytes == 200)
        #expect(request.client.tcp?.synCount == 1 && request.client.tcp?.retransmittedSegments == 0)
        #expect(request.coverage.copiesElsewhere == 5)
        #expect(request.tcp?.state == .established)
    }

    @Test func aRequestMovesToAnotherInterfaceWhenItsOwnFellSilent() throws {
        var trace = Trace()
        trace.tcp(
            """
            0    > S  1000 @1
            10   < S. 5000 @1
            20   > .  1001 @1
            5000 > P. 1001+100 @2
            5010 < .  5001 @2
            5020 > P. 1101+100 @2
            """)
        let request = try trace.request()
        #expect(request.client.payloadBytes == 200 && request.client.tcp?.sequenceBytes == 200)
        // The answer came while the request was being seen elsewhere, so it may be a copy; the next one is not.
        #expect(request.coverage.copiesElsewhere == 1)
    }

    @Test func aDirectionMayHaveAnInterfaceOfItsOwn() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 @1 | 10 < S. 5000 @2 | 20 > . 1001 @1 | 30 < P. 5001+10 @2")
        let request = try trace.request()
        #expect(request.server.payloadBytes == 10 && request.coverage.copiesElsewhere == 0)
    }

    @Test func theFirstPacketsInterfaceIsNamed() throws {
        let trace = Trace()
        var correlator = trace.correlator()
        correlator.setName("eth7", of: InterfaceID(7))
        let syn = Wire.tcp(40000, 80, .syn, sequence: 1)
        let packet = Wire.ip("10.0.0.1", "10.0.0.2", 6, syn)
        let bytes = Wire.ethernet(Trace.mac("10.0.0.1"), Trace.mac("10.0.0.254"), type: 0x0800, vlan: [5, 77], packet)
        let frame = Trace.Frame(time: Trace.start, bytes: bytes, interface: 7)
        correlator.observe(bytes.span.bytes, frame.info)
        let open = correlator.open(before: nil, count: 10) { _ in true }
        #expect(open.map(\.interface) == ["eth7"])
        #expect(open.map(\.vlan.identifiers) == [[5, 77]])
        #expect(open.map(\.client.mac) == [Trace.mac("10.0.0.1")])
        #expect(open.map(\.nextHopMAC) == [Trace.mac("10.0.0.254")])
    }

    struct DirectionExample: CustomTestStringConvertible {
        var testDescription: String
        var client: IPAddress
        var server: IPAddress
        var direction: Direction
    }

    private static let ownAddresses: [IPAddress] = ["192.0.2.1", "2001:db8::1"]

    @Test(arguments: [
        DirectionExample(
            testDescription: "to a peer", client: "192.0.2.1", server: "198.51.100.1", direction: .outbound),
        DirectionExample(
            testDescription: "from a peer", client: "198.51.100.1", server: "192.0.2.1", direction: .inbound),
        DirectionExample(
            testDescription: "through this host", client: "10.0.0.5", server: "198.51.100.1", direction: .forwarded),
        DirectionExample(testDescription: "to itself", client: "192.0.2.1", server: "192.0.2.1", direction: .local),
        DirectionExample(testDescription: "on loopback", client: "127.0.0.1", server: "127.0.0.53", direction: .local),
        DirectionExample(
            testDescription: "to a group by this host", client: "192.0.2.1", server: "224.0.0.251", direction: .outbound
        ),
        DirectionExample(
            testDescription: "to a group by another", client: "192.0.2.9", server: "224.0.0.251", direction: .inbound),
        DirectionExample(
            testDescription: "over IPv6", client: "2001:db8::1", server: "2001:db8::9", direction: .outbound),
    ])
    func directionByTheHostsAddresses(_ example: DirectionExample) throws {
        for localNetworks in [false, true] {
            var trace = Trace()
            if localNetworks {
                trace.settings.localNetworks = Self.ownAddresses.compactMap { IPPrefix($0.description) }
            } else {
                trace.hostAddresses = Self.ownAddresses
            }
            trace.udp(0, Endpoint(example.client, 1000), Endpoint(example.server, 2000), [1])
            #expect(try trace.request().direction == example.direction)
        }
    }

    @Test func withoutAHostEveryInitiatorsRequestIsItsOwn() throws {
        var trace = Trace()
        trace.udp(0, Endpoint("198.51.100.1", 1000), Endpoint("192.0.2.1", 2000), [1])
        #expect(try trace.request().direction == .outbound)
    }

    @Test func anAddressIsTheHostsUntilItsLastInterfaceIsGone() {
        var correlator = Trace().correlator()
        let own: IPAddress = "192.0.2.1"
        let peer: IPAddress = "198.51.100.1"
        correlator.learn(Fact(time: Trace.start, body: .addressAdded("192.0.2.77", interface: "lo")))
        func direction(_ port: UInt16, _ correlator: inout Correlator) -> Direction? {
            let packet = Wire.ip(own, peer, 17, Wire.udp(port, 9, [1]))
            let bytes = Wire.ethernet(.zero, .zero, type: 0x0800, packet)
            correlator.observe(bytes.span.bytes, Trace.Frame(time: Trace.start, bytes: bytes).info)
            return correlator.open(before: nil, count: 10) { $0.client.endpoint.port == port }.first?.direction
        }
        correlator.learn(Fact(time: Trace.start, body: .addressAdded(own, interface: "eth0")))
        correlator.learn(Fact(time: Trace.start, body: .addressAdded(own, interface: "eth1")))
        #expect(direction(1, &correlator) == .outbound)
        correlator.learn(Fact(time: Trace.start, body: .addressRemoved(own, interface: "eth0")))
        #expect(direction(2, &correlator) == .outbound)
        correlator.learn(Fact(time: Trace.start, body: .addressRemoved(own, interface: "eth1")))
        correlator.learn(Fact(time: Trace.start, body: .addressRemoved(own, interface: "eth1")))
        #expect(direction(3, &correlator) == .forwarded)
    }
}
