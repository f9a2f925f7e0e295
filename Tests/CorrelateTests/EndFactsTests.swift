import Correlate
import Decode
import Model
import Testing

/// What verdicts need to know of a connection's end and of what held it up.
@Suite struct EndFactsTests {
    private static let handshake = "0 > S 1000 | 10 < S. 5000 a1001 | 20 > . 1001 a5001 | 30 > P. 1001+10 a5001 |"

    private func request(_ segments: String) throws -> Lifecycle {
        var trace = Trace()
        trace.tcp(Self.handshake + segments)
        return try trace.request()
    }

    @Test(arguments: [
        ("40 < P. 5001+20 a1011 | 50 > . 1011 a5021", nil),
        ("40 < P. 5001+20 a1011 | 50 > F. 1011 a5021 | 60 < . 5021 a1012", 0),
        ("50 > F. 1011 a5001 | 60 < P. 5001+24 a1012 | 61 > R 1012", 24),
        ("50 > F. 1011 a5001 | 60 < FP. 5001+24 a1012 | 61 > R 1012", 24),
        // What was under way counts, wherever it was when the client closed.
        ("40 < P. 5001+20 a1011 | 50 > F. 1011 a5001 | 61 > R 1012", 20),
        ("40 < P. 5001+20 a1011 | 45 > . 1011 a5011 | 50 > R 1011 | 60 < P. 5021+5 a1011", 15),
        ("40 < P. 5001+20 a1011 | 50 > R. 1011 a5021", 0), ("40 < F. 5001 a1011 | 50 > F. 1011 a5002", 0),
    ])
    func tellsWhatCameTooLate(_ segments: String, _ late: UInt32?) throws {
        #expect(try request(segments).tcp?.lateBytes == late)
    }

    @Test func tellsFromHowFarAResetCame() throws {
        var trace = Trace()
        trace.tcp(Self.handshake)
        let reset = Wire.tcp(
            Trace.server.port, Trace.client.port, .rst, sequence: 5001, acknowledgment: 0, window: 0, options: [], [])
        trace.packet(40, Trace.server.address, Trace.client.address, 6, reset, ttl: 57)
        let lifecycle = try trace.request()
        #expect(lifecycle.server.ttl == 64 && lifecycle.server.tcp?.resetTTL == 57)
        #expect(lifecycle.client.tcp?.resetTTL == nil)
    }

    @Test(arguments: [
        ("40 < . 5001 a1011", 0 as UInt32?),
        ("40 > . 1011+1000 a5001 | 300 > . 1011+1000 a5001 | 350 < . 5001 a1011", 1000),
        ("40 > F. 1011 a5001 | 41 < . 5001 a1011", 1), ("40 < R 5001", nil),
    ])
    func tellsWhatWasNotAcknowledged(_ segments: String, _ open: UInt32?) throws {
        #expect(try request(segments).client.tcp?.unacknowledged == open)
    }

    @Test func tellsTheLongestRepetition() throws {
        let request = try request(
            "40 > . 1011+1000 a5001 | 41 > . 2011+300 a5001 | 300 > . 2011+300 a5001 | 400 > . 1011+1000 a5001")
        #expect(request.client.tcp?.longestRepetition == 1000 && request.server.tcp?.longestRepetition == 0)
    }

    /// Windows of zero, one after the other, and one that is closed to the end.
    @Test(arguments: [
        ("40 < . 5001 a1011 w0 | 1040 < . 5001 a1011 w100", 1000, false),
        (
            "40 < . 5001 a1011 w0 | 540 < . 5001 a1011 w0 | 1040 < . 5001 a1011 w100 | 2000 > P. 1011+5 a5001", 1000,
            false
        ),
        ("40 < . 5001 a1011 w0 | 140 < . 5001 a1011 w9 | 200 < . 5001 a1011 w0 | 300 > . 1010 a5001", 200, true),
        ("40 < . 5001 a1011 w0 | 2040 < R. 5001 a1011 w0", 2000, true), ("40 < . 5001 a1011 w9", 0, false),
    ])
    func tellsHowLongAWindowWasClosed(_ segments: String, _ milliseconds: Int, _ isClosed: Bool) throws {
        let server = try request(segments).server.tcp
        #expect(server?.closedWindowTime == .milliseconds(milliseconds) && server?.isWindowClosed == isClosed)
    }
}
