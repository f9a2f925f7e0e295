import Correlate
import Decode
import Model
import Testing

@Suite struct TCPStateTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var segments: String
        var state: TCPState
        var closedFirst: Party?
        var ending = Ending.captureEnded
        var requests = 1
    }

    private static let handshake = "0 > S 1000 | 10 < S. 5000 | 20 > . 1001 |"

    @Test(arguments: [
        Example(testDescription: "a SYN alone", segments: "0 > S 1000", state: .noAnswer),
        Example(
            testDescription: "SYNs alone", segments: "0 > S 1000 | 1000 > S 1000 | 3000 > S 1000", state: .noAnswer),
        Example(
            testDescription: "RST for SYN", segments: "0 > S 1000 | 1 < R. 0", state: .refused, closedFirst: .server),
        Example(
            testDescription: "RST for SYN, asked again with the same number",
            segments: "0 > S 1000 | 1 < R. 0 | 500 > S 1000 | 501 < R. 0", state: .refused, closedFirst: .server),
        Example(
            testDescription: "refused, then answered after all",
            segments: "0 > S 1000 | 1 < R. 0 | 500 > S 1000 | 510 < S. 5000 | 520 > . 1001", state: .established),
        Example(
            testDescription: "the client takes its SYN back by RST", segments: "0 > S 1000 | 5 > R 1001",
            state: .aborted, closedFirst: .client),
        Example(
            testDescription: "the client takes its SYN back by FIN", segments: "0 > S 1000 | 5 > F 1001",
            state: .aborted, closedFirst: .client),
        Example(
            testDescription: "the client resets an unexpected SYN-ACK",
            segments: "0 > S 1000 | 10 < S. 5000 | 11 > R 1001", state: .aborted, closedFirst: .client),
        Example(
            testDescription: "SYN and SYN-ACK alone", segments: "0 > S 1000 | 10 < S. 5000", state: .halfOpen),
        Example(
            testDescription: "SYN-ACK sent again and again",
            segments: "0 > S 1000 | 10 < S. 5000 | 1010 < S. 5000 | 3010 < S. 5000", state: .halfOpen),
        Example(
            testDescription: "a SYN-ACK whose SYN was not seen", segments: "10 < S. 5000", state: .halfOpen),
        Example(
            testDescription: "the server resets after its SYN-ACK",
            segments: "0 > S 1000 | 10 < S. 5000 | 11 < R 5001", state: .resetByServer, closedFirst: .server),
        Example(testDescription: "a whole handshake", segments: handshake, state: .established),
        Example(
            testDescription: "data completes the handshake where its ACK was lost",
            segments: "0 > S 1000 | 10 < S. 5000 | 20 > P. 1001+10", state: .established),
        Example(
            testDescription: "the SYN-ACK takes a way that is not observed",
            segments: "0 > S 1000 | 20 > . 1001 | 21 > P. 1001+10", state: .established),
        Example(
            testDescription: "the server's half alone is observed",
            segments: "10 < S. 5000 | 30 < P. 5001+10 | 40 < F. 5011", state: .halfClosed, closedFirst: .server),
        Example(
            testDescription: "one FIN of the client", segments: handshake + "30 > F. 1001", state: .halfClosed,
            closedFirst: .client),
        Example(
            testDescription: "one FIN of the server, sent again",
            segments: handshake + "30 < F. 5001 | 230 < F. 5001", state: .halfClosed, closedFirst: .server),
        Example(
            testDescription: "half closed, and data still comes",
            segments: handshake + "30 > F. 1001 | 130 < P. 5001+100", state: .halfClosed, closedFirst: .client),
        Example(
            testDescription: "closed by the client first",
            segments: handshake + "30 > F. 1001 | 40 < F. 5001 | 50 > . 1002",
            state: .closed, closedFirst: .client),
        Example(
            testDescription: "closed by the server first", segments: handshake + "30 < F. 5001 | 40 > F. 1001",
            state: .closed, closedFirst: .server),
        Example(
            testDescription: "both FINs cross", segments: handshake + "30 < F. 5001 | 30 > F. 1001 | 31 < . 5002",
            state: .closed, closedFirst: .server),
        Example(
            testDescription: "FIN with the last data", segments: handshake + "30 > FP. 1001+5 | 40 < F. 5001",
            state: .closed, closedFirst: .client),
        Example(
            testDescription: "RST of the client", segments: handshake + "30 > R. 1001", state: .resetByClient,
            closedFirst: .client),
        Example(
            testDescription: "RST of the server", segments: handshake + "30 < R 5001", state: .resetByServer,
            closedFirst: .server),
        Example(
            testDescription: "the server closes, the client resets",
            segments: handshake + "30 < F. 5001 | 40 > R. 1001", state: .resetByClient, closedFirst: .server),
        Example(
            testDescription: "RST after both FINs changes nothing",
            segments: handshake + "30 > F. 1001 | 40 < F. 5001 | 41 > R 1002", state: .closed, closedFirst: .client),
        Example(
            testDescription: "the second of two RSTs changes nothing",
            segments: handshake + "30 < R 5001 | 31 > R 1001",
            state: .resetByServer, closedFirst: .server),
        Example(testDescription: "joined midstream", segments: "0 > P. 1000+5 | 10 < P. 5000+5", state: .midstream),
        Example(
            testDescription: "joined at the close", segments: "0 > F. 1000 | 10 < F. 5000 | 20 > . 1001",
            state: .midstream, closedFirst: .client),
        Example(
            testDescription: "a late RST alone", segments: "0 < R 5000", state: .midstream, closedFirst: .server),
        Example(
            testDescription: "simultaneous open: the first SYN's sender is the client",
            segments: "0 > S 1000 | 1 < S 5000 | 10 > S. 1000 | 11 < S. 5000 | 20 > . 1001", state: .established),
        Example(
            testDescription: "a closed connection lingers for five seconds",
            segments: handshake + "30 > F. 1001 | 40 < F. 5001 | 5500 > . 1002", state: .midstream,
            requests: 2),
        Example(
            testDescription: "frames of the handshake out of order: SYN-ACK before SYN",
            segments: "1 < S. 5000 | 1 > S 1000 | 2 > . 1001", state: .established),
        Example(
            testDescription: "frames of the handshake out of order: data before SYN",
            segments: "0 > P. 1001+10 | 0 > S 1000 | 1 < S. 5000 | 2 > . 1011", state: .established),
    ])
    func state(_ example: Example) throws {
        var trace = Trace()
        trace.tcp(example.segments)
        let requests = trace.replay().requests
        #expect(requests.count == example.requests)
        let request = try #require(requests.last)
        #expect(request.tcp?.state == example.state)
        #expect(request.tcp?.closedFirst == example.closedFirst)
        #expect(request.ending == example.ending)
    }

    @Test func timesOfTheHandshake() throws {
        var trace = Trace()
        trace.tcp(
            """
            0    > S  1000
            1000 > S  1000
            1040 < S. 5000
            1055 > .  1001
            1060 > P. 1001+100
            1101 < .  5001
            1150 < P. 5001+200
            1200 > F. 1101
            1240 < F. 5201
            1241 > .  1102
            """)
        let request = try trace.request()
        let tcp = try #require(request.tcp)
        #expect(request.first == Trace.time(0) && request.last == Trace.time(1241))
        // The SYN that was answered is the last one before the answer.
        #expect(tcp.serverRoundTrip == .milliseconds(40) && tcp.clientRoundTrip == .milliseconds(15))
        #expect(tcp.handshakeRoundTrip == .milliseconds(55))
        #expect(tcp.established == Trace.time(1055))
        let client = try #require(request.client.tcp)
        let server = try #require(request.server.tcp)
        #expect(client.synCount == 2 && client.firstSyn == Trace.time(0) && client.lastSyn == Trace.time(1000))
        #expect(server.synCount == 1 && server.firstSyn == Trace.time(1040))
        #expect(client.retransmittedSegments == 1 && server.retransmittedSegments == 0)
        #expect(client.fin == Trace.time(1200) && server.fin == Trace.time(1240))
        #expect(client.rst == nil && server.rst == nil)
        #expect(request.client.segments == 6 && request.server.segments == 4)
        #expect(request.client.payloadBytes == 100 && request.server.payloadBytes == 200)
        #expect(client.sequenceBytes == 100 && server.sequenceBytes == 200)
        #expect(request.client.firstPayload == Trace.time(1060) && request.server.lastPayload == Trace.time(1150))
    }

    @Test func countsWhatIsSentAgain() throws {
        var trace = Trace()
        trace.tcp(
            """
            0    > S  1000
            10   < S. 5000
            1010 < S. 5000
            1020 > .  1001
            1030 > F. 1001
            1230 > F. 1001
            1630 > F. 1001
            1700 < F. 5001
            1900 < F. 5001
            """)
        let request = try trace.request()
        #expect(request.server.tcp?.synCount == 2)
        #expect(request.server.tcp?.firstSyn == Trace.time(10) && request.server.tcp?.lastSyn == Trace.time(1010))
        #expect(request.client.tcp?.retransmittedSegments == 2)
        #expect(request.server.tcp?.retransmittedSegments == 2)
        #expect(request.client.tcp?.fin == Trace.time(1030))
        #expect(request.tcp?.serverRoundTrip == .milliseconds(10))
    }

    @Test func readsTheOptionsOfBothSides() throws {
        var trace = Trace()
        let options: [UInt8] = [
            /* MSS 1460 */ 2, 4, 0x05, 0xB4, /* SACK permitted */ 4, 2, /* timestamps */ 8, 10, 0, 0, 0, 1, 0, 0, 0, 0,
            /* no operation */ 1, /* window scale 7 */ 3, 3, 7,
        ]
        trace.tcp(0, Trace.client, Trace.server, .syn, 1000, options: options)
        trace.tcp(10, Trace.server, Trace.client, .syn | .ack, 5000, options: [2, 4, 0x05, 0x50])
        let request = try trace.request()
        let client = try #require(request.client.tcp?.options)
        #expect(client.maximumSegmentSize == 1460 && client.windowScale == 7)
        #expect(client.selectiveAcknowledgment && client.timestamps && !client.fastOpen && !client.multipath)
        #expect(request.server.tcp?.options?.maximumSegmentSize == 1360)
        #expect(request.server.tcp?.options?.windowScale == nil)
    }

    @Test func countsWindowsOfZero() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 w0 | 10 < S. 5000 | 20 > . 1001 | 30 < . 5001 w0 | 40 < . 5001 w0 | 50 < R 5001 w0")
        let request = try trace.request()
        #expect(request.client.tcp?.zeroWindows == 0 && request.server.tcp?.zeroWindows == 2)
    }

    @Test(arguments: [(UInt8(64), 0), (57, 7), (128, 0), (113, 15), (250, 5)])
    func hopsByTheAnswersTTL(_ ttl: UInt8, _ hops: Int) throws {
        var trace = Trace()
        trace.tcp("0 > S 1000")
        let answer = Wire.tcp(80, 40000, .syn | .ack, sequence: 5000)
        trace.packet(10, Trace.server.address, Trace.client.address, 6, answer, ttl: ttl)
        let request = try trace.request()
        #expect(request.server.ttl == ttl && request.server.suggestedHops == hops)
        #expect(request.client.ttl == 64)
    }

    @Test func aConnectionOverIPv6() throws {
        var trace = Trace()
        let client = Endpoint("2001:db8::1", 50000)
        let server = Endpoint("2001:db8::2", 443)
        trace.tcp("0 > S 1000 | 10 < S. 5000 | 20 > . 1001", client, server)
        let request = try trace.request()
        #expect(request.client.endpoint == client && request.server.endpoint == server)
        #expect(request.tcp?.state == .established)
    }

    @Test func aConnectionToItself() throws {
        var trace = Trace()
        let own = Endpoint("127.0.0.1", 40000)
        trace.tcp("0 > S 1000 | 1 > S. 1000 | 2 > . 1001", own, own)
        let request = try trace.request()
        #expect(request.direction == .local && request.client.endpoint == own && request.server.endpoint == own)
        #expect(request.client.segments == 3)
    }
}
