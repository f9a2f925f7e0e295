import Correlate
import Decode
import Model
import Testing

@Suite struct SequenceSpaceTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// What the client sends after the handshake, whose first payload byte has number 1001.
        var segments: String
        var sequenceBytes: UInt64
        var retransmitted: UInt32 = 0
        var outOfOrder: UInt32 = 0
        var missing: UInt64 = 0
    }

    @Test(arguments: [
        Example(testDescription: "nothing", segments: "", sequenceBytes: 0),
        Example(testDescription: "in order", segments: "1 > P. 1001+100 | 2 > P. 1101+50", sequenceBytes: 150),
        Example(
            testDescription: "sent again whole", segments: "1 > P. 1001+100 | 2 > P. 1001+100", sequenceBytes: 100,
            retransmitted: 1),
        Example(
            testDescription: "sent again in parts", segments: "1 > P. 1001+100 | 2 > P. 1001+50 | 3 > P. 1051+50",
            sequenceBytes: 100, retransmitted: 2),
        Example(
            testDescription: "sent again with more behind it", segments: "1 > P. 1001+100 | 2 > P. 1051+100",
            sequenceBytes: 150, retransmitted: 1),
        Example(
            testDescription: "two out of order", segments: "1 > P. 1101+100 | 2 > P. 1001+100", sequenceBytes: 200,
            outOfOrder: 1),
        Example(
            testDescription: "a gap that stays", segments: "1 > P. 1001+100 | 2 > P. 1201+100", sequenceBytes: 200,
            missing: 100),
        Example(
            testDescription: "a gap filled from behind, then from the front",
            segments: "1 > P. 1201+100 | 2 > P. 1101+100 | 3 > P. 1001+100", sequenceBytes: 300, outOfOrder: 2),
        Example(
            testDescription: "a gap filled in its middle",
            segments: "1 > P. 1301+100 | 2 > P. 1101+100", sequenceBytes: 200, outOfOrder: 1, missing: 200),
        Example(
            testDescription: "a gap filled twice",
            segments: "1 > P. 1101+100 | 2 > P. 1001+100 | 3 > P. 1001+100", sequenceBytes: 200, retransmitted: 1,
            outOfOrder: 1),
        Example(
            testDescription: "one segment over two gaps and what is between",
            segments: "1 > P. 1101+100 | 2 > P. 1301+100 | 3 > P. 1001+400", sequenceBytes: 400, outOfOrder: 1),
        Example(
            testDescription: "keep-alive without a byte", segments: "1 > P. 1001+100 | 2 > . 1100 | 3 > . 1100",
            sequenceBytes: 100),
        Example(
            testDescription: "keep-alive with one byte of garbage",
            segments: "1 > P. 1001+100 | 2 > . 1100+1 | 3 > . 1100+1", sequenceBytes: 100),
        Example(
            testDescription: "data behind the FIN's number",
            segments: "1 > P. 1001+100 | 2 > FP. 1101+10 | 3 > FP. 1101+10",
            sequenceBytes: 110, retransmitted: 1),
        Example(
            testDescription: "the FIN before late data", segments: "1 > F. 1101 | 2 > P. 1001+100",
            sequenceBytes: 100, outOfOrder: 1),
        Example(
            testDescription: "the FIN shows that data was lost", segments: "1 > P. 1001+100 | 2 > F. 1301",
            sequenceBytes: 100, missing: 200),
        Example(
            testDescription: "a number from another world is followed, not remembered",
            segments: "1 > P. 1001+100 | 2 > P. 2000001001+100 | 3 > P. 2000001101+100", sequenceBytes: 300),
    ])
    func accountsForEveryByteOnce(_ example: Example) throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 0 < S. 5000 | 0 > . 1001 |" + example.segments)
        let side = try #require(try trace.request().client.tcp)
        #expect(side.sequenceBytes == example.sequenceBytes)
        #expect(side.retransmittedSegments == example.retransmitted)
        #expect(side.outOfOrderSegments == example.outOfOrder)
        #expect(side.missingBytes == example.missing)
    }

    @Test(arguments: [
        Example(testDescription: "in order", segments: "0 > P. 3000+100 | 1 > P. 3100+50", sequenceBytes: 150),
        Example(
            testDescription: "an earlier segment comes late", segments: "0 > P. 3000+100 | 1 > P. 2900+100",
            sequenceBytes: 200, outOfOrder: 1),
        Example(
            testDescription: "a much earlier segment comes late, and what is between stays missing",
            segments: "0 > P. 3000+100 | 1 > P. 2000+100", sequenceBytes: 200, outOfOrder: 1, missing: 900),
        Example(
            testDescription: "an earlier segment reaches over the first",
            segments: "0 > P. 3000+100 | 1 > P. 2900+300", sequenceBytes: 300, retransmitted: 1),
        Example(
            testDescription: "joined by a keep-alive", segments: "0 > . 2999 | 1 > P. 3000+100", sequenceBytes: 100),
    ])
    func joinedMidstream(_ example: Example) throws {
        var trace = Trace()
        trace.tcp(example.segments)
        let request = try trace.request()
        let side = try #require(request.client.tcp)
        #expect(request.tcp?.state == .midstream && request.coverage.joinedMidstream)
        #expect(side.sequenceBytes == example.sequenceBytes)
        #expect(side.retransmittedSegments == example.retransmitted)
        #expect(side.outOfOrderSegments == example.outOfOrder)
        #expect(side.missingBytes == example.missing)
    }

    @Test func goesOnOverTheEndOfTheNumbers() throws {
        var trace = Trace()
        // The payload begins 100 bytes before 2^32; the second and third segment are swapped, one is sent again.
        trace.tcp(
            """
            0 > S  4294967195
            1 < S. 4294967295
            2 > .  4294967196
            3 > P. 4294967196+80
            4 > P. 60+100
            5 > P. 4294967276+80
            6 > P. 4294967196+80
            7 < P. 0+50
            """)
        let request = try trace.request()
        #expect(request.client.tcp?.sequenceBytes == 260)
        #expect(request.client.tcp?.retransmittedSegments == 1 && request.client.tcp?.outOfOrderSegments == 1)
        #expect(request.client.tcp?.missingBytes == 0)
        #expect(request.server.tcp?.sequenceBytes == 50)
    }

    @Test func dataOfTheSYNCounts() throws {
        var trace = Trace()
        // RFC 7413: the SYN carries data, which the server acknowledges.
        trace.tcp("0 > S 1000+20 | 10 < S. 5000 | 20 > P. 1021+30 | 30 > P. 1001+20")
        let request = try trace.request()
        #expect(request.client.payloadBytes == 70 && request.client.tcp?.sequenceBytes == 50)
        #expect(request.client.tcp?.retransmittedSegments == 1)
    }

    @Test(arguments: [
        ("the SYN between its segments", "0 > P. 1001+10 | 0 > S 1000 | 0 > P. 1011+10", 20),
        ("the SYN after its segments", "0 > P. 1001+10 | 0 > P. 1011+10 | 0 > S 1000", 20),
        ("the SYN after the second, before the first", "0 > P. 1011+10 | 0 > S 1000 | 0 > P. 1001+10", 20),
    ])
    func dataSeenBeforeItsSYNKeepsItsPlace(_ name: String, _ segments: String, _ bytes: UInt64) throws {
        var trace = Trace()
        trace.tcp(segments + "| 1 < S. 5000 | 2 > . 1021")
        let request = try trace.request()
        #expect(request.client.tcp?.sequenceBytes == bytes)
        #expect(request.client.tcp?.retransmittedSegments == 0)
    }

    @Test func aLongDownloadJoinedMidstreamDoesNotCountOldBytesAnew() throws {
        var trace = Trace()
        trace.tcp(0, Trace.client, Trace.server, .ack, 1000, [1])
        // Three gibibytes go by; then a segment is sent again that, modulo 2^32, lies before the first one.
        var sequence: UInt32 = 1001
        let block = [UInt8](repeating: 0, count: 60_000)
        var correlator = trace.correlator()
        let first = trace.frames[0].bytes
        correlator.observe(first.span.bytes, trace.frames[0].info)
        var frame = Trace()
        frame.tcp(1, Trace.client, Trace.server, .ack, 0, block)
        var bytes = frame.frames[0].bytes
        for _ in 0..<53_687 {
            bytes.replaceSubrange(38..<42, with: Wire.bytes32(sequence))
            correlator.observe(bytes.span.bytes, frame.frames[0].info)
            sequence &+= 60_000
        }
        correlator.observe(bytes.span.bytes, frame.frames[0].info)
        let open = correlator.open(before: nil, count: 1) { _ in true }
        let request = try #require(open.first)
        #expect(request.client.tcp?.sequenceBytes == 1 + 53_687 * 60_000)
        #expect(request.client.tcp?.retransmittedSegments == 1)
    }
}
