import Correlate
import Decode
import Model
import Testing

/// One request on both sides of NAT is one request: told by the kernel before or after the frames, or known by its segments.
@Suite struct TranslationTests {
    static let inside = Endpoint("10.0.1.5", 45956)
    static let outside = Endpoint("11.22.33.44", 1189)
    static let server = Endpoint("203.0.113.9", 443)
    static let original = FlowTuple(.tcp, inside, server)
    static let translation = Translation(
        original: original, reply: FlowTuple(.tcp, server, outside), how: .conntrack, began: Trace.time(0.02))

    /// The options of a SYN: NOP, NOP, timestamps with this value.
    static func timestamp(_ value: UInt8) -> [UInt8] { [1, 1, 8, 10, 0, 0, 0, value, 0, 0, 0, 0] }

    /// A whole connection through a router: in at interface 1, out at interface 2, one TTL less.
    static func forwarded(
        client: Endpoint = inside, rewritten: Endpoint = outside, server: Endpoint = server,
        realServer: Endpoint? = nil, hasTimestamps: Bool = true, hops: UInt8 = 1, out interface: UInt16 = 2
    ) -> Trace {
        var trace = Trace()
        func send(
            _ time: Double, _ isFromClient: Bool, _ flags: TCPFlags, _ sequence: UInt32, _ acknowledgment: UInt32,
            _ payload: Int = 0
        ) {
            let first = isFromClient ? (client, server) : (realServer ?? server, rewritten)
            let second = isFromClient ? (rewritten, realServer ?? server) : (server, client)
            let places: [UInt16] = isFromClient ? [1, interface] : [interface, 1]
            for (index, ends) in [first, second].enumerated() {
                let segment = Wire.tcp(
                    ends.0.port, ends.1.port, flags, sequence: sequence, acknowledgment: acknowledgment,
                    options: hasTimestamps ? timestamp(UInt8(truncatingIfNeeded: Int(time) + 1)) : [],
                    [UInt8](repeating: 0x78, count: payload))
                trace.packet(
                    time + Double(index) * 0.05, ends.0.address, ends.1.address, 6, segment, on: places[index],
                    ttl: 64 - (index == 1 ? hops : 0))
                // Nor an identification in the IPv4 header.
                if !hasTimestamps { trace.frames[trace.frames.count - 1].bytes[19] = 0 }
            }
        }
        send(0, true, .syn, 1000, 0)
        send(10, false, .syn | .ack, 5000, 1001)
        send(20, true, .ack, 1001, 5001)
        send(21, true, .psh | .ack, 1001, 5001, 100)
        send(40, false, .psh | .ack, 5001, 1101, 300)
        send(50, true, .fin | .ack, 1101, 5301)
        send(60, false, .fin | .ack, 5301, 1102)
        send(61, true, .ack, 1102, 5302)
        return trace
    }

    /// Replays, with facts before the frame of the given number.
    static func replay(
        _ trace: Trace, keepsRecords: Bool = true, _ facts: [(before: Int, body: Fact.Body)] = []
    ) -> (records: [Lifecycle], summary: Summary) {
        var correlator = trace.correlator(keepsRecords: keepsRecords)
        correlator.setName("lan0", of: InterfaceID(1))
        correlator.setName("wan0", of: InterfaceID(2))
        for (index, frame) in trace.frames.enumerated() {
            for fact in facts where fact.before == index { correlator.learn(Fact(time: frame.time, body: fact.body)) }
            correlator.observe(frame.bytes.span.bytes, frame.info)
        }
        for fact in facts where fact.before >= trace.frames.count {
            correlator.learn(Fact(time: Trace.time(61), body: fact.body))
        }
        while correlator.finish(atMost: 100) {}
        let requests = correlator.takeFinished().compactMap { record in
            if case .request(let lifecycle) = record { lifecycle } else { nil }
        }
        return (requests, correlator.summary)
    }

