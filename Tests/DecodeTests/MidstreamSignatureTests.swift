import Decode
import Testing

/// What is taken for a beginning in the middle of a connection: whole, and sent by the side that sends such.
@Suite struct MidstreamSignatureTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        /// By the side that sent it.
        var client: ApplicationSignature
        var server = ApplicationSignature.other
        /// As many bytes as are needed; fewer are `other`.
        var least: Int

        init(
            _ name: String, _ bytes: [UInt8], client: ApplicationSignature = .other,
            server: ApplicationSignature = .other, least: Int? = nil
        ) {
            testDescription = name
            self.bytes = bytes
            self.client = client
            self.server = server
            self.least = least ?? bytes.count
        }

        init(_ name: String, _ text: String, _ client: ApplicationSignature, least: Int? = nil) {
            self.init(name, Array(text.utf8), client: client, least: least)
        }
    }

    private static func framed(_ message: DNSMessageBytes) -> [UInt8] {
        DNSMessageBytes.bigEndian(UInt16(message.bytes.count)) + message.bytes
    }

    private static let hello = TLSHelloBytes.clientHello([TLSHelloBytes.serverName(Array("a.example".utf8))])
    private static let answer = TLSHelloBytes.serverHello([])

    private static var query: DNSMessageBytes {
        var message = DNSMessageBytes(flags: 0x0100, questions: 1, additional: 1)
        message.question(wireName("example.org"))
        message.record([0], type: 41, recordClass: 1232, ttl: 0, data: [])
        return message
    }

    private static var response: DNSMessageBytes {
        var message = DNSMessageBytes.response(to: "example.org")
        message.record([0xC0, 12], type: 1, data: [10, 0, 0, 1])
        return message
    }

    static let examples = [
        Example("a request and a field", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n", .http, least: 25),
        Example("a request and the end of its head", "HEAD /?q HTTP/1.0\r\n\r\n", .http),
        Example("line feeds alone", "GET / HTTP/1.0\nA:\n", .http),
        Example("a field without a name", "GET / HTTP/1.1\r\n: a\r\n\r\n", .other),
        Example("a field without a colon", "GET / HTTP/1.1\r\nHost a: b\r\n\r\n", .other),
        Example("an unknown method", "GOT / HTTP/1.1\r\nHost: a\r\n\r\n", .other),
        Example("another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", .other),
        Example("a line end before the request", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .other),
        Example("an answer", "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n", .other),
        Example("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2),
        Example("a ClientHello", TLSHelloBytes.record(22, hello), client: .tls, least: 82),
        Example(
            "a ClientHello that goes on in the next segment", Array(TLSHelloBytes.record(22, hello).dropLast(20)),
            client: .tls, least: 82),
        Example("a ServerHello", TLSHelloBytes.record(22, answer), server: .tls),
        Example(
            "a ServerHello and what follows it", TLSHelloBytes.record(22, answer + [11, 0, 1, 0, 7]), server: .tls,
            least: 5 + answer.count),
        Example("a Certificate", TLSHelloBytes.record(22, [11, 0, 0, 3, 0, 0, 0])),
        Example("application data", TLSHelloBytes.record(23, hello)),
        Example("a question", framed(query), client: .dns),
        Example("a question and another one", framed(query) + framed(query), client: .dns, least: framed(query).count),
        Example("an answer of DNS", framed(response), server: .dns),
        Example("a length that is too large", [0, UInt8(query.bytes.count + 1)] + query.bytes),
        Example("a length that is too small", [0, UInt8(query.bytes.count - 1)] + query.bytes),
        Example("zeros", [UInt8](repeating: 0, count: 64)),
        Example("nothing", []),
    ]

    @Test(arguments: examples) func isTold(_ example: Example) {
        for count in 0...example.bytes.count {
            let bytes = Array(example.bytes.prefix(count))
            for fromClient in [true, false] {
                let signature = ApplicationSignature(
                    midstream: bytes.span.bytes, fromClient: fromClient, isDNSPort: true)
                let expected = fromClient ? example.client : example.server
                #expect(signature == (count >= example.least ? expected : .other), "\(count) of it")
            }
        }
    }

    @Test func messagesOfDNSAreOnTheirPort() {
        let bytes = Self.framed(Self.query)
        #expect(ApplicationSignature(midstream: bytes.span.bytes, fromClient: true, isDNSPort: false) == .other)
    }
}
