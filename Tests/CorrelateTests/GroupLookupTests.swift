import Model
import Testing

/// Questions to everybody on the link: multicast DNS, LLMNR, NetBIOS.
@Suite struct GroupLookupTests {
    static let asker: IPAddress = "192.168.1.7"
    static let owner: IPAddress = "192.168.1.9"
    static let mdnsGroup = Endpoint("224.0.0.251", 5353)

    private static func address(_ name: String, flush: Bool = true) -> WireDNS.Answer {
        var answer = WireDNS.Answer.address(owner, of: name, ttl: 120)
        answer.recordClass = flush ? 0x8001 : 1
        return answer
    }

    private func query(_ questions: (String, UInt16)..., unicast: Bool = false) -> [UInt8] {
        WireDNS.message(0, flags: 0, questions: questions.map { ($0.0, $0.1, unicast ? 0x8001 : 1) })
    }

    private func response(_ answers: [WireDNS.Answer]) -> [UInt8] {
        WireDNS.message(0, flags: 0x8400, answers: answers)
    }

    @Test func aMulticastAnswerComesFromElsewhere() throws {
        var trace = Trace()
        trace.udp(0, Endpoint(Self.asker, 5353), Self.mdnsGroup, query(("printer.local", 1)))
        trace.udp(3, Endpoint(Self.owner, 5353), Self.mdnsGroup, response([Self.address("Printer.local")]))
        trace.tcp("10 > S 1000 | 11 < S. 5000", Endpoint(Self.asker, 40000), Endpoint(Self.owner, 631))
        let outcome = trace.replay()
        let lookup = try #require(outcome.lookups.first)
        #expect(outcome.lookups.count == 1 && lookup.kind == .mdns && lookup.status == .answered)
        #expect(lookup.client == Endpoint(Self.asker, 5353) && lookup.server == Endpoint(Self.owner, 5353))
        #expect(lookup.roundTrip == .milliseconds(3) && lookup.name == "printer.local")
        let asker = try #require(outcome.requests.first { $0.client.endpoint == Endpoint(Self.asker, 5353) })
        #expect(asker.application.kind == .mdns && asker.status(of: .name) == .ok && asker.status(of: .exchange) == .ok)
        let connection = try #require(outcome.requests.first { $0.transport == .tcp })
        #expect(connection.serverName == "printer.local")
    }

    @Test func anAnnouncementAnswersNobody() {
        var trace = Trace()
        trace.udp(0, Endpoint(Self.owner, 5353), Self.mdnsGroup, response([Self.address("printer.local")]))
        trace.tcp("10 > S 1000 | 11 < S. 5000", Endpoint(Self.asker, 40000), Endpoint(Self.owner, 631))
        let outcome = trace.replay()
        #expect(outcome.lookups.isEmpty)
        #expect(outcome.requests.first { $0.transport == .tcp }?.names == [])
    }

    @Test func aProbeForAFreeNameIsNoQuestion() {
        var trace = Trace()
        let probe = WireDNS.message(
            0, flags: 0, questions: [("printer.local", 255, 0x8001)],
            authority: [Self.address("printer.local", flush: false)])
        trace.udp(0, Endpoint(Self.owner, 5353), Self.mdnsGroup, probe)
        #expect(trace.replay().lookups.isEmpty)
    }

