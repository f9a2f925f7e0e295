@testable import Correlate
import Decode
import Model
import Testing

/// Bytes in order, once, within caps.
@Suite struct StreamTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    private func table(_ name: String, _ summary: Summary) -> TableSummary? {
        summary.tables.first { $0.name == name }
    }

    /// A response of `body` bytes in segments of `size`, of which the first one never comes.
    private func withoutItsFirstSegment(_ size: Int, _ count: Int, acknowledged: Bool) -> Trace {
        var trace = Conversation([(">", Self.request)]).trace()
        let server = Endpoint("10.0.0.2", 8080)
        let client = Endpoint("10.0.0.1", 40000)
        for index in 1...count {
            let sequence = 5001 &+ UInt32(index * size)
            trace.tcp(
                20 + Double(index) / 10, server, client, .ack, sequence, [UInt8](repeating: 0x41, count: size),
                acknowledgment: 1028)
            if acknowledged {
                trace.tcp(
                    20.05 + Double(index) / 10, client, server, .ack, 1028, [],
                    acknowledgment: sequence &+ UInt32(size))
            }
        }
        return trace
    }

    @Test(arguments: [(1000, 200), (1, 200), (60000, 30)])
    func whatIsHeldBackIsBounded(_ size: Int, _ count: Int) throws {
        let outcome = withoutItsFirstSegment(size, count, acknowledged: false).replay()
        let bytes = try #require(table("stream_bytes", outcome.summary))
        #expect(bytes.peak <= 2 * 65536 && bytes.count == 0)
        #expect(outcome.requests[0].application.http?.unread == .lost)
    }

    @Test func aGapThatWasAcknowledgedIsGivenUpAtOnce() throws {
        let outcome = withoutItsFirstSegment(100, 3, acknowledged: true).replay()
        #expect(outcome.requests[0].application.http?.unread == .lost)
        #expect(try #require(table("stream_bytes", outcome.summary)).peak <= StreamTable.overhead + 200)
    }

    @Test func aFullTableStopsTheReadingAndSaysSo() throws {
        var trace = Trace()
        let room = StreamTable.overhead + 50
        trace.settings.streamCapacity = room
        for port in UInt16(1)...3 {
            var conversation = Conversation([(">", "GET / HTTP/1.1\r\nHost: a.example")])
            conversation.client.port = port
            trace.frames += conversation.trace().frames
        }
        let table = try #require(self.table("stream_bytes", trace.replay().summary))
        #expect(table.capacity == room && table.peak <= room && table.evictions == 2)
    }

    /// The first bytes seen win, and none is read twice.
    @Test func overlapsAreDecidedByWhoCameFirst() throws {
        var trace = Trace()
        let (client, server) = (Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 8080))
        trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", client, server)
        let bytes = Array("GET /first HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        let other = Array("GET /other HTTP/1.1\r\nHost: b\r\n\r\n".utf8)
        // Held back first, then contradicted by a longer segment before it fills the gap.
        trace.tcp(10, client, server, .ack, 1001 + 5, Array(bytes[5..<11]))
        trace.tcp(11, client, server, .ack, 1001 + 2, Array(other[2..<20]))
        trace.tcp(12, client, server, .ack, 1001, Array(bytes[0..<8]))
        trace.tcp(13, client, server, .ack, 1001 + 10, Array(bytes[10...]))
        let http = try #require(try trace.request().application.http)
        #expect(http.lines == ["1 GET a /first - not answered"])
    }

    @Test func aBodyOfGigabytesIsFollowedByItsNumbers() throws {
        var trace = Conversation([
            (">", Self.request), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n"),
        ]).trace()
        let (client, server) = (Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 8080))
        let head = UInt32("HTTP/1.1 200 OK\r\nContent-Length: 3000000000\r\n\r\n".utf8.count)
        var sent: UInt64 = 0
        var time = 20.0
        // A sender cannot be that fast; jumps of sequence numbers stand for its segments, and count as missing.
        while sent < 3_000_000_000 {
            let step = min(500_000_000, 3_000_000_000 - sent)
            sent += step
            time += 1
            let end = 5001 &+ head &+ UInt32(truncatingIfNeeded: sent)
            trace.tcp(time, server, client, .ack, end &- 100, [UInt8](repeating: 1, count: 100), acknowledgment: 1028)
            trace.tcp(time + 0.5, client, server, .ack, 1028, [], acknowledgment: end)
        }
        let next = 5001 &+ head &+ UInt32(truncatingIfNeeded: sent)
        trace.tcp(time + 1, client, server, .ack, 1028, Array(Self.request.utf8), acknowledgment: next)
        trace.tcp(time + 2, server, client, .ack, next, Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        let http = try #require(try trace.request().application.http)
        #expect(
            http.lines == [
                "1 GET a / 200 length 3000000000 got 600 missing 2999999400", "2 GET a / 204",
            ])
    }

    @Test func frameCutBySnapLengthLosesNoBody() throws {
        var trace = Conversation([(">", Self.request)]).trace()
        let (client, server) = (Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 8080))
        let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)
        let body = [UInt8](repeating: 0x78, count: 1000)
        trace.tcp(20, server, client, .ack, 5001, response + body, cut: 950)
        let next = 5001 &+ UInt32(response.count + 1000)
        trace.tcp(21, client, server, .ack, 1028, Array(Self.request.utf8), acknowledgment: next)
        trace.tcp(22, server, client, .ack, next, Array("HTTP/1.1 204 No Content\r\n\r\n".utf8))
        let http = try #require(try trace.request().application.http)
        #expect(http.lines == ["1 GET a / 200 length 1000 got 1000", "2 GET a / 204"])
    }

    /// Segments at any place, of any length, with any acknowledgment and any end: never a trap, never beyond the caps.
    @Test(arguments: 1...60)
    func anySegmentsAtAll(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let texts =
            [
                Self.request, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "10\r\n0123456789ABCDEF\r\n", "0\r\n\r\n", "CONNECT a:1 HTTP/1.1\r\n\r\n", "HTTP/1.1 101 X\r\n\r\n",
                "\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "x",
                "POST / HTTP/1.1\r\nContent-Length: 30\r\nExpect: 100-continue\r\n\r\n",
            ].map { Array($0.utf8) } + [WireTLS.clientHello("a"), [0, 17] + WireDNS.query(1, "", 1)]
        var trace = Trace()
        trace.settings.streamCapacity = 1 << Int.random(in: 6...16, using: &random)
        trace.settings.holeCapacity = Int.random(in: 1...20, using: &random)
        let (client, server) = (Endpoint("10.0.0.1", 40000), Endpoint("10.0.0.2", 53))
        let isn: [UInt32] = [.max - 40, UInt32.random(in: .min ... .max, using: &random)]
        trace.tcp("0 > S \(isn[0]) | 1 < S. \(isn[1]) | 2 > . \(isn[0] &+ 1)", client, server)
        var next = [isn[0] &+ 1, isn[1] &+ 1]
        for step in 0..<120 {
            let direction = Int.random(in: 0...1, using: &random)
            let text = texts.randomElement(using: &random) ?? []
            let jump = Int.random(in: 0..<5, using: &random) == 0 ? Int.random(in: -60...90, using: &random) : 0
            let sequence = next[direction] &+ UInt32(truncatingIfNeeded: jump)
            var flags: TCPFlags = .ack
            if Int.random(in: 0..<60, using: &random) == 0 { flags = flags | .fin }
            if Int.random(in: 0..<90, using: &random) == 0 { flags = flags | .rst }
            trace.tcp(
                3 + Double(step), direction == 0 ? client : server, direction == 0 ? server : client, flags, sequence,
                text,
                acknowledgment: next[1 - direction] &- UInt32.random(in: 0...40, using: &random),
                cut: Int.random(in: 0..<8, using: &random) == 0 ? Int.random(in: 0...text.count, using: &random) : 0)
            next[direction] = sequence &+ UInt32(text.count)
        }
        let summary = trace.replay().summary
        let table = try #require(self.table("stream_bytes", summary))
        #expect(summary.frames == 123 && table.count == 0 && table.peak <= table.capacity)
    }
}
