import LifecycleSamples
import Model
import Testing

/// What a sample's stages shall be.
struct StageExample: Sendable, CustomTestStringConvertible {
    var sample: String
    var outcome: Outcome
    var failure: String?
    /// Of name, neighbour and port, of connect, secure and exchange, and of close: the first letter of their status.
    var statuses: String

    init(_ sample: String, _ outcome: Outcome, _ statuses: String) {
        self.sample = sample
        self.outcome = outcome
        self.statuses = statuses
    }

    init(_ sample: String, _ outcome: Outcome, _ failure: String, _ statuses: String) {
        self.init(sample, outcome, statuses)
        self.failure = failure
    }

    var testDescription: String { sample }
}

@Suite struct StageTests {
    @Test(arguments: [
        StageExample("http", .ok, "ooo ono o"),
        StageExample("http 503", .ok, "uuo ono o"),
        StageExample("refused", .failed, "connect refused", "uuo fnn n"),
        StageExample("no answer", .failed, "connect no_answer", "uuo fnn n"),
        StageExample("one SYN at the end of the capture", .unknown, "uuo pnn n"),
        StageExample("two SYNs at the end of the capture", .failed, "connect no_answer", "uuo fnn n"),
        StageExample("waiting for SYN-ACK", .pending, "uuo pnn n"),
        StageExample("host unreachable", .failed, "connect unreachable", "uuo fnn n"),
        StageExample("SYN too big for a link is no end", .pending, "uuo pnn n"),
        StageExample("aborted", .failed, "connect aborted", "uuo fnn n"),
        StageExample("half open", .failed, "connect half_open", "uuo fnn n"),
        StageExample("half open, SYN-ACK repeated", .failed, "connect half_open", "uuo fnn n"),
        StageExample("half open, still", .pending, "uuo pnn n"),
        StageExample("reset in the handshake", .failed, "connect reset", "uuo fnn n"),
        StageExample("no response", .failed, "exchange no_response", "uuo onf o"),
        StageExample("reset instead of an answer", .failed, "exchange reset", "uuo onf f"),
        StageExample("reset in the middle of the answer", .failed, "exchange reset", "uuo onf f"),
        StageExample("reset when idle", .failed, "close reset_by_server", "uuo ono f"),
        StageExample("reset after both FINs", .ok, "uuo ono o"),
        StageExample("client closed into the answer", .failed, "close reset_by_client", "uuo ono f"),
        StageExample("client cut it", .failed, "close reset_by_client", "uuo ono f"),
        StageExample("open and answered", .ok, "uuo ono p"),
        StageExample("open and silent", .pending, "uuo onp p"),
        StageExample("open and asked", .pending, "uuo onp p"),
        StageExample("server speaks first", .ok, "uuo ono o"),
        StageExample("opened and closed", .ok, "uuo onn o"),
        StageExample("half closed", .ok, "uuo ono p"),
        StageExample("midstream", .unknown, "uuu uuu u"),
        StageExample("silent until given up", .failed, "exchange no_response", "uuo onf u"),
        StageExample("https", .ok, "uuo ooo o"),
        StageExample("alert", .failed, "secure handshake_failure", "uuo ofn o"),
        StageExample("warning alert, then on", .ok, "uuo ooo p"),
        StageExample("no ServerHello", .failed, "secure no_server_hello", "uuo ofn o"),
        StageExample("ClientHello just sent", .pending, "uuo opp p"),
        StageExample("closed in the TLS handshake", .failed, "secure closed_in_handshake", "uuo ofn o"),
        StageExample("datagram answered", .ok, "uuo nno n"),
        StageExample("datagram unanswered", .failed, "exchange no_response", "uuo nnf n"),
        StageExample("datagram at the end of the capture", .unknown, "uuo nnp n"),
        StageExample("datagram to a closed port", .failed, "exchange unreachable", "uuo nnf n"),
        StageExample("datagram to a group", .unknown, "nno nnu n"),
        StageExample("syslog", .unknown, "uuo nnu n"),
        StageExample("ping", .ok, "uun nno n"),
        StageExample("ping unanswered", .failed, "exchange unanswered", "uun nnf n"),
        StageExample("ping out of hops", .failed, "exchange unreachable", "uun nnf n"),
        StageExample("lookup", .ok, "ouo nno n"),
        StageExample("nxdomain", .failed, "name nxdomain", "fuo nno n"),
        StageExample("servfail", .failed, "name servfail", "fuo nno n"),
        StageExample("refused lookup", .failed, "name refused", "fuo nno n"),
        StageExample("notimp", .failed, "name notimp", "fuo nno n"),
        StageExample("no data", .failed, "name no_data", "fuo nno n"),
        StageExample("unanswered lookup", .failed, "name no_answer", "fuo nnf n"),
        StageExample("unanswered lookup at the end of the capture", .failed, "name no_answer", "fuo nnf n"),
        StageExample("DNS server out of reach", .failed, "name no_answer", "fuo nnf n"),
        StageExample("nxdomain tells more than silence", .failed, "name nxdomain", "fuo nno n"),
        StageExample("pending lookup", .pending, "puo nnp n"),
        StageExample("unanswered ARP", .failed, "neighbour unanswered", "ufo fnn n"),
        StageExample("held until the gateway failed", .failed, "neighbour unanswered", "ufo nnn n"),
        StageExample("held, and given up early", .unknown, "uuo nnn n"),
        StageExample("two MACs", .failed, "neighbour two_macs", "ufo fnn n"),
        StageExample("loopback", .ok, "nno nno n"),
    ])
    func derives(_ example: StageExample) throws {
        let waterfall = try #require(LifecycleSample.named(example.sample)).waterfall
        let kinds: [StageKind] = [.name, .neighbour, .port, .connect, .secure, .exchange, .close]
        let statuses = kinds.compactMap { waterfall.stage($0).status.name.first }
        #expect(String(statuses) == example.statuses.filter { $0 != " " })
        #expect(waterfall.outcome == example.outcome)
        #expect(waterfall.failure.map { "\($0.stage.name) \($0.reason)" } == example.failure)
    }

