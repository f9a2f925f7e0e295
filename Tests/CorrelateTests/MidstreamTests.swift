import Correlate
import Decode
import Model
import Testing

/// Connections that began before the capture: read from the first segment on that is without doubt a beginning.
@Suite struct MidstreamTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var conversation: Conversation
        /// What is read of HTTP; empty for nothing.
        var lines: [String]

        init(_ name: String, _ turns: [(String, String)], unseen: Int = 0, _ lines: [String], server: UInt16 = 8080) {
            testDescription = name
            conversation = Conversation(turns)
            conversation.unseen = unseen
            conversation.server.port = server
            self.lines = lines
        }
    }

    private static let get = "GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    private static let post = "POST /b HTTP/1.1\r\nHost: a.example\r\nContent-Length: 90\r\n\r\n"

    static let examples = [
        Example(
            "between two exchanges", [(">", post), ("<", ok), (">", get), ("<", ok)], unseen: 2,
            ["1 GET a.example /a 200 length 2 got 2"]),
        Example(
            "every later exchange too", [(">", get), ("<", ok), (">", get), ("<", ok)],
            ["1 GET a.example /a 200 length 2 got 2", "2 GET a.example /a 200 length 2 got 2"]),
        Example(
            "within an answer", [("<", "the end of a body"), (">", get), ("<", ok)],
            ["1 GET a.example /a 200 length 2 got 2"]),
        Example(
            "at a keep-alive's byte", [(">", "\n"), (">", get), ("<", ok)], ["1 GET a.example /a 200 length 2 got 2"]),
        Example("at an answer", [("<", ok), (">", get), ("<", ok)], ["1 GET a.example /a 200 length 2 got 2"]),
        Example(
            "within a request, whose rest is followed by another one at once",
            [(">", "rest of a body"), ("<", ok), (">", get), ("<", ok)], []),
        Example(
            "a request's line alone is not enough",
            [(">", "GET /a HTTP/1.1\r\n"), (">", "Host: a\r\n\r\n"), ("<", ok)], []),
        Example("nor is a line of text", [(">", "GET /a and other stories\r\nby: nobody\r\n"), ("<", ok)], []),
        Example("nor a request's line before text", [(">", "GET /a HTTP/1.1\r\nis how it begins\r\n"), ("<", ok)], []),
        Example(
            "an empty line behind it is", [(">", "GET /a HTTP/1.0\r\n\r\n"), ("<", ok)],
            ["1 GET - /a 200 length 2 got 2"]),
        Example("a request in the server's bytes", [("<", get), (">", ok)], []),
        Example(
            "ports that do not tell the server", [(">", get), ("<", ok)], [], server: 40001),
        Example(
            "an answer that is not there yet, and the one before goes on",
            [(">", get), ("<", "more of a body"), ("<", ok)], ["1 GET a.example /a - not answered", "unread lost"]),
    ]

    @Test(arguments: examples) func areReadFromABeginningOn(_ example: Example) throws {
        let request = try example.conversation.trace().request()
        #expect(request.application.http?.lines ?? [] == example.lines)
        #expect(request.application.kind == (example.lines.isEmpty ? nil : .http))
        #expect(request.coverage.joinedMidstream && request.tcp?.state == .midstream)
        #expect(request.client.endpoint == example.conversation.client)
    }

    /// The ports say who is who, whoever is seen first.
    @Test(
        arguments: [
            (40000, 80, true, 80), (40000, 80, false, 80), (5000, 80, false, 80), (40000, 8080, false, 8080),
            (40000, 50000, true, 50000), (40000, 50000, false, 40000), (443, 80, false, 443),
        ] as [(UInt16, UInt16, Bool, UInt16)])
    func portsTellTheServer(_ client: UInt16, _ server: UInt16, _ clientFirst: Bool, _ told: UInt16) throws {
        var trace = Trace()
        trace.tcp(
            clientFirst ? "0 > P. 100+10 | 1 < P. 500+10" : "0 < P. 500+10 | 1 > P. 100+10",
            Endpoint("10.0.0.1", client),
            Endpoint("10.0.0.2", server))
        #expect(try trace.request().server.endpoint.port == told)
    }

    /// An answer to something before the request does not acknowledge it.
    @Test func anAnswerThatWasOnItsWayIsNotTaken() throws {
        var trace = Trace()
        let (client, server) = (Trace.client, Trace.server)
        trace.tcp(0, client, server, .ack | .psh, 1000, Array(Self.get.utf8), acknowledgment: 5000)
        trace.tcp(1, server, client, .ack | .psh, 5000, Array(Self.ok.utf8), acknowledgment: 1000)
        #expect(try trace.request().application.http?.lines == ["1 GET a.example /a - not answered", "unread lost"])
    }

    @Test func theExchangeIsTold() throws {
        var conversation = Conversation([("<", "a body's end"), (">", Self.get), ("<", Self.ok)])
        conversation.unseen = 0
        let stage = try conversation.trace().request().waterfall.stages.first { $0.kind == .exchange }
        #expect(stage?.status == .ok && stage?.start == Trace.time(11) && stage?.duration == .milliseconds(1))
    }

    @Test func anExchangeThatIsNotReadIsUnseen() throws {
        var conversation = Conversation([(">", Self.get), ("<", "more of a body")])
        conversation.unseen = 0
        let stage = try conversation.trace().request().waterfall.stages.first { $0.kind == .exchange }
        #expect(stage?.status == .unseen)
    }

    @Test func aBodyUpToTheEndOfTheConnection() throws {
        var conversation = Conversation(
            [(">", Self.get), ("<", "HTTP/1.0 200 OK\r\n\r\nall of it")], close: .byServer)
        conversation.unseen = 0
        #expect(try conversation.trace().request().application.http?.lines == ["1 GET a.example /a 200 got 9"])
    }

    @Test func theRestOfATLSHandshake() throws {
        let turns: [(String, [UInt8])] = [
            (">", WireTLS.clientHello("www.example.org")), ("<", WireTLS.serverHello(version: 0x0304)),
            (">", WireTLS.changeCipherSpec + WireTLS.applicationData(60)), ("<", WireTLS.applicationData(99)),
        ]
        for unseen in 0...3 {
            var conversation = Conversation(turns)
            conversation.unseen = unseen
            let request = try conversation.trace().request()
            let tls = request.application.tls
            #expect((tls != nil) == (unseen < 2), "\(unseen)")
            #expect(tls?.serverName == (unseen == 0 ? "www.example.org" : nil))
            #expect(tls?.version == (unseen < 2 ? 0x0304 : nil))
            #expect((tls?.finished != nil) == (unseen < 2))
            #expect(tls?.isPartlyUnseen == (unseen == 1 ? true : unseen == 0 ? false : nil))
            let secure = request.waterfall.stages.first { $0.kind == .secure }
            #expect(secure?.status == (unseen < 2 ? .ok : .unseen))
            // Where the ClientHello was not seen, nobody knows how long it took.
            #expect((secure?.duration != nil) == (unseen == 0))
        }
    }

    @Test func aServerHelloOfTheClientIsNone() throws {
        var conversation = Conversation([(">", WireTLS.serverHello(version: 0x0304))])
        conversation.unseen = 0
        #expect(try conversation.trace().request().application.tls == nil)
    }

    @Test(arguments: [(0, UInt16(53)), (1, 53), (2, 53), (3, 53), (2, 8053)]) func questionsAndAnswers(
        _ unseen: Int, _ port: UInt16
    ) throws {
        func framed(_ message: [UInt8]) -> [UInt8] { Wire.bytes16(UInt16(message.count)) + message }
        func query(_ id: UInt16) -> [UInt8] { framed(WireDNS.query(id, "n\(id).example", 1)) }
        func answer(_ id: UInt16) -> [UInt8] {
            framed(WireDNS.response(id, "n\(id).example", 1, [.address("10.9.9.9")]))
        }
        var conversation = Conversation([
            (">", query(1)), ("<", answer(1)), (">", query(2) + query(3)), ("<", answer(2) + answer(3)),
        ])
        conversation.unseen = unseen
        conversation.server.port = port
        let outcome = conversation.trace().replay()
        let asked = outcome.lookups.filter { $0.roundTrip != nil }.map(\.name)
        let expected = [
            ["n1.example", "n2.example", "n3.example"], ["n2.example", "n3.example"], ["n2.example", "n3.example"], [],
        ]
        #expect(asked == (port == 53 ? expected[unseen] : []))
    }

    /// A zone's transfer, joined within a message.
    @Test func bytesOfAMessageAreNoMessage() throws {
        var conversation = Conversation([("<", [0, 20] + [UInt8](repeating: 0, count: 40)), (">", [0, 1, 2, 3])])
        conversation.unseen = 0
        conversation.server.port = 53
        let outcome = conversation.trace().replay()
        #expect(outcome.lookups.isEmpty && outcome.requests.map(\.application.kind) == [nil])
    }
}
