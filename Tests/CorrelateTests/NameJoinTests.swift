import Correlate
import Decode
import Model
import Testing

/// Which names a connection's server is known by, and how that is known.
@Suite struct NameJoinTests {
    private static let client: IPAddress = "10.0.0.1"
    private static let other: IPAddress = "10.0.0.9"
    private static let resolver = Endpoint("10.0.0.53", 53)
    private static let server = Endpoint("192.0.2.80", 443)

    private func resolve(
        _ trace: inout Trace, _ time: Double, _ name: String, by client: IPAddress = Self.client,
        _ answers: [WireDNS.Answer] = [.address(Self.server.address)], type: UInt16 = 1
    ) {
        let stub = Endpoint(client, 5000)
        let id = UInt16(trace.frames.count)
        trace.udp(time, stub, Self.resolver, WireDNS.query(id, name, type))
        trace.udp(time + 1, Self.resolver, stub, WireDNS.response(id, name, type, answers))
    }

    private func names(_ trace: Trace, of server: Endpoint = Self.server) throws -> [NameJoin] {
        try #require(trace.replay().requests.first { $0.server.endpoint == server }).names
    }

    @Test func theAnswerThatTheClientWasGiven() throws {
        var trace = Trace()
        resolve(&trace, 0, "www.example.org", [.address(Self.server.address, ttl: 120), .address("192.0.2.81")])
        trace.tcp("10 > S 1000", Endpoint(Self.client, 40000), Self.server)
        let names = try names(trace)
        try #require(names.count == 1)
        #expect(names[0].name == "www.example.org" && names[0].how == .answer)
        let lookup = try #require(names[0].lookup)
        #expect(lookup.answered == Trace.time(1) && lookup.queried == Trace.time(0) && lookup.server == Self.resolver)
        #expect(lookup.ttl == 120 && lookup.addresses == [Self.server.address, "192.0.2.81"] && lookup.chain == [])
    }

    @Test func aChainOfAliases() throws {
        var trace = Trace()
        resolve(
            &trace, 0, "www.example.org",
            [
                .alias("edge.example.net"), .alias("pop.example.net", of: "edge.example.net"),
                .address(Self.server.address, of: "pop.example.net"),
            ])
        trace.tcp("10 > S 1000", Endpoint(Self.client, 40000), Self.server)
        let names = try names(trace)
        #expect(names.map(\.name) == ["www.example.org"])
        #expect(names.map { $0.lookup?.chain } == [["edge.example.net", "pop.example.net"]])
    }

    @Test func nobodyElsesAnswer() throws {
        var trace = Trace()
        resolve(&trace, 0, "www.example.org", by: Self.other)
        trace.tcp("10 > S 1000", Endpoint(Self.client, 40000), Self.server)
        #expect(try names(trace).isEmpty)
    }