    @Test(arguments: LifecycleSample.all.map(\.name))
    func everyStageKeepsTheRules(_ name: String) throws {
        let lifecycle = try #require(LifecycleSample.named(name))
        #expect(lifecycle.stages.map(\.kind) == StageKind.allCases)
        for stage in lifecycle.stages {
            #expect(lifecycle.stage(stage.kind) == stage)
            // What did not go well says why; what took time says when it began.
            #expect(stage.status == .ok || stage.reason != nil, "\(stage.kind.name) gives no reason")
            #expect(stage.duration == nil || stage.start != nil)
            #expect((stage.duration?.nanoseconds ?? 0) >= 0)
            #expect(Set(stage.facts.map(\.name)).count == stage.facts.count)
            for case (let name, .span) in stage.facts.map({ ($0.name, $0.value) }) { #expect(name.hasSuffix("_ms")) }
        }
    }

    @Test func timesAndFactsOfAPlainRequest() throws {
        let lifecycle = try #require(LifecycleSample.named("http"))
        let name = lifecycle.stage(.name)
        #expect(name.start == after(-5) && name.duration == .milliseconds(3))
        #expect(name.facts.first == StageFact("name", .text("example.org"), from: .inferred))
        #expect(name.facts.contains(StageFact("age_ms", .span(.milliseconds(2)))))
        #expect(name.facts.contains(StageFact("chain", .list(["edge.example.net"]))))
        let neighbour = lifecycle.stage(.neighbour)
        #expect(neighbour.start == after(-1) && neighbour.duration == TimeSpan(nanoseconds: 500_000))
        let connect = lifecycle.stage(.connect)
        #expect(connect.start == sampleStart && connect.duration == .milliseconds(10))
        #expect(connect.facts.contains(StageFact("handshake_rtt_ms", .span(.milliseconds(10)))))
        #expect(connect.facts.contains(StageFact("sack", .flag(true))))
        let exchange = lifecycle.stage(.exchange)
        #expect(exchange.start == after(11) && exchange.duration == .milliseconds(20))
        #expect(exchange.facts.contains(StageFact("http_status", .integer(200))))
        let close = lifecycle.stage(.close)
        #expect(close.start == after(45) && close.duration == .milliseconds(1))
        #expect(close.facts.contains(StageFact("order", .list(["client_fin", "server_fin"]))))
    }

    @Test func failuresSayFromWhom() throws {
        let connect = try #require(LifecycleSample.named("host unreachable")).stage(.connect)
        #expect(connect.duration == .milliseconds(5))
        #expect(connect.facts.contains(StageFact("error", .text("host_unreachable"))))
        #expect(connect.facts.contains(StageFact("from", .text("192.0.2.1"))))
    }

    @Test func anErrorThatQuotesTheServerIsNotTheClientsFailure() throws {
        var lifecycle = try #require(LifecycleSample.named("host unreachable"))
        lifecycle.icmpErrors[0].quoted?.source = serverEndpoint
        #expect(lifecycle.fatalError == nil)
    }

    @Test func countersBeyondTheContractSaturate() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        lifecycle.client.payloadBytes = .max
        lifecycle.client.tcp?.missingBytes = .max
        lifecycle.server.tcp?.missingBytes = .max
        lifecycle.client.tcp?.retransmittedSegments = .max
        lifecycle.server.tcp?.retransmittedSegments = .max
        #expect(lifecycle.stage(.close).facts.contains(StageFact("missing_bytes", .integer(.max))))
    }
}
