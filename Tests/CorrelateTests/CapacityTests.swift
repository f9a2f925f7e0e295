import Decode
import Model
import Testing

@testable import Correlate

/// malloc_usable_size(3), which Swift's Glibc does not have.
@_silgen_name("malloc_usable_size") private func allocatedSize(_ allocation: UnsafeRawPointer) -> Int

/// Every table has a cap, a stated victim, and a counter.
@Suite struct CapacityTests {
    private func table(_ name: String, _ summary: Summary) -> TableSummary? {
        summary.tables.first { $0.name == name }
    }

    @Test func aTrackedConnectionTakesAtMost512Bytes() {
        // Both records, twice a bucket of the index (it is at most half full), and its place in the queue.
        let bytes = MemoryLayout<Flow>.stride + MemoryLayout<FlowDetail>.stride + 4 * 8 + 8
        #expect(bytes <= 512, "\(bytes)")
    }

    @Test func whatHangsOnAConnectionIsSmallToo() throws {
        let attachment = Attachment()
        let bytes = allocatedSize(Unmanaged.passUnretained(attachment).toOpaque())
        #expect(bytes <= 640, "\(bytes)")
        // And what becomes of it.
        #expect(MemoryLayout<Lifecycle>.stride <= 1408, "\(MemoryLayout<Lifecycle>.stride)")
    }

    @Test func theOldestUnansweredRequestGoesFirst() {
        var trace = Trace()
        trace.settings.flowCapacity = 3
        let ends = (1...4).map { Endpoint("10.0.0.1", UInt16(1000 + $0)) }
        trace.tcp("0 > S 1 | 1 < S. 1 | 2 > . 2", ends[0], Trace.server)
        trace.tcp("3 > S 1", ends[1], Trace.server)
        trace.tcp("4 > S 1", ends[2], Trace.server)
        trace.tcp("5 > S 1", ends[3], Trace.server)
        let outcome = trace.replay()
        #expect(outcome.requests.first?.client.endpoint == ends[1] && outcome.requests.first?.ending == .evicted)
        #expect(outcome.requests.dropFirst().allSatisfy { $0.ending == .captureEnded })
        let table = table("requests", outcome.summary)
        #expect(table?.evictions == 1 && table?.peak == 3 && table?.capacity == 3 && table?.count == 0)
    }

    @Test func thenTheLongestIdleOne() {
        var trace = Trace()
        trace.settings.flowCapacity = 3
        for number in 0..<4 {
            let time = [20, 0, 10, 30][number]
            trace.tcp(
                "\(time) > S 1 | \(time) < S. 1 | \(time + 1) > . 2", Endpoint("10.0.0.1", UInt16(number)), Trace.server
            )
        }
        let outcome = trace.replay()
        #expect(outcome.requests.first?.client.endpoint.port == 1 && outcome.requests.first?.ending == .evicted)
    }

    @Test func establishedConnectionsSurviveAFlood() throws {
        var trace = Trace()
        trace.settings.flowCapacity = 64
        for number in 0..<16 {
            trace.tcp("0 > S 1 | 1 < S. 1 | 2 > . 2", Endpoint("10.0.0.1", UInt16(number)), Trace.server)
        }
        for number in 0..<2_000 {
            let source = Endpoint(IPAddress(v4: 0xC000_0200 + UInt32(number)), 7)
            trace.tcp("\(10 + number) > S 1", source, Trace.server)
            // One that is slow, but completes while the flood goes on.
            if number == 500 { trace.tcp("\(10 + number) > S 1", Endpoint("10.0.0.1", 99), Trace.server) }
            if number == 540 {
                trace.tcp("\(10 + number) < S. 1 | \(10 + number) > . 2", Endpoint("10.0.0.1", 99), Trace.server)
            }
        }
        let outcome = trace.replay()
        let ended = outcome.requests.filter { $0.tcp?.state == .established }
        #expect(ended.count == 17 && ended.allSatisfy { $0.ending == .captureEnded })
        #expect(outcome.summary.requests == 2_017)
        #expect(table("requests", outcome.summary)?.evictions == 2_017 - 64)
    }

