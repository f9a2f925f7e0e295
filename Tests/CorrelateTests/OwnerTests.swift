import Correlate
import Decode
import Model
import Testing

/// What the kernel said of sockets, joined to requests. Times are milliseconds after the trace's start.
@Suite struct OwnerTests {
    private static let curl = Process(pid: 7, name: "curl", networkNamespace: .own)
    private static let wget = Process(pid: 8, name: "wget", networkNamespace: .own)
    private static let inside = Process(pid: 9, name: "inside", networkNamespace: .other(1))
    private static let elsewhere = Process(pid: 10, name: "elsewhere", networkNamespace: .other(2))
    private static let gone = Process(pid: 11, name: "gone", networkNamespace: .unknown)

    private static let tuple = FlowTuple(.tcp, Trace.client, Trace.server)
    private static let open = FlowTuple(.tcp, Endpoint(.anyIPv4, Trace.client.port), Trace.server)

    private struct Told {
        var milliseconds: Double
        var process: Process?
        var tuple: FlowTuple
        var reason: String?

        init(_ milliseconds: Double, _ process: Process?, _ tuple: FlowTuple = OwnerTests.tuple, reason: String? = nil)
        {
            self.milliseconds = milliseconds
            self.process = process
            self.tuple = tuple
            self.reason = reason
        }

        var fact: Fact {
            Fact(
                time: Trace.time(milliseconds),
                body: .socketOwner(tuple, SocketOwner(process, .traced, reason: reason)))
        }
    }

    /// The owners of all requests of a trace, in order.
    ///
    /// - Parameters:
    ///   - before: told before the first frame is seen.
    ///   - after: told when all have been.
    private func owners(
        _ segments: String = "100 > S 1000 | 110 < S. 5000", before: [Told] = [], after: [Told] = [],
        from hosts: [IPAddress] = [Trace.client.address]
    ) -> [SocketOwner?] {
        var trace = Trace()
        trace.hostAddresses = hosts
        trace.tcp(segments)
        var correlator = trace.correlator()
        correlator.notesQuestions = true
        for told in before { correlator.learn(told.fact) }
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        for told in after { correlator.learn(told.fact) }
        var outcome = Trace.Outcome()
        while correlator.finish(atMost: 10) { outcome.add(correlator.takeFinished()) }
        outcome.add(correlator.takeFinished())
        return outcome.requests.map(\.owner)
    }

    private func names(_ owners: [SocketOwner?]) -> [String] { owners.map { $0?.process?.name ?? "?" } }

    @Test func inEitherOrder() {
        #expect(names(owners(before: [Told(99, Self.curl)])) == ["curl"])
        #expect(names(owners(after: [Told(99, Self.curl)])) == ["curl"])
        #expect(names(owners(before: [Told(99, Self.curl, Self.open)])) == ["curl"])
        #expect(names(owners(after: [Told(99, Self.curl, Self.open)])) == ["curl"])
        #expect(names(owners()) == ["?"])
    }

    /// A connect may wait for its neighbour for seconds; clocks differ by a little.
    @Test(arguments: [(-9_000.0, "curl"), (-11_000, "?"), (99, "curl"), (100.4, "curl"), (100.6, "?")])
    func onlyOfItsTime(_ milliseconds: Double, _ name: String) {
        #expect(names(owners(before: [Told(milliseconds, Self.curl)])) == [name])
        #expect(names(owners(after: [Told(milliseconds, Self.curl)])) == [name])
    }

    @Test func anotherPortOrPeerOrWayIsAnotherSocket() {
        var others = [Self.tuple, Self.tuple, Self.tuple.reversed, Self.tuple, Self.tuple]
        others[0].source.port += 1
        others[1].destination.port += 1
        others[3].source.address = IPAddress(v4: 0x0A00_0009)
        others[4].transport = .udp
        for tuple in others {
            #expect(names(owners(before: [Told(99, Self.curl, tuple)])) == ["?"])
            #expect(names(owners(after: [Told(99, Self.curl, tuple)])) == ["?"])
        }
    }

    @Test func aPortThatIsUsedAgain() {
        let twice = "100 > S 1000 | 101 < R. 0 | 30000 > S 9000 | 30001 < S. 5000"
        let told = [Told(99, Self.curl), Told(29_999, Self.wget)]
        #expect(names(owners(twice, before: told)) == ["curl", "wget"])
        #expect(names(owners(twice, before: [told[0]])) == ["curl", "?"])
        #expect(names(owners(twice, after: [told[1]])) == ["?", "wget"])
        // Within the time for which a fact is kept: the later one counts.
        let soon = "100 > S 1000 | 101 < R. 0 | 5000 > S 9000 | 5001 < S. 5000"
        let both = [Told(99, Self.curl), Told(4999, Self.wget)]
        #expect(names(owners(soon, before: both)) == ["curl", "wget"])
        #expect(names(owners(soon, after: both)) == ["?", "wget"])
        #expect(names(owners(soon, after: both.reversed())) == ["?", "wget"])
        // What was told of the first is not told of the second.
        #expect(names(owners(soon, before: [both[0]])) == ["curl", "?"])
        #expect(names(owners(soon, after: [both[0]])) == ["?", "?"])
        #expect(names(owners(soon, before: [Told(99, Self.curl, Self.open)])) == ["curl", "?"])
    }

