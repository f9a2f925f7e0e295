import Decode
import Model
import Testing

@testable import Correlate

/// Requests inside of tunnels, and the tunnels as requests of their own.
@Suite struct TunnelTests {
    static let left: Endpoint = Endpoint("203.0.113.1", 50000)
    static let right: Endpoint = Endpoint("203.0.113.2", 4789)

    /// A SYN or its answer, as an Ethernet frame.
    private static func frame(_ flags: TCPFlags, isAnswer: Bool = false) -> [UInt8] {
        let (from, to) = isAnswer ? (Trace.server, Trace.client) : (Trace.client, Trace.server)
        let segment = Wire.tcp(from.port, to.port, flags, sequence: isAnswer ? 5000 : 1000)
        let packet = Wire.ip(from.address, to.address, 6, segment)
        return Wire.ethernet(Trace.mac(from.address), Trace.mac(to.address), type: 0x0800, packet)
    }

    private static func vxlan(_ network: UInt8, _ frame: [UInt8]) -> [UInt8] { [8, 0, 0, 0, 0, 0, network, 0] + frame }

    @Test func bothTheTunnelAndWhatIsInsideAreRequests() throws {
        var trace = Trace()
        trace.udp(0, Self.left, Self.right, Self.vxlan(42, Self.frame(.syn)))
        let back = Endpoint(Self.right.address, 50001)
        trace.udp(1, back, Endpoint(Self.left.address, 4789), Self.vxlan(42, Self.frame(.syn | .ack, isAnswer: true)))
        let requests = trace.replay().requests
        #expect(requests.map(\.application.kind) == [.vxlan, nil, .vxlan])
        #expect(requests.map(\.client.payloadBytes) == [62, 0, 62])
        let inner = try #require(requests.first { $0.transport == .tcp })
        #expect(inner.client.endpoint == Trace.client && inner.tcp?.state == .halfOpen)
        let tunnel = Tunnel(.vxlan, identifier: 42, source: Self.left.address, destination: Self.right.address)
        #expect(inner.tunnels == [tunnel])
        // Its stations are those of the inner frame.
        #expect(inner.client.mac == Trace.mac(Trace.client.address))
        #expect(requests[0].tunnels == [])
    }

    @Test func aDatagramThatIsNoTunnelsIsOnlyADatagram() throws {
        var trace = Trace()
        trace.udp(0, Self.left, Self.right, [0] + Self.vxlan(42, Self.frame(.syn)))
        let request = try trace.request()
        #expect(request.transport == .udp && request.application.kind == nil)
    }

    /// A host shows a packet on the tunnel's interface first, then inside of the outer packet on the wire.
    @Test(arguments: [false, true]) func insideAndOutsideAreOneRequest(outsideFirst: Bool) throws {
        var trace = Trace()
        let segments: [(TCPFlags, UInt32, Bool)] = [
            (.syn, 1000, false), (.syn | .ack, 5000, true), (.ack, 1001, false), (.psh | .ack, 1001, false),
        ]
        for (index, (flags, sequence, isAnswer)) in segments.enumerated() {
            let (from, to) = isAnswer ? (Trace.server, Trace.client) : (Trace.client, Trace.server)
            let (out, home) = isAnswer ? (Self.right, Self.left) : (Self.left, Self.right)
            let payload = [UInt8](repeating: 7, count: flags.contains(.psh) ? 10 : 0)
            let segment = Wire.tcp(from.port, to.port, flags, sequence: sequence, payload)
            let time = Double(index)
            let packet = Wire.ip(from.address, to.address, 6, segment)
            if outsideFirst { trace.packet(time, out.address, home.address, 4, packet, on: 2) }
            trace.packet(time + 0.1, from.address, to.address, 6, segment, on: 1)
            if !outsideFirst { trace.packet(time + 0.2, out.address, home.address, 4, packet, on: 2) }
        }
        let request = try trace.request()
        #expect(request.tcp?.state == .established && request.client.segments == 3 && request.server.segments == 1)
        #expect(request.coverage.copiesElsewhere == 4 && request.client.payloadBytes == 10)
        #expect(
            request.tunnels == [Tunnel(.ipInIP, source: Self.left.address, destination: Self.right.address)])
    }

    @Test func tunnelsMayHaveTheSameAddressesInside() {
        var trace = Trace()
        for (network, mac) in [(UInt8(1), UInt64(0x0600_0000_0001)), (2, 0x0600_0000_0002)] {
            let asks = Wire.arp(1, Trace.mac("10.0.0.1"), "10.0.0.1", target: "10.0.0.2")
            let answers = Wire.arp(2, MACAddress(bits: mac), "10.0.0.2", target: "10.0.0.1")
            let ask = Wire.ethernet(Trace.mac("10.0.0.1"), .broadcast, type: 0x0806, asks)
            let answer = Wire.ethernet(MACAddress(bits: mac), Trace.mac("10.0.0.1"), type: 0x0806, answers)
            trace.udp(Double(network), Self.left, Self.right, Self.vxlan(network, ask))
            trace.udp(Double(network) + 0.5, Self.right, Endpoint(Self.left.address, 4789), Self.vxlan(network, answer))
        }
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.macs) == [[MACAddress(bits: 0x0600_0000_0001)], [MACAddress(bits: 0x0600_0000_0002)]])
        #expect(neighbours.map(\.requests) == [1, 1])
        #expect(neighbours.map { $0.tunnels.map(\.identifier) } == [[1], [2]])
    }

    @Test func tunnelsInTunnelsAreReadToTheirLimit() {
        var bytes = Self.frame(.syn)
        for network in UInt8(1)...6 {
            let datagram = Wire.udp(50000, 4789, Self.vxlan(network, bytes))
            let packet = Wire.ip(Self.left.address, IPAddress(v4: 0xCB00_7100 | UInt32(network)), 17, datagram)
            bytes = Wire.ethernet(Trace.mac("10.0.0.8"), Trace.mac("10.0.0.9"), type: 0x0800, packet)
        }
        var trace = Trace()
        trace.frame(0, bytes)
        let outcome = trace.replay()
        #expect(outcome.requests.count == 5 && outcome.requests.map(\.tunnels.count).max() == 4)
        let reasons = outcome.summary.layers.first { $0.layer == .vxlan }?.reasons.map(\.reason)
        #expect(reasons == ["depth"])
    }
}