    /// Whenever the kernel's word comes, and without timestamps that would tell: one request, counted once.
    @Test(arguments: [0, 1, 2, 3, 7, 99])
    func isOneRequestWhenTheKernelTells(before frame: Int) throws {
        let (requests, summary) = Self.replay(
            Self.forwarded(hasTimestamps: false), [(frame, .translation(Self.translation))])
        let request = try #require(requests.first)
        #expect(requests.count == 1 && summary.requests == 1)
        #expect(request.client.endpoint == Self.inside && request.server.endpoint == Self.server)
        #expect(request.client.segments == 5 && request.server.segments == 3)
        #expect(request.client.payloadBytes == 100 && request.server.payloadBytes == 300)
        #expect(request.coverage.copiesElsewhere == 8)
        #expect(request.translation == Self.translation)
        #expect(request.legs.map(\.interface) == ["lan0", "wan0"])
        #expect(request.legs.map(\.tuple) == [Self.original, Self.translation.translated])
        #expect(request.legs.map(\.how) == [nil, .conntrack])
        #expect(request.legs.map(\.firstRequest) == [Trace.time(0), Trace.time(0.05)])
        #expect(request.legs.map(\.firstAnswer) == [Trace.time(10.05), Trace.time(10)])
        let stage = request.stage(.translation)
        #expect(stage.status == .ok && stage.facts.first?.source == .kernel)
        #expect(stage.facts.first?.value == .text("10.0.1.5:45956 → 11.22.33.44:1189"))
        // The packets show when it was; the kernel's word came a little later.
        #expect(stage.start == Trace.time(0) && stage.duration == TimeSpan(nanoseconds: 50_000))
    }

    @Test func isOneRequestBySegmentsAlone() throws {
        let (requests, summary) = Self.replay(Self.forwarded())
        let request = try #require(requests.first)
        #expect(requests.count == 1 && summary.requests == 1)
        #expect(request.client.segments == 5 && request.coverage.copiesElsewhere == 8)
        #expect(request.translation?.how == .segment && request.translation?.original == Self.original)
        #expect(request.translation?.translated == Self.translation.translated)
        #expect(request.legs.map(\.how) == [nil, .segment])
        #expect(request.stage(.translation).facts.first?.source == .inferred)
        // Counted alike where no records are kept.
        #expect(Self.replay(Self.forwarded(), keepsRecords: false).summary.requests == 1)
    }

    /// What was inferred gives way to what the kernel says.
    @Test func theKernelsWordReplacesWhatWasInferred() throws {
        let (requests, _) = Self.replay(Self.forwarded(), [(5, .translation(Self.translation))])
        #expect(requests.map(\.translation) == [Self.translation])
        #expect(requests.first?.legs.map(\.how) == [nil, .conntrack])
    }

    /// What leaves is seen 2 s after what came.
    static var late: Trace {
        var trace = forwarded()
        for index in trace.frames.indices where trace.frames[index].interface == 2 {
            trace.frames[index].time = trace.frames[index].time + .seconds(2)
        }
        trace.frames.sort { $0.time < $1.time }
        return trace
    }

    /// One datagram with an identification, on both sides of a router.
    static func datagrams(both: Bool) -> Trace {
        var trace = Trace()
        let payload = [UInt8](repeating: 7, count: 40)
        for (index, source) in [inside, outside].enumerated() {
            let destination = index == 1 && both ? Endpoint("198.51.100.7", 443) : server
            trace.packet(
                Double(index) * 0.05, source.address, destination.address, 17,
                Wire.udp(source.port, destination.port, payload), on: UInt16(index + 1), ttl: 64 - UInt8(index))
        }
        return trace
    }

    @Test func aDatagramIsKnownByItsIdentification() {
        let (requests, _) = Self.replay(Self.datagrams(both: false))
        #expect(requests.map(\.translation?.kinds) == [["snat"]])
    }

    struct Unlike: CustomTestStringConvertible {
        var testDescription: String
        var trace: Trace
    }