    @Test func noAnswerThatCameLater() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000", Endpoint(Self.client, 40000), Self.server)
        resolve(&trace, 10, "www.example.org")
        #expect(try names(trace).isEmpty)
    }

    @Test func theLatestOfSeveralNamesFirst() throws {
        var trace = Trace()
        for (index, name) in ["a.example", "b.example", "a.example", "c.example"].enumerated() {
            resolve(&trace, Double(index) * 10, name)
        }
        trace.tcp("100 > S 1000", Endpoint(Self.client, 40000), Self.server)
        let names = try names(trace)
        #expect(names.map(\.name) == ["c.example", "a.example", "b.example"])
        #expect(names.allSatisfy { $0.how == .recentAnswer })
    }

    /// Frames seen on two processors are not quite in the order of their times.
    @Test func theSameNamesEarlierAnswerWhenTheLastCameALittleLater() throws {
        var trace = Trace()
        resolve(&trace, 0, "a.example")
        resolve(&trace, 10, "b.example")
        resolve(&trace, 20, "a.example")
        resolve(&trace, 20.5, "a.example")
        trace.tcp("21.25 > S 1000", Endpoint(Self.client, 40000), Self.server)
        let names = try names(trace)
        #expect(names.map(\.name) == ["a.example", "b.example"])
        #expect(names.first?.lookup?.answered == Trace.time(21))
    }

    /// The field names another of the address's names than the latest: that one's other half is told, no stranger's.
    @Test func theOtherHalfOfTheNameThatTheClientSays() throws {
        var trace = Trace()
        let ask = { (trace: inout Trace, time: Double, name: String, port: UInt16, six: [WireDNS.Answer]) in
            let stub = Endpoint(Self.client, port)
            for type in [UInt16(1), 28] { trace.udp(time, stub, Self.resolver, WireDNS.query(type, name, type)) }
            trace.udp(
                time + 1, Self.resolver, stub, WireDNS.response(1, name, 1, [.address(Self.server.address)]))
            trace.udp(time + 2, Self.resolver, stub, WireDNS.response(28, name, 28, six))
        }
        ask(&trace, 0, "four.example", 5000, [])
        ask(&trace, 10, "both.example", 5001, [.address("2001:db8::80")])
        let client = Endpoint(Self.client, 40000)
        let server = Endpoint(Self.server.address, 80)
        trace.tcp("20 > S 1000 | 21 < S. 5000 a1001 | 22 > . 1001 a5001", client, server)
        let get = Array("GET / HTTP/1.1\r\nHost: four.example\r\n\r\n".utf8)
        trace.tcp(23, client, server, .ack, 1001, get, acknowledgment: 5001)
        let names = try names(trace, of: server)
        #expect(names.map(\.name) == ["four.example", "both.example"])
        #expect(names.first?.pair?.status == .noData && names.first?.pair?.queried == Trace.time(0))
    }

    @Test(arguments: [(9_000.0, NameJoin.How.answer), (30_000, .expiredAnswer)])
    func anAnswerOlderThanItsTTL(_ time: Double, _ how: NameJoin.How) throws {
        var trace = Trace()
        resolve(&trace, 0, "www.example.org", [.address(Self.server.address, ttl: 5)])
        trace.tcp("\(time) > S 1000", Endpoint(Self.client, 40000), Self.server)
        #expect(try names(trace).map(\.how) == [how])
    }

    @Test func anotherAddressOfThisHostAsked() throws {
        var trace = Trace()
        trace.hostAddresses = [Self.client, Self.other]
        resolve(&trace, 0, "www.example.org", by: Self.other)
        trace.tcp("10 > S 1000", Endpoint(Self.client, 40000), Self.server)
        #expect(try names(trace).map(\.how) == [.hostAnswer])
    }

    @Test func theSameStationByItsOtherVersion() throws {
        var trace = Trace()
        let server = Endpoint("2001:db8::80", 443)
        let station = Trace.mac(Self.client)
        resolve(&trace, 0, "www.example.org", [.address(server.address)], type: 28)
        let syn = Wire.ip("2001:db8::1", server.address, 6, Wire.tcp(40000, 443, .syn, sequence: 1))
        trace.frame(10, Wire.ethernet(station, Trace.mac(server.address), type: 0x86DD, syn))
        #expect(try names(trace, of: server).map(\.how) == [.stationAnswer])
    }

    @Test func aStationWithSeveralAddressesMayBeARouter() throws {
        var trace = Trace()
        let server = Endpoint("2001:db8::80", 443)
        let router = Trace.mac(Self.client)
        let datagram = Wire.ip("10.0.0.77", "10.0.0.78", 17, Wire.udp(1, 2, [1]))
        trace.frame(0, Wire.ethernet(router, Trace.mac("10.0.0.78"), type: 0x0800, datagram))
        resolve(&trace, 1, "www.example.org", [.address(server.address)], type: 28)
        let syn = Wire.ip("2001:db8::1", server.address, 6, Wire.tcp(40000, 443, .syn, sequence: 1))
        trace.frame(10, Wire.ethernet(router, Trace.mac(server.address), type: 0x86DD, syn))
        #expect(try names(trace, of: server).isEmpty)
    }

    @Test func datagramsHaveNamesToo() throws {
        var trace = Trace()
        resolve(&trace, 0, "www.example.org")
        trace.udp(10, Endpoint(Self.client, 40000), Self.server, [1])
        #expect(try names(trace).map(\.name) == ["www.example.org"])
    }

    @Test func theOldestAnswerIsForgotten() throws {
        var trace = Trace()
        trace.settings.nameCapacity = 3
        for index in 0..<4 {
            resolve(&trace, Double(index), "host\(index).example", [.address(IPAddress(v4: UInt32(index)))])
        }
        for index in 0..<4 {
            trace.tcp("100 > S 1", Endpoint(Self.client, 40000), Endpoint(IPAddress(v4: UInt32(index)), 80))
        }
        let outcome = trace.replay()
        let named = outcome.requests.filter { $0.transport == .tcp }.map { $0.names.map(\.name) }
        #expect(named == [[], ["host1.example"], ["host2.example"], ["host3.example"]])
        let table = outcome.summary.tables.first { $0.name == "names" }
        #expect(table?.evictions == 1 && table?.count == 3 && table?.capacity == 3)
    }
}
