import Correlate
import Decode
import Model
import Testing

/// Every exchange of an HTTP/1 connection, however segments cut it.
@Suite struct HTTPExchangeTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var conversation: Conversation
        var lines: [String]
        /// Frames out of order change nothing either; who closed or blocked must be in order.
        var reorders = true

        init(
            _ name: String, _ turns: [(String, String)], close: Conversation.Close = .open, _ lines: [String],
            reorders: Bool = true
        ) {
            testDescription = name
            conversation = Conversation(turns, close: close)
            self.lines = lines
            self.reorders = reorders
        }
    }

    private static let get = "GET /a?secret=1 HTTP/1.1\r\nHost: a.example:8080\r\nCookie: secret\r\n\r\n"

    static let examples = [
        Example(
            "one exchange", [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")],
            ["1 GET a.example /a 200 length 5 got 5"]),
        Example(
            "keep-alive",
            [
                (">", get), ("<", "HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno"),
                (">", "POST /b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\n\r\nabc"),
                ("<", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"), (">", get),
                ("<", "HTTP/1.0 200 OK\r\nContent-Length: 1, 1\r\n\r\nx"),
            ],
            [
                "1 GET a.example /a 404 length 2 got 2", "2 POST a.example /b 201 sends 3 sent 3 length 0",
                "3 GET a.example /a 200 length 1 got 1",
            ]),
        Example(
            "pipelined",
            [
                (">", get + "HEAD /h HTTP/1.1\r\nHost: b\r\n\r\n" + "GET /c HTTP/1.1\r\nHost: c\r\n\r\n"),
                (
                    "<",
                    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none" + "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                        + "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n"
                ),
            ],
            [
                "1 GET a.example /a 200 length 3 got 3", "2 HEAD b /h 200 length 99", "3 GET c /c 304 length 77",
            ]),
        Example(
            "chunked, with extensions and trailers",
            [
                (">", get),
                (
                    "<",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n5;name=\"v\"\r\nhello\r\n00A\r\n0123456789\r\n"
                        + "0\r\nExpires: now\r\nX: y\r\n\r\n"
                ), (">", get), ("<", "HTTP/1.1 204 No Content\r\n\r\n"),
            ], ["1 GET a.example /a 200 got 15 chunked", "2 GET a.example /a 204"]),
        Example(
            "a request in chunks",
            [
                (">", "PUT /u HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
                ("<", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), (">", get),
                ("<", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ], ["1 PUT a /u 200 sent 3 sent chunked length 0", "2 GET a.example /a 200 length 0"]),
        Example(
            "interim responses",
            [
                (">", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"),
                ("<", "HTTP/1.1 100 Continue\r\n\r\n"), (">", "body"),
                ("<", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ], ["1 POST a / 200 after 100 after 103 sends 4 sent 4 length 0"]),
        Example(
            "a body that was left out after a refusal",
            [
                (">", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 400\r\n\r\n"),
                ("<", "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"), (">", get),
                ("<", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ],
            ["1 POST a / 417 sends 400 length 0 not sent", "2 GET a.example /a 200 length 0"], reorders: false),
        Example(
            "an answer before the request was sent whole",
            [
                (">", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc"),
                ("<", "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"), (">", "def" + get),
                ("<", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
            ], ["1 POST a / 413 sends 6 sent 6 length 0", "2 GET a.example /a 200 length 0"]),
        Example(
            "a body that ends with the connection",
            [(">", get), ("<", "HTTP/1.0 200 OK\r\n\r\nall of it")], close: .byServer,
            ["1 GET a.example /a 200 got 9"]),
        Example(
            "lone line feeds and a folded line",
            [(">", "GET /n HTTP/1.0\nHost: a\nX: 1\n  2\n\n"), ("<", "HTTP/1.0 200 OK\nContent-Length: 1\n\nx")],
            ["1 GET a /n 200 length 1 got 1"]),
        Example(
            "empty lines before a request",
            [(">", "\r\n" + get), ("<", "HTTP/1.1 204 No Content\r\n\r\n"), (">", "\r\n\r\n")],
            ["1 GET a.example /a 204"]),
        Example(
            "a change of protocol",
            [
                (">", "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
                ("<", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\u{1}\u{2}"),
                (">", "GET / HTTP/1.1\r\nHost: not.a.request\r\n\r\n"),
            ], ["1 GET a /ws 101 to websocket"]),
        Example(
            "a tunnel that carries HTTP",
            [
                (">", "CONNECT b.example:80 HTTP/1.1\r\nHost: b.example:80\r\n\r\n"),
                ("<", "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n"),
                (">", "GET /in HTTP/1.1\r\nHost: b.example\r\n\r\n"),
                ("<", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
            ],
            ["1 CONNECT b.example - 200 length 7", "2 GET b.example /in 200 length 2 got 2", "tunnel to b.example:80"],
            reorders: false),
        Example(
            "a tunnel that was refused",
            [
                (">", "CONNECT b.example:80 HTTP/1.1\r\nHost: b.example:80\r\n\r\n"),
                ("<", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"), (">", get),
                ("<", "HTTP/1.1 204 No Content\r\n\r\n"),
            ], ["1 CONNECT b.example - 403 length 2 got 2", "2 GET a.example /a 204"], reorders: false),
        Example(
            "closed before the last byte", [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")],
            close: .byServer, ["1 GET a.example /a 200 length 9 got 5 not answered closed_by_server"]),
        Example(
            "reset before the last chunk",
            [(">", get), ("<", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")],
            close: .resetByServer, ["1 GET a.example /a 200 got 5 chunked not answered reset_by_server"]),
        Example(
            "given up by the client", [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")],
            close: .byClient, ["1 GET a.example /a 200 length 9 got 5 not answered closed_by_client"]),
        Example(
            "reset by the client", [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")],
            close: .resetByClient, ["1 GET a.example /a 200 length 9 got 5 not answered reset_by_client"]),
        Example(
            "still under way when the capture ends",
            [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")],
            ["1 GET a.example /a 200 length 9 got 5 not answered"]),
        Example(
            "two lengths that differ",
            [(">", get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), (">", get)],
            ["1 GET a.example /a 200 not answered", "unread malformed"]),
        Example(
            "a length and a coding",
            [
                (">", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                (">", get), ("<", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
            ], ["1 POST a / 400 sends 5 length 0 not sent", "unread malformed"]),
        Example(
            "a chunk that is too long for numbers",
            [(">", get), ("<", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n")],
            ["1 GET a.example /a 200 chunked not answered", "unread malformed"]),
        Example(
            "an answer that is none", [(">", get), ("<", "hello\r\n\r\n")],
            ["1 GET a.example /a - not answered", "unread malformed"]),
        Example(
            "an answer that nobody asked for",
            [
                (">", get), ("<", "HTTP/1.1 204 No Content\r\n\r\n"),
                ("<", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"),
            ], close: .byServer, ["1 GET a.example /a 204", "2 - - - 408 length 0 not sent"]),
    ]

    private func lines(_ trace: Trace) throws -> [String] {
        try trace.request().application.http?.lines ?? []
    }

    @Test(arguments: examples) func areReadWhole(_ example: Example) throws {
        #expect(try lines(example.conversation.trace()) == example.lines)
    }

    /// But for a request in the place of a body, which a part of its line does not tell apart from one.
    @Test(arguments: examples.filter { !$0.testDescription.contains("left out") })
    func areReadHoweverTheyAreCut(_ example: Example) throws {
        let longest = example.conversation.turns.map(\.bytes.count).max() ?? 0
        var cuttings = (1..<longest).map { Conversation.Cutting.at($0) }
        cuttings += [
            .pieces(of: 1), .pieces(of: 2), .pieces(of: 3), .pieces(of: 7), .twice(1), .twice(5), .overlapping(4),
        ]
        if example.reorders { cuttings += [.reversed(2), .reversed(3), .reversed(8), .reversed(31)] }
        for cutting in cuttings {
            #expect(try lines(example.conversation.trace(cutting)) == example.lines, "\(cutting)")
        }
    }

    @Test func bytesThatWereNotCapturedInABodyAreMissedThere() throws {
        let body = String(repeating: "x", count: 100)
        let conversation = Conversation([
            (">", Self.get), ("<", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body), (">", Self.get),
            ("<", "HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        // Segments of 20 bytes: the sixth of the response lies in its body.
        let heads = (Self.get.utf8.count + 19) / 20
        let lines = try lines(conversation.trace(.pieces(of: 20), lost: [heads + 5]))
        #expect(lines == ["1 GET a.example /a 200 length 100 got 80 missing 20", "2 GET a.example /a 204"])
    }

    @Test func whatWaitsBehindAGapKeepsItsTime() throws {
        let body = String(repeating: "x", count: 100)
        let post = "POST /b HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\n" + body
        let conversation = Conversation([
            (">", post + Self.get),
            ("<", "HTTP/1.1 204 No Content\r\n\r\n" + "HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        // The fourth segment of 20 bytes lies in the body; only the answer shows that it was not lost on its way.
        let trace = conversation.trace(.pieces(of: 20), lost: [4])
        let exchanges = try #require(try trace.request().application.http?.exchanges)
        try #require(exchanges.map(\.method) == ["POST", "GET"])
        let (asked, answered) = try (#require(exchanges[1].requested), #require(exchanges[0].responded))
        #expect(asked < answered)
    }

    @Test func bytesThatWereNotCapturedInAHeadEndTheReading() throws {
        let conversation = Conversation([
            (">", Self.get), ("<", "HTTP/1.1 200 OK\r\nServer: a-very-long-name\r\nContent-Length: 0\r\n\r\n"),
            (">", Self.get), ("<", "HTTP/1.1 204 No Content\r\n\r\n"),
        ])
        let heads = (Self.get.utf8.count + 19) / 20
        let lines = try lines(conversation.trace(.pieces(of: 20), lost: [heads + 1]))
        #expect(lines == ["1 GET a.example /a 200 not answered", "unread lost"])
    }

    @Test func timesAreThoseOfTheFirstAndLastBytes() throws {
        let conversation = Conversation([
            (">", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n"), ("<", "HTTP/1.1 100 Continue\r\n\r\n"),
            (">", "ab"), ("<", "HTTP/1.1 200 "), ("<", "OK\r\nContent-Length: 4\r\n\r\n"), ("<", "ab"), ("<", "cd"),
        ])
        let exchange = try #require(try conversation.trace().request().application.http?.first)
        #expect(exchange.requested == Trace.time(10) && exchange.requestEnded == Trace.time(12))
        #expect(exchange.interim == [HTTPExchange.Interim(status: 100, time: Trace.time(11))])
        #expect(exchange.responded == Trace.time(13) && exchange.responseEnded == Trace.time(16))
        #expect(exchange.requestMinorVersion == 1 && exchange.responseMinorVersion == 1)
    }

    @Test func theStageSaysWhatBrokeOff() throws {
        let reasons = try Self.examples.compactMap { example in
            let stage = try example.conversation.trace().request().waterfall.stages.first { $0.kind == .exchange }
            return stage.flatMap { $0.status == .failed ? "\(example.testDescription): \($0.reason ?? "")" : nil }
        }
        #expect(
            reasons == [
                "closed before the last byte: response_incomplete", "reset before the last chunk: reset",
                "given up by the client: aborted_by_client", "reset by the client: aborted_by_client",
            ])
    }

    @Test func manyExchangesAreBoundedAndTheFailedOnesKept() throws {
        var turns: [(String, String)] = []
        for number in 1...100 {
            turns.append((">", "GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n"))
            turns.append(("<", "HTTP/1.1 \(number == 40 ? 500 : 204) X\r\nContent-Length: 0\r\n\r\n"))
        }
        let http = try #require(try Conversation(turns).trace().request().application.http)
        #expect(http.exchangeCount == 100 && http.exchanges.count == 32 && http.leftOut == 68 && http.failedCount == 1)
        #expect(http.exchanges.map(\.number) == Array(1...16) + [40] + Array(86...100))
    }

    @Test func aTunnelWithTLSInIt() throws {
        let conversation = Conversation([
            (">", Array("CONNECT www.example.org:443 HTTP/1.1\r\nHost: www.example.org:443\r\n\r\n".utf8)),
            ("<", Array("HTTP/1.1 200 OK\r\n\r\n".utf8)), (">", WireTLS.clientHello("www.example.org")),
            ("<", WireTLS.serverHello(version: 0x0304)),
        ])
        for cutting in [Conversation.Cutting.whole, .pieces(of: 1), .pieces(of: 11)] {
            let request = try conversation.trace(cutting).request()
            #expect(request.application.kind == .tls)
            #expect(request.application.tls?.serverName == "www.example.org")
            #expect(request.application.http?.tunnelTarget == "www.example.org:443")
            // The name is not the proxy's.
            #expect(request.names.isEmpty)
        }
    }

    @Test func aTunnelWhoseClientDoesNotWait() throws {
        let conversation = Conversation([
            (">", Array("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n".utf8) + WireTLS.clientHello("b.example")),
            ("<", Array("HTTP/1.1 200 OK\r\n\r\n".utf8)),
        ])
        #expect(try conversation.trace().request().application.tls?.serverName == "b.example")
    }

    @Test func http2WithoutTLSIsNamed() throws {
        let conversation = Conversation([
            (">", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"),
            ("<", "\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"),
        ])
        for cutting in [Conversation.Cutting.whole, .pieces(of: 1), .at(24), .reversed(4)] {
            let application = try conversation.trace(cutting).request().application
            #expect(application.kind == .http2 && application.http == nil, "\(cutting)")
        }
    }

    @Test func aServerThatSpeaksFirstIsNotRead() throws {
        let request = try Conversation([("<", "220 mail\r\n"), (">", Self.get)]).trace().request()
        #expect(request.application == ApplicationFacts())
    }
}
