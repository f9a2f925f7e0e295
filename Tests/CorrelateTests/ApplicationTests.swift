import Correlate
import Decode
import Model
import Testing

/// What the first bytes of a connection say.
@Suite struct ApplicationTests {
    private static let client = Endpoint("10.0.0.1", 40000)
    private static let server = Endpoint("10.0.0.2", 443)

    /// A handshake, and then payloads of both sides (`>` from the client), a millisecond apart from 10 ms on.
    private func trace(_ payloads: [(String, [UInt8])]) -> Trace {
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", Self.client, Self.server)
        var next: [UInt32] = [1001, 5001]
        for (index, (side, payload)) in payloads.enumerated() {
            let direction = side == ">" ? 0 : 1
            trace.tcp(
                10 + Double(index), direction == 0 ? Self.client : Self.server,
                direction == 0 ? Self.server : Self.client, .ack | .psh, next[direction], payload)
            next[direction] &+= UInt32(payload.count)
        }
        return trace
    }

    @Test func aHandshakeOfTLS13() throws {
        let request = try trace([
            (">", WireTLS.clientHello("www.example.org", protocols: ["h2", "http/1.1"])),
            ("<", WireTLS.serverHello(version: 0x0304) + WireTLS.changeCipherSpec + WireTLS.applicationData(900)),
            (">", WireTLS.changeCipherSpec + WireTLS.applicationData(53)),
            (">", WireTLS.applicationData(100)),
        ]).request()
        let tls = try #require(request.application.tls)
        #expect(request.application.kind == .tls && tls.version == 0x0304)
        #expect(tls.serverName == "www.example.org" && tls.offer.applicationProtocols == ["h2", "http/1.1"])
        #expect(tls.clientHello == Trace.time(10) && tls.serverHello == Trace.time(11))
        // The client's flight after the ServerHello ends it.
        #expect(tls.finished == Trace.time(12))
        #expect(request.names.map(\.name) == ["www.example.org"] && request.names.map(\.how) == [.clientHello])
    }

    @Test func aHandshakeOfTLS12() throws {
        let tls = try #require(
            try trace([
                (">", WireTLS.clientHello("www.example.org")),
                ("<", WireTLS.serverHello(version: 0x0303)),
                (">", WireTLS.changeCipherSpec + WireTLS.encryptedHandshake(40)),
                ("<", WireTLS.changeCipherSpec + WireTLS.encryptedHandshake(40)),
            ]).request().application.tls)
        #expect(tls.version == 0x0303)
        // Both sides have changed to encryption.
        #expect(tls.finished == Trace.time(13))
    }

    @Test(arguments: [(">", Party.client), ("<", .server)])
    func anAlertEndsTheHandshake(_ side: String, _ from: Party) throws {
        let tls = try #require(
            try trace([(">", WireTLS.clientHello("www.example.org")), (side, WireTLS.alert(40))])
                .request().application.tls)
        #expect(tls.alerts == [TLSAlertReport(time: Trace.time(11), from: from, level: 2, description: 40)])
        #expect(tls.serverHello == nil && tls.finished == nil)
    }

    @Test func aClientHelloInTwoSegmentsWhoseSecondComesFirst() throws {
        let hello = WireTLS.clientHello("www.example.org")
        var trace = Trace()
        trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", Self.client, Self.server)
        let half = hello.count - 5
        trace.tcp(10, Self.client, Self.server, .ack, 1001 + UInt32(half), Array(hello[half...]))
        trace.tcp(11, Self.client, Self.server, .ack, 1001, Array(hello[..<half]))
        #expect(try trace.request().application.tls?.serverName == "www.example.org")
    }

    @Test func aStatusWhoseSecondSegmentComesFirst() throws {
        var trace = trace([(">", Array("GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n".utf8))])
        let status = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)
        trace.tcp(20, Self.server, Self.client, .ack, 5021, Array(status[20...]))
        trace.tcp(21, Self.server, Self.client, .ack, 5001, Array(status[..<20]))
        #expect(try trace.request().application.http?.status == 200)
    }

    @Test func aClientHelloInTheSYN() throws {
        var trace = Trace()
        trace.tcp(0, Self.client, Self.server, .syn, 1000, WireTLS.clientHello("www.example.org"))
        #expect(try trace.request().application.tls?.serverName == "www.example.org")
    }

    @Test func anHTTPRequestAndItsStatus() throws {
        let request = try trace([
            (">", Array("GET /a/b?secret=1 HTTP/1.1\r\nHost: www.example.org\r\n\r\n".utf8)),
            ("<", Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)),
            ("<", Array("HTTP/1.1 404 Not Found\r\n\r\n".utf8)),
        ]).request()
        let http = try #require(request.application.http)
        #expect(request.application.kind == .http && http.method == "GET" && http.path == "/a/b")
        #expect(http.host == "www.example.org" && http.status == 404)
        #expect(http.requested == Trace.time(10) && http.responded == Trace.time(12))
        #expect(request.names.map(\.how) == [.hostField])
    }

    @Test(arguments: [
        ("something else", [(">", "SSH-2.0-client\r\n"), ("<", "HTTP/1.1 200 OK\r\n\r\n")]),
        ("a server that speaks first", [("<", "220 mail\r\n"), ("<", "HTTP/1.1 200 OK\r\n\r\n")]),
    ])
    func staysUnknown(_ name: String, _ payloads: [(String, String)]) throws {
        let request = try trace(payloads.map { ($0.0, Array($0.1.utf8)) }).request()
        #expect(request.application == ApplicationFacts())
    }

    @Test func theMiddleOfAConnectionSaysNothing() throws {
        var trace = Trace()
        let hello = Array(WireTLS.clientHello("www.example.org").dropFirst())
        trace.tcp(0, Self.client, Self.server, .ack, 1000, hello)
        #expect(try trace.request().application == ApplicationFacts())
    }

    @Test func theNameOfTheHelloIsSurerThanAnAnswer() throws {
        var trace = Trace()
        let resolver = Endpoint("10.0.0.53", 53)
        let stub = Endpoint(Self.client.address, 5353)
        for (id, name) in [(UInt16(1), "a.example"), (2, "www.example.org")] {
            trace.udp(0, stub, resolver, WireDNS.query(id, name, 1))
            trace.udp(1, resolver, stub, WireDNS.response(id, name, 1, [.address(Self.server.address)]))
        }
        trace.tcp("10 > S 1000 | 11 < S. 5000", Self.client, Self.server)
        trace.tcp(12, Self.client, Self.server, .ack, 1001, WireTLS.clientHello("A.example"))
        let request = try #require(trace.replay().requests.first { $0.transport == .tcp })
        #expect(request.names.map(\.name) == ["a.example", "www.example.org"])
        #expect(request.names.first?.how == .clientHello && request.names.first?.lookup?.name == "a.example")
        #expect(request.names.last?.how == .recentAnswer)
    }
}
