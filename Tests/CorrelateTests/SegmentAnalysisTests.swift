import Decode
import Model
import Testing

@testable import Correlate

/// The marks of Wireshark's TCP analysis, one a trace; what tshark says of the same segments stands in the tables.
@Suite struct SegmentAnalysisTests {
    private static let handshake = "0 > S 1000 a0 s7 | 10 < S. 5000 a1001 s7 | 20 > . 1001 a5001 |"

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        /// What follows the handshake; the windows are 500 times 128 bytes.
        var segments: String
        var client = TCPAnalysis()
        var server = TCPAnalysis()
        var handshake = Self.defaultHandshake

        static let defaultHandshake = SegmentAnalysisTests.handshake
    }

    private static func counts(_ set: (inout TCPAnalysis) -> Void) -> TCPAnalysis {
        var counts = TCPAnalysis()
        set(&counts)
        return counts
    }

    @Test(arguments: [
        Example(
            testDescription: "all in order",
            segments: "30 > P. 1001+10 a5001 | 40 < . 5001 a1011 | 50 < P. 5001+20 a1011 | 60 > . 1011 a5021"),
        Example(
            testDescription: "duplicate ACKs, and the fast retransmission that they ask for",
            segments: """
                30 > . 1001+100 a5001 | 31 > . 1201+100 a5001 | 32 > . 1301+100 a5001 | 33 > . 1401+50 a5001
                40 < . 5001 a1101 | 41 < . 5001 a1101 | 42 < . 5001 a1101 | 43 < . 5001 a1101
                50 > . 1101+100 a5001 | 60 < . 5001 a1451
                """,
            client: counts {
                $0.lostSegments = 1
                $0.fastRetransmissions = 1
            }, server: counts { $0.duplicateAcks = 3 }),
        Example(
            testDescription: "one duplicate ACK is not enough for a fast retransmission",
            segments: """
                30 > . 1001+100 a5001 | 31 > . 1101+100 a5001
                40 < . 5001 a1101 | 41 < . 5001 a1101 | 50 > . 1101+100 a5001
                """, server: counts { $0.duplicateAcks = 1 }),
        Example(
            testDescription: "20 ms after the last ACK a retransmission is no longer fast",
            segments: """
                30 > . 1001+100 a5001 | 31 > . 1101+100 a5001
                40 < . 5001 a1101 | 41 < . 5001 a1101 | 42 < . 5001 a1101 | 62 > . 1101+100 a5001
                """, server: counts { $0.duplicateAcks = 2 }),
        Example(
            testDescription: "sent again although acknowledged",
            segments: "30 > . 1001+100 a5001 | 40 < . 5001 a1101 | 50 > . 1001+100 a5001",
            client: counts { $0.spuriousRetransmissions = 1 }),
        Example(
            testDescription: "an ACK for what was not seen, told once",
            segments: "30 < . 5001 a1501 | 40 < . 5001 a1601 | 50 > . 1601+10 a5001",
            client: counts { $0.lostSegments = 1 }, server: counts { $0.ackedUnseenSegments = 1 }),
        Example(
            testDescription: "a window filled to the last byte",
            segments: "30 < . 5001 a1001 w1 | 40 > . 1001+128 a5001 | 50 < . 5001 a1129 w500",
            client: counts { $0.windowFull = 1 }, server: counts { $0.windowUpdates = 1 }),
        Example(
            testDescription: "the window of the SYN-ACK is not scaled",
            segments: "", client: counts { $0.windowFull = 1 },
            handshake: "0 > S 1000 s7 | 10 < S. 5000 a1001 s7 w100 | 20 > . 1001 a5001 | 30 > . 1001+100 a5001"),
        Example(
            testDescription: "no window is full when its scale is not known",
            segments: "",
            handshake: "30 > . 1001 a5001 | 40 < . 5001 a1001 w1 | 50 > . 1001+128 a5001"),
        Example(
            testDescription: "a window that opens again",
            segments: "30 < . 5001 a1001 w1 | 40 < . 5001 a1001 w2 | 50 < . 5001 a1001 w2",
            server: counts {
                $0.windowUpdates = 2
                $0.duplicateAcks = 1
            }),
        Example(
            testDescription: "a probe of a window of zero, which takes no number",
            segments: """
                30 < . 5001 a1001 w0 | 40 > . 1001+1 a5001 | 41 < . 5001 a1001 w0 | 50 > . 1001+1 a5001
                51 < . 5001 a1001 w100 | 60 > . 1001+200 a5001
                """,
            client: counts { $0.zeroWindowProbes = 2 }, server: counts { $0.windowUpdates = 1 }),
        Example(
            testDescription: "keep-alives of no byte, answered",
            segments: """
                1030 > . 1000 a5001 | 1031 < . 5001 a1001 | 2030 > . 1000 a5001 | 2031 < . 5001 a1001
                """,
            client: counts { $0.keepAlives = 2 }, server: counts { $0.keepAliveAcks = 2 }),
        Example(
            testDescription: "keep-alives of one byte, answered",
            segments: """
                30 < . 5001 a1001 | 1030 > . 1000+1 a5001 | 1031 < . 5001 a1001 | 2030 > . 1000+1 a5001
                2031 < . 5001 a1001
                """,
            client: counts { $0.keepAlives = 2 },
            server: counts {
                $0.duplicateAcks = 1
                $0.keepAliveAcks = 2
            }),
        Example(
            testDescription: "an ACK ahead of all data tells that some is missing",
            segments: "30 > . 1101 a5001 | 40 > . 1101+10 a5001", client: counts { $0.lostSegments = 1 }),
        Example(
            testDescription: "a RST far away is no lost segment", segments: "30 > R. 900000 a5001"),
        Example(
            testDescription: "a FIN that is sent again",
            segments: "30 > F. 1001 a5001 | 230 > F. 1001 a5001 | 240 < . 5001 a1002"),
    ])
    func marks(_ example: Example) throws {
        var trace = Trace()
        trace.tcp(example.handshake + example.segments)
        let request = try trace.request()
        #expect(request.client.tcp?.analysis == example.client)
        #expect(request.server.tcp?.analysis == example.server)
    }

    /// The numbers wrap in the middle: all marks stay what they are.
    @Test func marksOverTheEndOfTheNumbers() throws {
        var trace = Trace()
        trace.tcp(
            """
            0  > S 4294967190 a0 s7 | 10 < S. 5000 a4294967191 s7 | 20 > . 4294967191 a5001
            30 > . 4294967191+100 a5001 | 31 > . 95+100 a5001 | 32 > . 195+100 a5001 | 33 > . 295+50 a5001
            40 < . 5001 a4294967291 | 41 < . 5001 a4294967291 | 42 < . 5001 a4294967291
            50 > . 4294967291+100 a5001 | 60 < . 5001 a345 | 70 > . 344 a5001 | 71 < . 5001 a345
            """)
        let request = try trace.request()
        let client = try #require(request.client.tcp)
        #expect(client.analysis.lostSegments == 1 && client.analysis.fastRetransmissions == 1)
        #expect(client.analysis.keepAlives == 1 && client.sequenceBytes == 450 && client.missingBytes == 0)
        #expect(request.server.tcp?.analysis.duplicateAcks == 2 && request.server.tcp?.analysis.keepAliveAcks == 1)
    }

    @Test func withoutRoomItSaysSo() throws {
        var trace = Trace()
        trace.settings.analysisCapacity = 1
        let other = Endpoint("10.0.0.1", 40001)
        trace.tcp(Self.handshake + "30 < . 5001 a1001 | 40 < . 5001 a1001")
        trace.tcp(Self.handshake + "30 < . 5001 a1001 | 40 < . 5001 a1001", other)
        let outcome = trace.replay()
        try #require(outcome.requests.count == 2)
        #expect(outcome.requests[0].server.tcp?.analysis.duplicateAcks == 2 && outcome.requests[0].history == "ShAa")
        #expect(!outcome.requests[0].coverage.analysisSkipped && outcome.requests[1].coverage.analysisSkipped)
        #expect(outcome.requests[1].server.tcp?.analysis == TCPAnalysis() && outcome.requests[1].history == nil)
        let table = outcome.summary.tables.first { $0.name == "tcp_analysis" }
        #expect(table?.peak == 1 && table?.capacity == 1 && table?.evictions == 1 && table?.count == 0)
    }

    @Test func theHotRecordIsTwoCacheLines() {
        #expect(MemoryLayout<Flow>.stride == 128)
    }

    @Test func countsSegmentsBeyondThirtyTwoBits() {
        var (flow, detail) = (Flow(), FlowDetail())
        flow.segments[1] = .max
        flow.countSegment(1, &detail)
        #expect(flow.segments[1] == 0 && detail.segmentWraps[1] == 1 && detail.segmentWraps[0] == 0)
    }
}