    @Test func theQueueOfTheUnansweredRecovers() {
        var trace = Trace()
        trace.settings.flowCapacity = 2
        // Many are answered and end, so that the queue is full of what is over; a flood follows.
        for number in 0..<50 {
            let port = UInt16(number)
            trace.tcp(
                "\(number * 10000) > S 1 | \(number * 10000 + 1) < R. 0", Endpoint("10.0.0.1", port), Trace.server)
        }
        trace.tcp("600000 > S 1 | 600001 < S. 1 | 600002 > . 2", Endpoint("10.0.0.1", 999), Trace.server)
        for number in 0..<20 {
            trace.tcp("\(600_010 + number) > S 1", Endpoint("10.1.1.1", UInt16(number)), Trace.server)
        }
        let outcome = trace.replay()
        let established = outcome.requests.first { $0.client.endpoint.port == 999 }
        #expect(established?.ending == .captureEnded)
    }

    @Test func gapsBeyondThePoolAreOnlyCounted() throws {
        var trace = Trace()
        trace.settings.holeCapacity = 4
        var text = "0 > S 1000 | 0 < S. 1 | 0 > . 1001"
        for number in 1...10 { text += "| \(number) > P. \(1001 + number * 200)+100" }
        trace.tcp(text)
        let outcome = trace.replay()
        let request = try #require(outcome.requests.first)
        #expect(request.client.tcp?.sequenceBytes == 1000 && request.coverage.untrackedHoles == 6)
        let table = table("sequence_gaps", outcome.summary)
        #expect(table?.peak == 4 && table?.evictions == 6 && table?.count == 0)
    }

    @Test func gapsOfOneDirectionAreBoundedWhenTheyAreSplitToo() {
        var holes = HoleTable(capacity: 100_000)
        var head: UInt32 = 0
        let isKept = holes.add(0, 1 << 20, to: &head)
        #expect(isKept)
        for number in 0..<10_000 { _ = holes.fill(UInt32(number * 4 + 2), UInt32(number * 4 + 3), in: &head) }
        let (peak, refused) = (holes.peak, holes.refused)
        #expect(peak <= HoleTable.limitPerDirection && refused > 0)
        _ = holes.clear(&head)
        let count = holes.count
        #expect(count == 0 && head == 0)
    }

    @Test func resolutionsBeyondTheCapCompleteAsTheyStand() {
        var trace = Trace()
        trace.settings.neighbourCapacity = 2
        for number in 0..<5 {
            trace.arp(Double(number), 1, "10.0.0.1", target: IPAddress(v4: 0x0A00_0100 + UInt32(number)))
        }
        let outcome = trace.replay()
        #expect(outcome.neighbours.map(\.target.low) == (0..<5).map { 0x0A00_0100 + UInt64($0) })
        let table = table("neighbours", outcome.summary)
        #expect(table?.peak == 2 && table?.evictions == 3)
    }

    @Test func nextHopsBeyondTheCapAreForgotten() throws {
        var trace = Trace()
        trace.settings.neighbourCapacity = 2
        let hosts: [IPAddress] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
        for (index, host) in hosts.enumerated() {
            trace.arp(Double(index) * 10, 1, host, target: "10.0.0.254")
            trace.arp(Double(index) * 10 + 1, 2, "10.0.0.254", target: host)
        }
        let gateway = Trace.mac("10.0.0.254")
        for host in hosts {
            trace.packet(100, host, "192.0.2.1", 6, Wire.tcp(1, 80, .syn, sequence: 1), via: gateway)
        }
        #expect(trace.replay().requests.map { $0.neighbour != nil } == [false, true, true])
    }

    @Test(arguments: 1...200)
    func smallTablesNeverHoldMoreThanTheirCaps(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var trace = Trace()
        trace.settings.flowCapacity = Int.random(in: 1...4, using: &random)
        trace.settings.lookupCapacity = Int.random(in: 1...3, using: &random)
        trace.settings.nameCapacity = Int.random(in: 1...3, using: &random)
        trace.settings.neighbourCapacity = Int.random(in: 1...2, using: &random)
        trace.settings.holeCapacity = Int.random(in: 1...4, using: &random)
        trace.addSoup(150, &random)
        let outcome = trace.replay()
        #expect(outcome.summary.frames == 150)
        // What was learned stays for what comes.
        let remembered: Set = [
            "names", "names_asked", "name_searches", "upstream_lookups", "stations", "given_addresses", "attempts",
            "encrypted_resolvers",
        ]
        for table in outcome.summary.tables {
            #expect(table.peak <= table.capacity && (table.count == 0 || remembered.contains(table.name)), "\(table)")
        }
        #expect(outcome.requests.count == Int(outcome.summary.requests))
        #expect(outcome.lookups.count == Int(outcome.summary.lookups))
        #expect(outcome.neighbours.count == Int(outcome.summary.neighbours))
        #expect(outcome.icmpErrors.count == Int(outcome.summary.icmpErrors))
    }
}
