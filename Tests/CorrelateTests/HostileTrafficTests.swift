import Decode
import Model
import Testing

@testable import Correlate

/// What only somebody with bad intentions sends. Every fuzzing find stands here, cut down to what matters.
@Suite struct HostileTrafficTests {
    /// A connection that says `payloads`, one segment each, in order; then its end.
    private func conversation(_ payloads: [(direction: Int, bytes: [UInt8])]) -> Trace {
        var trace = Trace()
        trace.tcp("0 > S 99 | 1 < S. 499 a100 | 2 > . 100 a500")
        var next: [UInt32] = [100, 500]
        for (index, payload) in payloads.enumerated() {
            let (source, destination) =
                payload.direction == 0 ? (Trace.client, Trace.server) : (Trace.server, Trace.client)
            trace.tcp(
                3 + Double(index), source, destination, .ack | .psh, next[payload.direction],
                payload.bytes, acknowledgment: next[1 - payload.direction])
            next[payload.direction] &+= UInt32(payload.bytes.count)
        }
        return trace
    }

    private func peak(_ table: String, _ summary: Summary) -> Int {
        summary.tables.first { $0.name == table }?.peak ?? 0
    }

    /// Found by fuzzing: reading went past what was held, back to it, and past it again, for ever.
    @Test(.timeLimit(.minutes(1)))
    func whatIsHeldWithinAStretchThatNobodyReadsIsLetGo() throws {
        var trace = Trace()
        trace.tcp("0 > S 99 | 1 < S. 499 a100 | 2 > . 100 a500")
        let request = Array("GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n".utf8)
        let behind = 100 + UInt32(request.count)
        // The end overtakes the request; with its last bytes unread, the connection falls silent.
        trace.tcp(3, Trace.client, Trace.server, .fin | .ack, behind, [UInt8](repeating: 0xBF, count: 40))
        trace.tcp(4, Trace.client, Trace.server, .ack, 100, request, acknowledgment: 500)
        trace.tcp(5, Trace.server, Trace.client, .ack, 500, acknowledgment: behind)
        let outcome = trace.replay()
        let connection = try #require(outcome.requests.first)
        #expect(outcome.requests.count == 1 && connection.ending == .captureEnded)
        #expect(connection.application.http?.method == "GET")
    }

    @Test func aHalfHoldsNothingBeforeItsNextByte() {
        var half = StreamHalf()
        half.isKnown = true
        let bytes = [UInt8](repeating: 1, count: 10)
        half.hold(bytes.span.bytes, length: 10, at: 20, seen: .distantPast)
        half.hold(bytes.span.bytes, length: 10, at: 40, seen: .distantPast)
        #expect(half.gap == 20 && half.heldBytes == 20)
        half.next = 30
        #expect(half.gap == 10 && half.heldBytes == 10 && half.held.count == 1)
        half.next = 45
        #expect(half.gap == 0 && half.heldBytes == 10)
        #expect(half.takeNext()?.bytes.count == 5 && half.heldBytes == 0)
    }

    /// Every other byte of a window, one byte a segment, none of them in order.
    @Test(arguments: [1_000, 8_000])
    func segmentsOfOneByteAreHeldUpToACap(_ count: Int) throws {
        var trace = conversation([(0, Array("GET / HTTP/1.1\r\n".utf8))])
        for index in 0..<count {
            trace.tcp(
                10 + Double(index) / 100, Trace.client, Trace.server, .ack, 200 &+ UInt32(2 * index), [0x78],
                acknowledgment: 500)
        }
        let outcome = trace.replay()
        #expect(outcome.requests.count == 1)
        #expect(peak("stream_bytes", outcome.summary) <= 2 * StreamHalf.byteLimit)
        #expect(peak("holes", outcome.summary) <= count)
    }

    struct Flood: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var payloads: [(direction: Int, bytes: [UInt8])]
    }

    static let floods = [
        Flood(
            testDescription: "a request with twenty thousand fields",
            payloads: [(0, Array("GET / HTTP/1.1\r\n".utf8))]
                + (0..<200).map { _ in (0, Array(String(repeating: "A: b\r\n", count: 100).utf8)) }),
        Flood(
            testDescription: "a request line without end",
            payloads: (0..<100).map {
                (0, Array(($0 == 0 ? "GET /" : "").utf8) + [UInt8](repeating: 0x61, count: 1400))
            }),
        Flood(
            testDescription: "fields without end in the answer",
            payloads: [(0, Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)), (1, Array("HTTP/1.1 200 OK\r\n".utf8))]
                + (0..<100).map { _ in (1, Array(String(repeating: "A: b\r\n", count: 200).utf8)) }),
        Flood(
            testDescription: "ten thousand interim answers",
            payloads: [(0, Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))]
                + (0..<200).map { _ in
                    (1, Array(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 50).utf8))
                }),
        Flood(
            testDescription: "records of application data without a byte",
            payloads: (0..<100).map { _ in (0, Array(repeatElement([23, 3, 3, 0, 0], count: 250).joined())) }),
        Flood(
            testDescription: "a handshake message of 16 MB in records of one byte",
            payloads: [(0, [22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF])]
                + (0..<200).map { _ in (0, Array(repeatElement([22, 3, 1, 0, 1, 7], count: 200).joined())) }),
    ]

    /// What is kept of a connection, and what is told of it, does not grow with what is said.
    @Test(arguments: floods)
    func noConversationFillsTheMemory(_ flood: Flood) throws {
        var trace = conversation(flood.payloads)
        trace.settings.keepsRecords = true
        let outcome = trace.replay()
        let record = try #require(outcome.requests.first)
        #expect(peak("stream_bytes", outcome.summary) <= 4 * StreamHalf.byteLimit)
        #expect(String(reflecting: record).utf8.count < 64 << 10)
    }
}