    /// Alike is not enough.
    @Test(arguments: [
        Unlike(
            testDescription: "no timestamps, no identification", trace: TranslationTests.forwarded(hasTimestamps: false)
        ),
        Unlike(
            testDescription: "no router between the two, and both ends are others",
            trace: TranslationTests.forwarded(realServer: Endpoint("10.0.9.9", 8443), hops: 0)),
        Unlike(
            testDescription: "no router between the two, on one interface",
            trace: TranslationTests.forwarded(hops: 0, out: 1)),
        Unlike(testDescription: "seconds later", trace: TranslationTests.late),
        Unlike(testDescription: "datagrams with both ends others", trace: TranslationTests.datagrams(both: true)),
        Unlike(testDescription: "many routers between", trace: TranslationTests.forwarded(hops: 20)),
        Unlike(testDescription: "two routers on one link", trace: TranslationTests.forwarded(hops: 2, out: 1)),
    ])
    func isTwoRequestsWhenNothingProvesOne(_ unlike: Unlike) {
        let (requests, _) = Self.replay(unlike.trace)
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.translation == nil && $0.legs.isEmpty })
    }

    /// A port hands a packet on to its bridge with the time of its arrival; the answer's times tell which of them is nearer.
    @Test(arguments: ["0 > S 1 @2 | 0 > S 1 @1", "0 > S 1 @1 | 0 > S 1 @2"])
    func placesOfOneTimeAreInOrder(_ syns: String) {
        var trace = Trace()
        trace.tcp(syns + " | 10 < S. 5 @2 | 10.01 < S. 5 @1", Self.inside, Self.server)
        let (requests, _) = Self.replay(trace)
        #expect(requests.first?.legs.map(\.interface) == ["lan0", "wan0"])
    }

    /// The only segment of the server is its RST, and that is its answer at every place.
    @Test func aRefusalIsAnAnswerOnEveryLeg() {
        var trace = Trace()
        trace.tcp("0 > S 1 @1 | 0.05 > S 1 @2 | 10 < R. 0 @2 | 10.01 < R. 0 @1", Self.inside, Self.server)
        let (requests, _) = Self.replay(trace)
        #expect(requests.first?.legs.map(\.firstAnswer) == [Trace.time(10.01), Trace.time(10)])
    }

    /// One end at one port of the bridge, the other at the next: what it became is what it was last.
    @Test func aBridgeMayRewriteInTwoSteps() {
        var trace = Trace()
        let steps = [
            (Self.inside, Endpoint("11.22.33.44", 8080)), (Self.inside, Endpoint("10.0.1.9", 80)),
            (Endpoint("10.0.1.1", 45956), Endpoint("10.0.1.9", 80)),
        ]
        for (index, ends) in steps.enumerated() {
            let segment = Wire.tcp(
                ends.0.port, ends.1.port, .syn, sequence: 1000, acknowledgment: 0, options: Self.timestamp(1), [])
            trace.packet(
                Double(index) * 0.01, ends.0.address, ends.1.address, 6, segment, on: UInt16(index + 1), ttl: 64)
        }
        let (requests, _) = Self.replay(trace)
        #expect(requests.map(\.translation?.translated) == [FlowTuple(.tcp, steps[2].0, steps[2].1)])
    }

    /// A bridge with netfilter rewrites one end between two of its ports.
    @Test func aBridgeIsNoRouter() throws {
        let (requests, _) = Self.replay(
            Self.forwarded(rewritten: Self.inside, realServer: Endpoint("10.0.1.9", 80), hops: 0))
        #expect(requests.map(\.translation?.kinds) == [["dnat"]])
        #expect(requests.first?.legs.map(\.interface) == ["lan0", "wan0"])
    }

    @Test func aHairpinTurnsRoundOnOneInterface() throws {
        let trace = Self.forwarded(
            rewritten: Endpoint("10.0.1.1", 45956), server: Endpoint("11.22.33.44", 8080),
            realServer: Endpoint("10.0.1.9", 80), out: 1)
        let (requests, _) = Self.replay(trace)
        let request = try #require(requests.first)
        #expect(requests.count == 1)
        #expect(request.translation?.kinds == ["snat", "dnat"])
        #expect(request.legs.map(\.interface) == ["lan0", "lan0"])
    }

    /// A bridge with netfilter shows a hairpin half-way: the destination is rewritten, the source not yet.
    @Test(arguments: [0, 2, 4, 99]) func aHairpinIsOneRequestOnABridgeToo(before frame: Int) throws {
        let (client, router) = (Endpoint("172.18.0.3", 59706), Endpoint("10.88.0.2", 8080))
        let (gateway, real) = (Endpoint("172.18.0.1", 59706), Endpoint("172.18.0.2", 80))
        var trace = Trace()
        for (index, ends) in [(client, router), (client, real), (gateway, real)].enumerated() {
            trace.tcp(
                Double(index) * 0.02, ends.0, ends.1, .syn, 1000, on: UInt16(index + 1))
            trace.tcp(
                20 + Double(index) * 0.02, ends.0, ends.1, .ack, 1001, acknowledgment: 5001, on: UInt16(index + 1))
        }
        for (index, ends) in [(client, router), (client, real), (gateway, real)].reversed().enumerated() {
            trace.tcp(
                10 + Double(index) * 0.02, ends.1, ends.0, .syn | .ack, 5000, acknowledgment: 1001,
                on: UInt16(3 - index))
        }
        trace.frames.sort { $0.time < $1.time }
        let fact = Translation(
            original: FlowTuple(.tcp, client, router), reply: FlowTuple(.tcp, real, gateway), how: .conntrack)
        let (requests, summary) = Self.replay(trace, [(frame, .translation(fact))])
        #expect(requests.map(\.client.endpoint) == [client] && summary.requests == 1)
        #expect(requests.first?.client.segments == 2 && requests.first?.server.segments == 1)
        #expect(
            requests.first?.legs.map(\.tuple.description) == [
                "tcp 172.18.0.3:59706 → 10.88.0.2:8080", "tcp 172.18.0.3:59706 → 172.18.0.2:80",
                "tcp 172.18.0.1:59706 → 172.18.0.2:80",
            ])
        #expect(requests.first?.legs.map(\.how) == [nil, .conntrack, .conntrack])
    }

    /// Of a host's own rewrites, only what is left of them passes an interface.
    @Test func whatIsSeenAfterTheRewriteAloneIsTheRequest() throws {
        var trace = Trace()
        trace.tcp("0 > S 1 @1 | 0.01 > S 1 @2 | 10 < S. 5 @2 | 10.01 < S. 5 @1", Self.outside, Self.server)
        let (requests, _) = Self.replay(trace, [(1, .translation(Self.translation))])
        #expect(requests.map(\.translation) == [Self.translation])
        #expect(requests.first?.client.endpoint == Self.outside)
        #expect(requests.first?.legs.map(\.how) == [nil, nil])
    }

    /// A port forward: what was sent to the router goes on, so it is forwarded.
    @Test func aPortForwardIsForwarded() throws {
        let (router, real) = (Endpoint("11.22.33.44", 8080), Endpoint("10.0.1.9", 80))
        var trace = Self.forwarded(client: Self.server, rewritten: Self.server, server: router, realServer: real)
        trace.hostAddresses = ["11.22.33.44", "10.0.1.1"]
        let fact = Translation(
            original: FlowTuple(.tcp, Self.server, router), reply: FlowTuple(.tcp, real, Self.server), how: .conntrack)
        let (requests, _) = Self.replay(trace, [(3, .translation(fact))])
        #expect(requests.map(\.direction) == [.forwarded])
        #expect(requests.first?.translation?.kinds == ["dnat"])
    }

    /// Times in a file may be any: a copy from the other end of time is no copy.
    @Test(arguments: [(Int64.min, Int64.max), (Int64.max, Int64.min)])
    func timesMayBeAnything(_ first: Int64, _ second: Int64) {
        var trace = Self.forwarded()
        for (index, time) in [first, second].enumerated() {
            trace.frames[index].time = Timestamp(nanoseconds: time)
        }
        trace.frames.removeLast(trace.frames.count - 2)
        #expect(Self.replay(trace).records.count == 2)
    }

    /// Which way the router sends on what it forwards is asked once it is known where NAT sends it, and not before.
    @Test(arguments: [false, true]) func theWayIsAskedOnceTheDestinationIsKnown(_ isTranslated: Bool) throws {
        let (router, real) = (Endpoint("11.22.33.44", 8080), Endpoint("10.0.1.9", 80))
        let tuple = FlowTuple(.tcp, Self.server, isTranslated ? router : real)
        var trace = Self.forwarded(
            client: Self.server, rewritten: Self.server, server: tuple.destination, realServer: real)
        trace.hostAddresses = [router.address, "10.0.1.1"]
        var correlator = trace.correlator()
        correlator.notesQuestions = true
        correlator.setName("wan0", of: InterfaceID(1))
        correlator.setName("lan0", of: InterfaceID(2))
        for frame in trace.frames.prefix(2) { correlator.observe(frame.bytes.span.bytes, frame.info) }
        #expect(correlator.takeQuestions().allSatisfy { $0.forwarding == nil })
        let fact: Fact.Body =
            isTranslated
            ? .translation(
                Translation(original: tuple, reply: FlowTuple(.tcp, real, Self.server), how: .conntrack))
            : .untranslated(tuple, .untouched)
        // Told twice, asked once.
        for _ in 0..<2 { correlator.learn(Fact(time: Trace.time(1), body: fact)) }
        let questions = correlator.takeQuestions()
        let question = try #require(questions.first)
        #expect(question.tuple == tuple && question.direction == .forwarded && question.interface == "wan0")
        #expect(question.forwarding?.destination == real.address && !question.needsOwner)
        #expect(question.forwarding?.station == Trace.mac(tuple.destination.address))
        for (interface, isBelieved) in [("lan0", true), ("tun0", false)] {
            var choice = RouteChoice(kind: .unicast, table: RoutingTable(number: 254, name: "main"))
            choice.interface = interface
            let report = RouteReport(.chosen(choice))
            correlator.learn(Fact(time: Trace.time(2), body: .route(tuple, began: question.first, report)))
            let open = correlator.open(before: nil, count: 1) { _ in true }
            #expect((open.first?.stage(.route).status == .ok) == isBelieved)
        }
    }

    /// IPv6 without timestamps: prefixes rewritten so that checksums stay (RFC 6296), and one rewritten otherwise.
    @Test(arguments: [("2001:db8:1::1", "fd01:203:405:1::1", 1), ("2001:db8:1::1", "fd01:203:405:2::1", 2)])
    func prefixTranslationKeepsTheSum(_ outside: String, _ inside: String, _ count: Int) throws {
        // Adjusted by hand: the words of both addresses have the same sum when count is 1.
        let inner = try #require(IPAddress(inside))
        let sum = Self.sum(inner)
        let target = try #require(IPAddress(outside))
        let missing = UInt64((Int(sum) + 0xFFFF * 2 - Int(Self.sum(target))) % 0xFFFF) + UInt64(count - 1)
        let outer = IPAddress(v6High: target.high, low: target.low + missing << 16)
        var trace = Trace()
        let payload = [UInt8](repeating: 7, count: 40)
        for (index, source) in [inner, outer].enumerated() {
            trace.packet(
                Double(index) * 0.05, source, "2001:db8:9::9", 17, Wire.udp(5000, 6000, payload),
                on: UInt16(index), ttl: 64 - UInt8(index))
        }
        #expect(Self.replay(trace).records.count == count)
    }

    private static func sum(_ address: IPAddress) -> UInt32 {
        var sum: UInt32 = 0
        for word in [address.high, address.low] {
            for shift in stride(from: UInt64(0), to: 64, by: 16) { sum += UInt32(word >> shift & 0xFFFF) }
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return sum
    }

    @Test func untouchedIsSaid() throws {
        let trace = Self.forwarded(hasTimestamps: false, hops: 0)
        let (requests, _) = Self.replay(trace, [(4, .untranslated(Self.original, .untouched))])
        let request = try #require(requests.first { $0.client.endpoint == Self.inside })
        #expect(request.stage(.translation).status == .notApplicable)
        #expect(request.stage(.translation).reason?.contains("not translated") == true)
    }

    private static func mapping(began: Double, ended: Double? = nil) -> Translation {
        var mapping = translation
        mapping.began = Trace.time(began)
        mapping.ended = ended.map { Trace.time($0) }
        return mapping
    }

    /// The same ports later, when the mapping is over: nothing was translated.
    @Test func aMappingThatIsOverRewritesNothing() throws {
        var trace = Trace()
        trace.tcp("5000 > S 1 | 5010 < S. 5", Self.inside, Self.server)
        let (requests, _) = Self.replay(
            trace,
            [(0, .translation(Self.mapping(began: 0))), (0, .translation(Self.mapping(began: 0, ended: 1000)))])
        #expect(requests.map(\.translation) == [nil])
    }

    /// A request that was over before the mapping was made had the same ports by chance.
    @Test func aMappingIsNotOfWhatWasOverBefore() throws {
        var trace = Trace()
        trace.tcp("0 > S 1 | 10 < R. 0", Self.inside, Self.server)
        let (requests, _) = Self.replay(trace, [(99, .translation(Self.mapping(began: 5000)))])
        #expect(requests.map(\.translation) == [nil])
    }

    /// What had the tuple behind the rewrite before the mapping was made is another request, this host's own perhaps.
    @Test func whatWasThereBeforeTheMappingIsNoLegOfIt() throws {
        var trace = Trace()
        trace.tcp("0 > S 1 @2 | 10 < S. 5 @2", Self.outside, Self.server)
        trace.tcp("5000 > S 77 @1", Self.inside, Self.server)
        let (requests, _) = Self.replay(trace, [(99, .translation(Self.mapping(began: 5000)))])
        #expect(Set(requests.map(\.client.endpoint)) == [Self.inside, Self.outside])
        #expect(requests.allSatisfy { $0.legs.isEmpty })
    }

    @Test func theEndOfTheMappingIsNoted() throws {
        var over = Self.translation
        over.ended = Trace.time(61)
        let (requests, _) = Self.replay(
            Self.forwarded(), [(4, .translation(Self.translation)), (99, .translation(over))])
        #expect(requests.map(\.translation?.ended) == [Trace.time(61)])
    }

    @Test func lostNewsAreMarkedInWhatWasOpen() throws {
        let (requests, _) = Self.replay(Self.forwarded(), [(4, .translationsMissed("overflow"))])
        #expect(requests.map(\.coverage.translationsMissed) == [true])
        let before = Self.replay(Self.forwarded()).records
        #expect(before.map(\.coverage.translationsMissed) == [false])
    }

    /// The ports of a leg are used again: by another client while the old connection lingers.
    @Test func anotherConnectionOnTheSamePortsIsAnother() throws {
        var trace = Self.forwarded()
        var second = Self.forwarded(client: Endpoint("10.0.1.6", 45956))
        for index in second.frames.indices { second.frames[index].time = second.frames[index].time + .seconds(2) }
        // Another initial sequence number: bytes 38 to 41, behind Ethernet and IP.
        for index in second.frames.indices { second.frames[index].bytes[40] ^= 0x55 }
        trace.frames += second.frames
        let (requests, _) = Self.replay(trace)
        #expect(requests.map(\.client.endpoint) == [Self.inside, Endpoint("10.0.1.6", 45956)])
        #expect(requests.map(\.translation?.translated) == [Self.translation.translated, Self.translation.translated])
    }

    /// A forwarded question and its answer, each on both sides of NAT: told once, whenever the kernel's word comes.
    @Test(arguments: [0, 1, 2, 3]) func aForwardedLookupIsToldOnce(before frame: Int) throws {
        let (inside, outside) = (Endpoint("10.0.1.5", 5000), Endpoint("11.22.33.44", 5000))
        let server = Endpoint("203.0.113.53", 53)
        var trace = Trace()
        let query = WireDNS.query(7, "www.example.org", 1)
        let response = WireDNS.response(7, "www.example.org", 1, [.address("192.0.2.80")])
        trace.udp(0, inside, server, query, on: 1)
        trace.udp(0.05, outside, server, query, on: 2)
        trace.udp(10, server, outside, response, on: 2)
        trace.udp(10.05, server, inside, response, on: 1)
        let fact = Translation(
            original: FlowTuple(.udp, inside, server), reply: FlowTuple(.udp, server, outside), how: .conntrack)
        var correlator = trace.correlator()
        for (index, each) in trace.frames.enumerated() {
            if index == frame { correlator.learn(Fact(time: each.time, body: .translation(fact))) }
            correlator.observe(each.bytes.span.bytes, each.info)
        }
        while correlator.finish(atMost: 100) {}
        let records = correlator.takeFinished()
        let lookups = records.compactMap { if case .lookup(let lookup) = $0 { lookup } else { nil } }
        let requests = records.compactMap { if case .request(let request) = $0 { request } else { nil } }
        #expect(lookups.count == 1 && correlator.summary.lookups == 1)
        #expect(requests.map(\.client.endpoint) == [inside])
        // The request that it belongs to knows of it.
        #expect(requests.first?.lookups.map(\.name) == ["www.example.org"])
    }

    /// What was told of one question does not silence the next.
    @Test func theNextLookupIsToldAgain() throws {
        let (inside, outside) = (Endpoint("10.0.1.5", 5000), Endpoint("11.22.33.44", 5000))
        let server = Endpoint("203.0.113.53", 53)
        var trace = Trace()
        for round in 0..<2 {
            let query = WireDNS.query(UInt16(round), "www.example.org", 1)
            let response = WireDNS.response(UInt16(round), "www.example.org", 1, [.address("192.0.2.80")])
            let start = Double(round) * 100
            trace.udp(start, inside, server, query, on: 1)
            trace.udp(start + 0.05, outside, server, query, on: 2)
            trace.udp(start + 10, server, outside, response, on: 2)
            trace.udp(start + 10.05, server, inside, response, on: 1)
        }
        let fact = Translation(
            original: FlowTuple(.udp, inside, server), reply: FlowTuple(.udp, server, outside), how: .conntrack)
        #expect(Self.replay(trace, [(3, .translation(fact))]).summary.lookups == 2)
    }

    /// SNAT to an address of another interface than the one that it leaves by, and no answer.
    @Test(arguments: [
        ("lan0", "snat", false, "source_of_another_interface"), ("wan0", "snat", false, nil),
        ("lo", "snat", false, nil),
        ("lan0", "masquerade", false, nil), ("lan0", "snat", true, nil), (nil, "snat", false, nil),
    ])
    func aSourceOfAnotherInterfaceIsTold(
        _ home: String?, _ action: String, _ isAnswered: Bool, _ reason: String?
    ) throws {
        var trace = Trace()
        let rewritten = Endpoint("11.22.33.44", 45956)
        for (time, ends, interface) in [
            (0, Self.inside, 1), (0.05, rewritten, 2), (1000, Self.inside, 1), (1000.05, rewritten, 2),
        ] as [(Double, Endpoint, UInt16)] {
            trace.tcp(time, ends, Self.server, .syn, 1000, on: interface)
        }
        if isAnswered { trace.tcp(1010, Self.server, Self.inside, .syn | .ack, 5000, acknowledgment: 1001, on: 1) }
        var translation = Translation(
            original: Self.original, reply: FlowTuple(.tcp, Self.server, rewritten), how: .conntrack)
        translation.rule = TranslationRule(
            family: "ip", table: "t", chain: "c", handle: 1, action: action, text: "snat to 11.22.33.44")
        var facts: [(before: Int, body: Fact.Body)] = [(1, .translation(translation))]
        if let home { facts.append((0, .addressAdded("11.22.33.44", interface: home))) }
        let (requests, _) = Self.replay(trace, facts)
        let stage = try #require(requests.first).stage(.translation)
        #expect(stage.reason == reason && stage.status == (reason == nil ? .ok : .failed))
        #expect(stage.facts.contains { $0.name == "source_belongs_to" } == (home == "lan0" && action == "snat"))
    }

    /// SYNs that come in, get no entry and no answer, while the kernel drops packets for want of a tuple.
    @Test(arguments: [
        (Untranslated.untracked, 500.0, 900.0, true), (.untouched, 500, 900, false), (.untracked, 9500, 9900, false),
    ])
    func aCollisionIsTold(_ untranslated: Untranslated, _ since: Double, _ until: Double, _ isTold: Bool) throws {
        var trace = Trace()
        trace.hostAddresses = ["10.0.1.1"]
        trace.tcp("0 > S 1 @1 | 1000 > S 1 @1 | 3000 > S 1 @1", Self.inside, Self.server)
        var correlator = trace.correlator()
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        correlator.learn(
            Fact(time: Trace.time(until), body: .insertsFailed(3, since: Trace.time(since))))
        correlator.learn(Fact(time: Trace.time(2000), body: .untranslated(Self.original, untranslated)))
        while correlator.finish(atMost: 100) {}
        let requests = correlator.takeFinished().compactMap { if case .request(let each) = $0 { each } else { nil } }
        let stage = try #require(requests.first).stage(.translation)
        #expect(requests.count == 1)
        #expect(stage.reason == "port_collision" ? isTold : !isTold)
        #expect(stage.status == (isTold ? .failed : .notApplicable))
    }

    /// All looks at the counters while it tried, and none before or after.
    @Test func refusalsAreSummedWhileItTried() throws {
        var trace = Trace()
        trace.hostAddresses = ["10.0.1.1"]
        trace.tcp("5000 > S 1 @1 | 6000 > S 1 @1 | 8000 > S 1 @1", Self.inside, Self.server)
        var correlator = trace.correlator()
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        for (second, count) in [(3, 100), (5, 2), (6, 3), (7, 4), (9, 100)] {
            let refusal = RefusedInserts(
                count: UInt64(count), since: Trace.time(Double(second) * 1000 - 500),
                until: Trace.time(Double(second) * 1000 + 510), tracked: 90 + second, limit: 100)
            correlator.learn(Fact(time: refusal.until, body: .insertsRefused(refusal)))
        }
        correlator.learn(Fact(time: Trace.time(9600), body: .untranslated(Self.original, .untracked)))
        while correlator.finish(atMost: 100) {}
        let requests = correlator.takeFinished().compactMap { if case .request(let each) = $0 { each } else { nil } }
        let lifecycle = try #require(requests.first)
        #expect(
            lifecycle.refusedInserts
                == RefusedInserts(
                    count: 9, since: Trace.time(4500), until: Trace.time(7510), tracked: 97, limit: 100))
        let stage = lifecycle.stage(.translation)
        #expect(stage.reason == "table_full" && stage.facts.contains { $0.name == "packets_refused" })
    }

    /// Fewer were dropped than this request alone sent in vain: something else drops it.
    @Test(arguments: [(UInt64(3), "table_full"), (2, nil)])
    func aFullTableDropsEachOfItsPackets(_ count: UInt64, _ reason: String?) throws {
        var trace = Trace()
        trace.hostAddresses = ["10.0.1.1"]
        trace.tcp("0 > S 1 @1 | 1000 > S 1 @1 | 3000 > S 1 @1", Self.inside, Self.server)
        var correlator = trace.correlator()
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        let refusal = RefusedInserts(
            count: count, since: Trace.time(-500), until: Trace.time(3600), tracked: 100, limit: 100)
        correlator.learn(Fact(time: refusal.until, body: .insertsRefused(refusal)))
        correlator.learn(Fact(time: Trace.time(3600), body: .untranslated(Self.original, .untracked)))
        while correlator.finish(atMost: 100) {}
        let requests = correlator.takeFinished().compactMap { if case .request(let each) = $0 { each } else { nil } }
        let stage = try #require(requests.first).stage(.translation)
        #expect(stage.status == (reason == nil ? .notApplicable : .failed))
        #expect(reason == nil || stage.reason == reason)
    }

    @Test func legsGoWithTheirRequest() {
        let (_, summary) = Self.replay(Self.forwarded())
        #expect(summary.tables.first { $0.name == "requests" }?.count == 0)
    }
}
