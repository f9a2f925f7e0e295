import API
import FoundationEssentials
import LifecycleSamples
import Model
import Report
import Testing

@Suite struct RecordRendererTests {
    private let renderer = RecordRenderer()

    private func json(_ record: Model.Record) -> String {
        var writer = JSONWriter()
        renderer.write(record, to: &writer)
        return writer.text
    }

    /// Whatever the pipeline finds, a reader of the JSON gets the same values in the same order.
    @Test(arguments: LifecycleSample.all.map(\.name))
    func everyRequestReadsBackEqual(_ sample: String) throws {
        let lifecycle = try #require(LifecycleSample.named(sample))
        let request = renderer.request(lifecycle)
        let line = json(.request(lifecycle))
        #expect(try JSONDecoder().decode(API.Request.self, from: Data(line.utf8)) == request)
        for stage in request.stages {
            for fact in stage.facts { #expect(FactOrder.names.contains(fact.name), "\(fact.name) has no place") }
        }
        #expect(request.outcome.rawValue == lifecycle.outcome.name)
        #expect(request.failure?.reason == lifecycle.failure?.reason)
        #expect(request.verdict != nil)
    }

    @Test func plainRequestHasTheContractsFields() throws {
        let lifecycle = try #require(LifecycleSample.named("http"))
        let line = json(.request(lifecycle))
        for part in [
            #"{"record":"request","id":"\#(lifecycle.id)","community_id":"1:"#,
            #""protocol":"tcp","direction":"outbound""#,
            #""interface":"eth0","vlan_ids":[100],"tunnels":[],"client":{"address":"192.0.2.10","port":49152,"names":[],"#,
            #""mac":"52:54:00:aa:bb:cc""#, #""syn_count":1,"first_syn":"2026-11-21T10:42:07.123456789Z""#,
            #""syn_ack_count":1,"first_syn_ack":"2026-11-21T10:42:07.132456789Z""#, #""fin":true,"fin_time":"#,
            #""rst":false,"mss":1460,"window_scale":7,"sack_permitted":true"#,
            #""duration_ms":50.000,"state":"closed""#,
            #""handshake_rtt_ms":10.000,"server_rtt_ms":9.000,"client_rtt_ms":1.000,"closed_first":"client""#,
            #""names":[{"name":"example.org","how":"answer","lookup":{"name":"example.org","type":"A","server":"192.0.2.53:53","#,
            #"{"stage":"process","status":"unseen","reason":"no kernel was asked for the socket's owner","facts":{}}"#,
            #""sources":{"name":"inferred"}"#, #""outcome":"ok""#,
            #""next_hop":{"address":"192.0.2.1","mac":"52:54:00:12:34:56"},"answer_ttl":57,"suggested_hops":7"#,
            #""icmp_errors":[],"icmp_error_count":0,"complete":true,"ended_because":"closed""#,
            #""verdict":{"id":"healthy","severity":"none","#,
        ] {
            #expect(line.contains(part), "\(part) is not in \(line)")
        }
    }

    @Test func absentOptionsAreNullAndUnseenOnesAbsent() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        lifecycle.client.tcp?.options?.maximumSegmentSize = nil
        lifecycle.server.tcp?.options = nil
        let request = renderer.request(lifecycle)
        #expect(request.client.mss == .null && request.client.windowScale == .value(7))
        #expect(request.server.mss == nil && request.server.sackPermitted == nil)
        let midstream = renderer.request(try #require(LifecycleSample.named("midstream")))
        #expect(midstream.client.handshake == nil && midstream.server.handshake == nil)
        #expect(midstream.state == .midstream)
    }

    @Test func echoHasAnIdentifierAndNoPorts() throws {
        let request = renderer.request(try #require(LifecycleSample.named("ping")))
        #expect(request.identifier == 77 && request.client.port == nil && request.server.port == nil)
        #expect(request.state == nil)
    }

    @Test func whatVerdictsRestOnIsTold() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        let plain = renderer.request(lifecycle)
        #expect(plain.server.closedWindow == nil && plain.server.windowClosed == nil && plain.answeredFrom == nil)
        lifecycle.server.tcp?.closedWindowTime = .milliseconds(1500)
        lifecycle.server.tcp?.isWindowClosed = true
        lifecycle.server.tcp?.unacknowledged = 512
        lifecycle.server.tcp?.resetTTL = 63
        let inner = Endpoint(try #require(IPAddress("10.0.0.8")), 8080)
        lifecycle.elsewhere = Model.ElsewhereAnswer(from: inner, mac: MACAddress(bits: 2), time: lifecycle.first)
        let line = json(.request(lifecycle))
        for part in [
            #""unacknowledged":512,"closed_window_ms":1500.000,"window_closed":true"#, #""reset_ttl":63"#,
            #""answered_from":{"address":"10.0.0.8","port":8080,"mac":"00:00:00:00:00:02","time":"2026-11-21T10:42"#,
        ] {
            #expect(line.contains(part), "\(part) is not in \(line)")
        }
        #expect(try JSONDecoder().decode(API.Request.self, from: Data(line.utf8)) == renderer.request(lifecycle))
    }

    @Test func nextHopAddressNeedsTheSameMAC() throws {
        var lifecycle = try #require(LifecycleSample.named("http"))
        lifecycle.nextHopMAC = MACAddress(bits: 9)
        #expect(renderer.request(lifecycle).nextHop == NextHop(address: nil, mac: "00:00:00:00:00:09"))
    }

    @Test func lookupFollowsItsChain() throws {
        let address = try #require(IPAddress("198.51.100.80"))
        var lookup = Model.Lookup(
            client: clientEndpoint, server: resolver, transport: .udp, transactionID: 0xBEEF, name: "www.example.org",
            type: 1, queried: sampleStart, status: .answered)
        lookup.answered = after(3.5)
        lookup.rcode = 0
        // Out of order and circular, as a hostile answer may be.
        lookup.answers = [
            DNSRecord(name: "b.example", type: 5, ttl: 60, data: .name("c.example")),
            DNSRecord(name: "WWW.example.org", type: 5, ttl: 60, data: .name("b.example")),
            DNSRecord(name: "c.example", type: 5, ttl: 60, data: .name("b.example")),
            DNSRecord(name: "c.example", type: 1, ttl: 30, data: .address(address)),
        ]
        let record = renderer.lookup(lookup)
        #expect(record.chain == ["b.example", "c.example", "b.example"])
        #expect(record.addresses == ["198.51.100.80"] && record.answers.count == 4)
        let line = json(.lookup(lookup))
        #expect(line.hasPrefix(#"{"record":"lookup","client":{"address":"192.0.2.10","port":49152},"server":"#))
        #expect(line.contains(#""id":48879,"name":"www.example.org","type":"A","status":"answered""#))
        #expect(line.contains(#""rtt_ms":3.500,"rcode":"NOERROR","truncated":false,"retries":0"#))
        #expect(try JSONDecoder().decode(API.Record.self, from: Data(line.utf8)) == .lookup(record))
    }

    @Test func neighbourAndErrorReadBackEqual() throws {
        var resolution = NeighbourResolution(kind: .resolution, target: router, first: sampleStart)
        resolution.asker = clientEndpoint.address
        resolution.requests = 2
        resolution.replies = 1
        resolution.macs = [MACAddress(bits: 0x5254_0012_3456)]
        resolution.answered = after(0.25)
        let line = json(.neighbour(resolution))
        #expect(
            line.hasPrefix(
                #"{"record":"neighbour","protocol":"arp","kind":"resolution","vlan_ids":[],"tunnels":[],"#))
        #expect(line.contains(#""requests":2,"replies":1,"macs":["52:54:00:12:34:56"]"#))
        #expect(line.hasSuffix(#""duration_ms":0.250,"complete":true}"#))
        let neighbour = renderer.neighbour(resolution)
        #expect(try JSONDecoder().decode(API.Record.self, from: Data(line.utf8)) == .neighbour(neighbour))

        let errors = try #require(LifecycleSample.named("ping out of hops")).icmpErrors
        let error = try #require(errors.first)
        #expect(
            json(.icmpError(error))
                == #"{"record":"icmp_error","time":"2026-11-21T10:42:07.126456789Z","from":"192.0.2.1","to":"192.0.2.10","#
                + #""type":11,"code":0,"name":"ttl_exceeded","quoted":{"protocol":"icmp","source":{"address":"192.0.2.10"},"#
                + #""destination":{"address":"198.51.100.80"}},"request":"\#(try #require(error.request))"}"#)
    }

    @Test func summaryKeepsEveryTotal() {
        var summary = Model.Summary()
        summary.frames = 10
        summary.layers = [
            LayerSummary(
                layer: .ipv4, decoded: 8, cut: 1, malformed: 1, reasons: [.init(reason: "header length", count: 1)])
        ]
        summary.tables = [TableSummary(name: "flows", count: 1, peak: 2, capacity: 3, evictions: 4)]
        var writer = JSONWriter()
        renderer.summary(summary).write(to: &writer)
        #expect(
            writer.text
                == #"{"record":"summary","frames":10,"bytes":0,"cut_frames":0,"other_frames":0,"later_fragments":0,"#
                + #""fragments":{"reassembled":0,"overlapping":0,"too_large":0,"too_many_pieces":0,"cut":0,"#
                + #""incomplete":0},"unsupported_frames":0,"#
                + #""requests":0,"lookups":0,"neighbours":0,"leases":0,"icmp_errors":0,"layers":[{"layer":"ipv4","decoded":8,"#
                + #""cut":1,"malformed":1,"reasons":[{"reason":"header length","count":1}]}],"tables":[{"name":"flows","#
                + #""count":1,"peak":2,"capacity":3,"evictions":4}]}"#)
    }
}