    @Test func silenceOfAGroupIsNoFailure() throws {
        var trace = Trace()
        for time in [0.0, 1000, 3000] {
            trace.udp(
                time, Endpoint(Self.asker, 5353), Self.mdnsGroup, query(("nobody.local", 1), ("nobody.local", 28)))
        }
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.status) == [.noAnswer, .noAnswer] && outcome.lookups.map(\.retries) == [2, 2])
        let request = try #require(outcome.requests.first)
        #expect(request.failure == nil && request.status(of: .name) == .unseen && request.outcome == .unknown)
    }

    @Test func oneAnswerServesAllWhoAsked() {
        var trace = Trace()
        let other: IPAddress = "192.168.1.8"
        for asker in [Self.asker, other] {
            trace.udp(0, Endpoint(asker, 5353), Self.mdnsGroup, query(("a.local", 1), ("b.local", 1)))
        }
        trace.udp(
            2, Endpoint(Self.owner, 5353), Self.mdnsGroup, response([Self.address("a.local"), Self.address("b.local")]))
        let lookups = trace.replay().lookups
        #expect(lookups.count == 4 && lookups.allSatisfy { $0.status == .answered && $0.answers.count == 1 })
        #expect(Set(lookups.map(\.client.address)) == [Self.asker, other])
        #expect(lookups.allSatisfy { $0.answers.map(\.name) == [$0.name] })
    }

    @Test(arguments: [(UInt16(5353), true), (49152, false)])
    func aUnicastAnswerBelongsToTheExchangeThatAsked(_ port: UInt16, _ asksForUnicast: Bool) throws {
        var trace = Trace()
        let asker = Endpoint(Self.asker, port)
        trace.udp(0, asker, Self.mdnsGroup, query(("printer.local", 1), unicast: asksForUnicast))
        trace.udp(4, Endpoint(Self.owner, 5353), asker, response([Self.address("printer.local")]))
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.status) == [.answered] && outcome.lookups.map(\.server.address) == [Self.owner])
        #expect(outcome.requests.count == 1 && outcome.requests.first?.server.segments == 1)
        #expect(outcome.requests.first?.server.endpoint == Self.mdnsGroup)
    }

    @Test func anAnswerOfTheOtherIPVersionIsAnothersLink() {
        var trace = Trace()
        trace.udp(0, Endpoint(Self.asker, 5353), Self.mdnsGroup, query(("printer.local", 1)))
        trace.udp(1, Endpoint("fe80::9", 5353), Endpoint("ff02::fb", 5353), response([Self.address("printer.local")]))
        #expect(trace.replay().lookups.map(\.status) == [.noAnswer])
    }

    @Test func linkLocalMulticastNameResolution() {
        var trace = Trace()
        let asker = Endpoint(Self.asker, 50001)
        trace.udp(0, asker, Endpoint("224.0.0.252", 5355), WireDNS.query(9, "server", 1))
        // Another's answer, with another id, is not this one's.
        trace.udp(1, Endpoint(Self.owner, 5355), asker, WireDNS.response(8, "server", 1, [.address(Self.owner)]))
        trace.udp(2, Endpoint(Self.owner, 5355), asker, WireDNS.response(9, "server", 1, [.address(Self.owner)]))
        let lookups = trace.replay().lookups
        #expect(lookups.map(\.kind) == [.llmnr] && lookups.map(\.roundTrip) == [.milliseconds(2)])
    }

    @Test func netBIOSNames() throws {
        var trace = Trace()
        let asker = Endpoint(Self.asker, 137)
        let name = WireDNS.netBIOS("FILESERVER", suffix: 0x20)
        // A name query by broadcast (RFC 1002 §4.2.12), and the positive answer (§4.2.13).
        trace.udp(
            0, asker, Endpoint("192.168.1.255", 137), WireDNS.message(5, flags: 0x0110, questions: [(name, 32, 1)]))
        let answer = WireDNS.Answer(owner: name, type: 32, data: [0x60, 0] + Wire.octets(Self.owner))
        trace.udp(2, Endpoint(Self.owner, 137), asker, WireDNS.message(5, flags: 0x8500, answers: [answer]))
        // Node status (§4.2.17, §4.2.18).
        let wildcard = "CK" + String(repeating: "A", count: 30)
        trace.udp(5, asker, Endpoint(Self.owner, 137), WireDNS.message(6, flags: 0, questions: [(wildcard, 33, 1)]))
        let names =
            [UInt8(2)] + Array("FILESERVER     ".utf8) + [0x20, 0x04, 0] + Array("WORKGROUP      ".utf8) + [0, 0x84, 0]
        let status = WireDNS.Answer(owner: wildcard, type: 33, data: names + [UInt8](repeating: 0, count: 46))
        trace.udp(6, Endpoint(Self.owner, 137), asker, WireDNS.message(6, flags: 0x8400, answers: [status]))
        // A registration asks nobody.
        trace.udp(
            9, asker, Endpoint("192.168.1.255", 137), WireDNS.message(7, flags: 0x2910, questions: [(name, 32, 1)]))
        let outcome = trace.replay()
        #expect(outcome.lookups.map(\.name) == ["FILESERVER<20>", "*<00>"])
        #expect(outcome.lookups.map(\.typeName) == ["NB", "NBSTAT"])
        #expect(outcome.lookups.map(\.status) == [.answered, .answered])
        #expect(outcome.lookups.first?.answers.map(\.presentation) == [Self.owner.description])
        #expect(outcome.lookups.last?.answers.map(\.presentation) == ["FILESERVER<20>", "WORKGROUP<00> group"])
        #expect(outcome.summary.layers.first { $0.layer == .netbios }?.decoded == 5)
        #expect(outcome.requests.allSatisfy { $0.application.kind == .nbns })
    }

    @Test func netBIOSDenials() {
        var trace = Trace()
        let asker = Endpoint(Self.asker, 137)
        let name = WireDNS.netBIOS("NOBODY", suffix: 0)
        trace.udp(0, asker, Endpoint(Self.owner, 137), WireDNS.message(5, flags: 0x0100, questions: [(name, 32, 1)]))
        let denial = WireDNS.Answer(owner: name, type: 10, ttl: 0, data: [])
        trace.udp(1, Endpoint(Self.owner, 137), asker, WireDNS.message(5, flags: 0x8583, answers: [denial]))
        #expect(trace.replay().lookups.map(\.status) == [.failed])
    }

    @Test(arguments: [UInt16(5353), 5355, 137])
    func aResolverIsAskedFromAnyPort(_ port: UInt16) {
        var trace = Trace()
        let (stub, resolver) = (Endpoint(Self.asker, port), Endpoint("10.0.0.53", 53))
        trace.udp(0, stub, resolver, WireDNS.query(1, "www.example.org", 1))
        trace.udp(1, resolver, stub, WireDNS.response(1, "www.example.org", 1, [.address(Self.owner)]))
        #expect(trace.replay().lookups.map(\.kind) == [.dns])
    }
}
