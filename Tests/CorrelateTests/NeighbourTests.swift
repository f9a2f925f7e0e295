import Correlate
import Decode
import Model
import Testing

@Suite struct NeighbourTests {
    private static let host: IPAddress = "10.0.0.1"
    private static let gateway: IPAddress = "10.0.0.254"

    @Test func aResolution() throws {
        var trace = Trace()
        trace.arp(0, 1, Self.host, target: Self.gateway)
        trace.arp(3, 2, Self.gateway, target: Self.host)
        let outcome = trace.replay()
        try #require(outcome.neighbours.count == 1)
        let resolution = outcome.neighbours[0]
        #expect(resolution.kind == .resolution && resolution.family == .v4)
        #expect(resolution.asker == Self.host && resolution.askerMAC == Trace.mac(Self.host))
        #expect(resolution.target == Self.gateway && resolution.macs == [Trace.mac(Self.gateway)])
        #expect(resolution.requests == 1 && resolution.replies == 1)
        #expect(resolution.timeTaken == .milliseconds(3) && resolution.last == Trace.time(3))
    }

    @Test func askedAgainAndNeverAnswered() {
        var trace = Trace()
        for second in 0..<3 { trace.arp(Double(second) * 1000, 1, Self.host, target: Self.gateway) }
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.requests) == [3] && neighbours.map(\.replies) == [0])
        #expect(neighbours.map(\.timeTaken) == [nil] && neighbours.map(\.macs) == [[]])
    }

    @Test func twoStationsAnswerForOneAddress() throws {
        var trace = Trace()
        let other = MACAddress(bits: 0x0200_DEAD_BEEF)
        trace.arp(0, 1, Self.host, target: Self.gateway)
        trace.arp(1, 2, Self.gateway, target: Self.host)
        trace.arp(2, 2, Self.gateway, target: Self.host, mac: other)
        #expect(trace.replay().neighbours.map(\.macs) == [[Trace.mac(Self.gateway), other]])
    }

    @Test func aResolutionIsOverThreeSecondsAfterItsLastFrame() {
        var trace = Trace()
        trace.arp(0, 1, Self.host, target: Self.gateway)
        trace.arp(2_900, 1, Self.host, target: Self.gateway)
        trace.arp(6_500, 1, Self.host, target: Self.gateway)
        #expect(trace.replay().neighbours.map(\.requests) == [2, 1])
    }

    @Test func askedAgainAfterTheAnswerIsAnotherResolution() {
        var trace = Trace()
        for round in 0..<3 {
            trace.arp(Double(round) * 1000, 1, Self.host, target: Self.gateway)
            trace.arp(Double(round) * 1000 + 1, 2, Self.gateway, target: Self.host)
        }
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.requests) == [1, 1, 1] && neighbours.map(\.replies) == [1, 1, 1])
        #expect(neighbours.map(\.timeTaken) == [.milliseconds(1), .milliseconds(1), .milliseconds(1)])
    }

    @Test func oneRequestOnSeveralInterfacesIsARecordOfEach() {
        var trace = Trace()
        for interface in [UInt16(3), 1, 2, 4] {
            let message = Wire.arp(1, Trace.mac(Self.host), Self.host, target: Self.gateway)
            trace.frame(0, Wire.ethernet(Trace.mac(Self.host), .broadcast, type: 0x0806, message), on: interface)
        }
        // In the same order whatever the tables' seeds: the replay checks it.
        #expect(trace.replay().neighbours.map(\.requests) == [1, 1, 1, 1])
    }

    @Test func announcements() {
        var trace = Trace()
        trace.arp(0, 1, Self.host, target: Self.host)
        trace.arp(1, 2, Self.host, target: Self.host)
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.kind) == [.announcement, .announcement])
        #expect(neighbours.map(\.macs) == [[Trace.mac(Self.host)], [Trace.mac(Self.host)]])
    }

    @Test func aProbeForAFreeAddress() {
        var trace = Trace()
        let mac = MACAddress(bits: 0x0200_0000_0077)
        trace.arp(0, 1, .anyIPv4, target: "10.0.0.77", mac: mac)
        trace.arp(1000, 1, .anyIPv4, target: "10.0.0.77", mac: mac)
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.kind) == [.probe] && neighbours.map(\.requests) == [2])
        #expect(neighbours.map(\.asker) == [nil] && neighbours.map(\.askerMAC) == [mac])
    }

    @Test func aReplyWhoseRequestWasNotSeen() {
        var trace = Trace()
        trace.arp(0, 2, Self.gateway, target: Self.host)
        let neighbours = trace.replay().neighbours
        #expect(neighbours.map(\.requests) == [0] && neighbours.map(\.replies) == [1])
        #expect(neighbours.map(\.asker) == [Self.host] && neighbours.map(\.askerMAC) == [nil])
    }

    @Test func neighbourDiscovery() throws {
        var trace = Trace()
        let (host, gateway): (IPAddress, IPAddress) = ("2001:db8::1", "2001:db8::fe")
        trace.packet(0, host, "ff02::1:ff00:fe", 58, Wire.ndp(135, target: gateway, option: Trace.mac(host)))
        trace.packet(2, gateway, host, 58, Wire.ndp(136, flags: 0x60, target: gateway, option: Trace.mac(gateway)))
        let outcome = trace.replay()
        try #require(outcome.neighbours.count == 1)
        #expect(outcome.neighbours[0].kind == .resolution && outcome.neighbours[0].family == .v6)
        #expect(outcome.neighbours[0].macs == [Trace.mac(gateway)])
        #expect(outcome.neighbours[0].timeTaken == .milliseconds(2))
        #expect(outcome.requests.isEmpty)
    }

    @Test func duplicateAddressDetectionAndWhatFollows() {
        var trace = Trace()
        let own: IPAddress = "2001:db8::1"
        trace.packet(0, .anyIPv6, "ff02::1:ff00:1", 58, Wire.ndp(135, target: own, option: nil))
        trace.packet(5000, own, "ff02::1", 58, Wire.ndp(136, flags: 0x20, target: own, option: Trace.mac(own)))
        #expect(trace.replay().neighbours.map(\.kind) == [.probe, .announcement])
    }

    @Test(arguments: [(3.1, true), (500, false)])
    func aConnectionKnowsTheResolutionOfItsNextHop(_ synTime: Double, awaited: Bool) throws {
        var trace = Trace()
        trace.arp(0, 1, Self.host, target: Self.gateway)
        trace.arp(1, 1, Self.host, target: Self.gateway)
        trace.arp(3, 2, Self.gateway, target: Self.host)
        let syn = Wire.tcp(40000, 80, .syn, sequence: 1)
        trace.packet(synTime, Self.host, "198.51.100.1", 6, syn, via: Trace.mac(Self.gateway))
        let join = try #require(try trace.request().neighbour)
        #expect(join.address == Self.gateway && join.mac == Trace.mac(Self.gateway) && join.otherMAC == nil)
        #expect(join.asked == Trace.time(0) && join.answered == Trace.time(3) && join.requests == 2)
        #expect(join.awaited == awaited)
    }

    @Test func aFrameToAnotherStationIsNotJoined() throws {
        var trace = Trace()
        trace.arp(0, 1, Self.host, target: Self.gateway)
        trace.arp(3, 2, Self.gateway, target: Self.host)
        trace.packet(4, Self.host, "10.0.0.2", 6, Wire.tcp(40000, 80, .syn, sequence: 1))
        #expect(try trace.request().neighbour == nil)
    }
}