    @Test func theFirstWordCountsAndAProcessBeatsAReason() {
        #expect(names(owners(after: [Told(99, Self.curl), Told(100.4, Self.wget)])) == ["curl"])
        #expect(names(owners(before: [Told(99, Self.curl), Told(100.4, Self.wget)])) == ["curl"])
        // The ports were somebody else's a moment before.
        #expect(names(owners(after: [Told(90, Self.curl), Told(99, Self.wget)])) == ["wget"])
        #expect(names(owners(after: [Told(99, Self.wget), Told(90, Self.curl)])) == ["wget"])
        #expect(names(owners(before: [Told(90, Self.curl), Told(99, Self.wget)])) == ["wget"])
        let reason = Told(100, nil, reason: "gone")
        #expect(names(owners(after: [reason, Told(100, Self.curl)])) == ["curl"])
        #expect(names(owners(after: [Told(100, Self.curl), reason])) == ["curl"])
        #expect(owners(after: [reason]).first??.reason == "gone")
    }

    /// Loopback and private addresses are the same in many network namespaces.
    @Test func aNamespaceOfItsOwnIsNotThisHost() {
        #expect(names(owners(before: [Told(99, Self.inside)])) == ["?"])
        #expect(names(owners(after: [Told(99, Self.inside)])) == ["?"])
        #expect(names(owners(before: [Told(99, Self.inside, Self.open)])) == ["?"])
        #expect(names(owners(after: [Told(99, Self.inside, Self.open)])) == ["?"])
        #expect(names(owners(before: [Told(98, Self.curl), Told(99, Self.inside)])) == ["curl"])
        #expect(names(owners(before: [Told(99, Self.gone)])) == ["gone"])
        #expect(names(owners(before: [Told(98, Self.curl), Told(99, Self.gone)])) == ["?"])
    }

    @Test func aForwardedRequestMayBeOfAProcessInAContainer() {
        let router = [IPAddress(v4: 0x0A00_00FE)]
        for told in [[Told(99, Self.inside)], [Told(99, Self.inside, Self.open)]] {
            #expect(names(owners(before: told, from: router)) == ["inside"])
        }
        #expect(names(owners(after: [Told(99, Self.inside)], from: router)) == ["inside"])
        // Nobody here sends from an address that is not this host's without saying so.
        #expect(names(owners(before: [Told(99, Self.curl, Self.open)], from: router)) == ["?"])
        #expect(names(owners(before: [Told(99, Self.gone, Self.open)], from: router)) == ["?"])
        // The very address comes before none.
        let both = [Told(98, Self.inside), Told(99, Self.elsewhere, Self.open)]
        #expect(names(owners(before: both, from: router)) == ["inside"])
    }

    @Test func twoNamespacesWithTheSameAddressesAreNotToldApart() {
        let router = [IPAddress(v4: 0x0A00_00FE)]
        let told = [Told(98, Self.inside), Told(99, Self.elsewhere), Told(99.5, Self.inside)]
        for owner in owners(before: told, from: router) + owners(after: told, from: router) {
            #expect(owner?.process == nil && owner?.reason?.contains("different network namespaces") == true)
        }
    }

    @Test func aFloodOfFactsDropsTheOldest() {
        var flood = [Told(90, Self.curl)]
        for number in 0..<(1 << 14) {
            var tuple = Self.tuple
            tuple.destination.address = IPAddress(v4: UInt32(truncatingIfNeeded: 0x0B00_0000 + number))
            flood.append(Told(91, Self.wget, tuple))
        }
        #expect(names(owners(before: flood)) == ["?"])
        #expect(names(owners(before: flood + [Told(92, Self.curl)])) == ["curl"])
    }

    @Test func theKernelIsAskedOnceForEachRequest() throws {
        var trace = Trace()
        trace.hostAddresses = [Trace.client.address]
        trace.tcp("100 > S 1000 | 110 < S. 5000 | 120 > . 1001")
        trace.udp(130, Trace.client, Trace.server, [1, 2, 3])
        var correlator = trace.correlator()
        correlator.notesQuestions = true
        correlator.learn(Told(99, Self.curl).fact)
        for frame in trace.frames { correlator.observe(frame.bytes.span.bytes, frame.info) }
        let questions = correlator.takeQuestions()
        try #require(questions.count == 2)
        #expect(questions[0].tuple == Self.tuple && !questions[0].needsOwner && questions[0].first == Trace.time(100))
        #expect(questions[1].tuple.transport == .udp && questions[1].needsOwner)
        #expect(questions.map(\.direction) == [.outbound, .outbound] && correlator.takeQuestions().isEmpty)
    }
}
