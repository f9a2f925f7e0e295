import Decode
import Model
import Testing

/// Zeek's `conn_state` and `history`, by the words of Conn::Info and the source of its TCP analyzer.
@Suite struct ConnectionCodeTests {
    private static let handshake = "0 > S 1000 | 10 < S. 5000 a1001 | 20 > . 1001 a5001 |"
    private static let exchange = handshake + "30 > P. 1001+10 a5001 | 40 < . 5001 a1011 | 50 < P. 5001+20 a1011 |"

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var segments: String
        var state: String
        var history: String
    }

    @Test(arguments: [
        Example(testDescription: "an attempt", segments: "0 > S 1000", state: "S0", history: "S"),
        Example(testDescription: "attempts alike", segments: "0 > S 1000 | 1000 > S 1000", state: "S0", history: "S"),
        Example(testDescription: "rejected", segments: "0 > S 1000 | 1 < R. 0 a1001", state: "REJ", history: "Sr"),
        Example(testDescription: "established", segments: exchange, state: "S1", history: "ShADad"),
        Example(
            testDescription: "finished",
            segments: exchange + "60 > F. 1011 a5021 | 70 < F. 5021 a1012 | 80 > . 1012",
            state: "SF", history: "ShADadFf"),
        Example(
            testDescription: "a FIN sent again is one",
            segments: exchange + "60 > F. 1011 a5021 | 260 > F. 1011 a5021", state: "S2",
            history: "ShADadF"),
        Example(
            testDescription: "the server alone closed", segments: exchange + "60 < F. 5021 a1011", state: "S3",
            history: "ShADadf"),
        Example(
            testDescription: "reset by the client", segments: exchange + "60 > R. 1011 a5021", state: "RSTO",
            history: "ShADadR"),
        Example(
            testDescription: "reset by the server, twice with other numbers",
            segments: exchange + "60 < R 5021 | 61 < R 5021 | 62 < R 5022", state: "RSTR", history: "ShADadrr"),
        Example(testDescription: "taken back", segments: "0 > S 1000 | 5 > R 1001", state: "RSTOS0", history: "SR"),
        Example(
            testDescription: "a SYN and a FIN", segments: "0 > S 1000 | 5 > F 1001", state: "SH", history: "SF"),
        Example(
            testDescription: "a SYN-ACK and a RST", segments: "0 < S. 5000 a1001 | 5 < R 5001", state: "RSTRH",
            history: "^hr"),
        Example(
            testDescription: "a SYN-ACK and a FIN", segments: "0 < S. 5000 a1001 | 5 < F. 5001 a1001", state: "SHR",
            history: "^hf"),
        Example(
            testDescription: "joined midstream", segments: "0 > P. 1000+5 a5000 | 10 < P. 5000+5 a1005", state: "OTH",
            history: "Dd"),
        Example(
            testDescription: "the handshake's start was missed",
            segments: "10 < S. 5000 a1001 | 20 > . 1001 a5001 | 30 > P. 1001+10 a5001", state: "S1", history: "^hAD"),
        Example(
            testDescription: "sent again, ten times",
            segments: exchange + (0..<10).map { "\(60 + $0) > P. 1001+10 a5021 | " }.joined(), state: "S1",
            history: "ShADadTT"),
        Example(
            testDescription: "windows of zero",
            segments: exchange + "60 < . 5021 a1011 w0 | 70 < . 5021 a1011 w0", state: "S1",
            history: "ShADadw"),
        Example(
            testDescription: "acknowledged, and not seen",
            segments: handshake
                + "30 > P. 1001+10 a5001 | 35 > P. 1111+10 a5001 | 40 < . 5001 a1121 | 50 < P. 5001+20 a1121",
            state: "S1",
            history: "ShADaGd"),
        Example(
            testDescription: "SYN and FIN at once", segments: "0 > SF 1000", state: "SH", history: "Q"),
        Example(
            testDescription: "FIN and RST at once", segments: exchange + "60 > FR. 1011 a5021", state: "RSTO",
            history: "ShADadI"),
        Example(
            testDescription: "a FIN, and a RST that hurries the end",
            segments: exchange + "60 > F. 1011 a5021 | 70 < F. 5021 a1012 | 80 > R 1012", state: "SF",
            history: "ShADadFfR"),
    ])
    func codes(_ example: Example) throws {
        var trace = Trace()
        trace.tcp(example.segments)
        let request = try trace.request()
        #expect(request.connectionState.rawValue == example.state)
        #expect(request.history == example.history)
    }

    @Test func keepsTheFirstLettersOfMany() throws {
        var trace = Trace()
        trace.tcp(Self.exchange)
        for number in 0..<40 { trace.tcp("\(60 + number) < R \(5021 + number)") }
        let history = try trace.request().history
        #expect(history == "ShADad" + String(repeating: "r", count: 18))
    }

    @Test func datagrams() throws {
        var trace = Trace()
        let (client, server) = (Endpoint("10.0.0.1", 5000), Endpoint("10.0.0.2", 6000))
        trace.udp(0, client, server, [1])
        #expect(try trace.request().connectionState == .attempted)
        #expect(try trace.request().history == "D")
        trace.udp(1, server, client, [1])
        trace.udp(2, client, server, [])
        #expect(try trace.request().connectionState == .finished)
        #expect(try trace.request().history == "Dd")
    }

    @Test func echoesHaveNoHistory() throws {
        var trace = Trace()
        trace.packet(0, "10.0.0.1", "10.0.0.2", 1, Wire.icmp(8, 0, rest: 0x0001_0001))
        trace.packet(1, "10.0.0.2", "10.0.0.1", 1, Wire.icmp(0, 0, rest: 0x0001_0001))
        let request = try trace.request()
        #expect(request.connectionState == .other && request.history == nil)
    }
}
