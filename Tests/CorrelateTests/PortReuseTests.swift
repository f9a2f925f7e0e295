import Correlate
import Decode
import Model
import Testing

@Suite struct PortReuseTests {
    private static let handshake = "0 > S 1000 | 10 < S. 5000 | 20 > . 1001 |"

    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var segments: String
        /// State and ending of every request, in order.
        var requests: [(TCPState, Ending)]
    }

    @Test(arguments: [
        Example(
            testDescription: "the port of a closed connection is used again at once",
            segments: handshake + "30 > F. 1001 | 40 < F. 5001 | 50 > . 1002 | 100 > S 90000 | 110 < S. 80000",
            requests: [(.closed, .closed), (.halfOpen, .captureEnded)]),
        Example(
            testDescription: "a refused attempt is made anew with another number",
            segments: "0 > S 1000 | 1 < R. 0 | 500 > S 2000 | 501 < R. 0",
            requests: [(.refused, .closed), (.refused, .captureEnded)]),
        Example(
            testDescription: "an unanswered attempt is made anew with another number",
            segments: "0 > S 1000 | 500 > S 2000", requests: [(.noAnswer, .portReused), (.noAnswer, .captureEnded)]),
        Example(
            testDescription: "a stray SYN does not end a connection that is alive",
            segments: handshake + "1000 > S 777 | 1010 > P. 1001+10 | 1020 > F. 1011 | 1030 < F. 5001",
            requests: [(.closed, .captureEnded)]),
        Example(
            testDescription: "a stray SYN of the other side does not, either",
            segments: handshake + "1000 < S 777 | 1010 > P. 1001+10", requests: [(.established, .captureEnded)]),
        Example(
            testDescription: "a connection silent for half a minute gives way",
            segments: handshake + "31000 > S 90000 | 31010 < S. 70000",
            requests: [(.established, .portReused), (.halfOpen, .captureEnded)]),
        Example(
            testDescription: "after a connection joined midstream",
            segments: "0 > P. 500000000+10 | 100 > S 3000000000 | 110 < S. 5000",
            requests: [(.midstream, .portReused), (.halfOpen, .captureEnded)]),
        Example(
            testDescription: "the roles change", segments: handshake + "30 > R. 1001 | 100 < S 9000 | 110 > S. 8000",
            requests: [(.resetByClient, .closed), (.halfOpen, .captureEnded)]),
    ])
    func requests(_ example: Example) {
        var trace = Trace()
        trace.tcp(example.segments)
        let requests = trace.replay().requests
        #expect(requests.map(\.tcp?.state) == example.requests.map(\.0))
        #expect(requests.map(\.ending) == example.requests.map(\.1))
        #expect(Set(requests.map(\.id)).count == requests.count)
    }

    @Test func theSYNsSenderIsTheClientOfTheNewConnection() throws {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < R. 0 | 100 < S 9000")
        let requests = trace.replay().requests
        try #require(requests.count == 2)
        #expect(requests[0].client.endpoint == Trace.client && requests[1].client.endpoint == Trace.server)
    }
}
