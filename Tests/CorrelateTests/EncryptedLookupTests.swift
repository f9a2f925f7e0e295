import Model
import Testing

/// Connections to resolvers, which ask for names unseen.
@Suite struct EncryptedLookupTests {
    struct Example: CustomTestStringConvertible {
        var testDescription: String
        var transport = TransportProtocol.tcp
        var server = Endpoint("192.0.2.1", 443)
        var names: [String] = []
        var alpn: [String] = []
        var expected: EncryptedLookup?
    }

    @Test(arguments: [
        Example(
            testDescription: "DNS over TLS by its port", server: Endpoint("192.0.2.1", 853),
            expected: EncryptedLookup(kind: .dot, because: "port 853")),
        Example(
            testDescription: "DNS over QUIC by its port", transport: .udp, server: Endpoint("192.0.2.1", 853),
            expected: EncryptedLookup(kind: .doq, because: "port 853")),
        Example(
            testDescription: "DNS over TLS by its protocol", alpn: ["dot"],
            expected: EncryptedLookup(kind: .dot, because: "ALPN dot")),
        Example(
            testDescription: "a resolver's name", names: ["DNS.google"],
            expected: EncryptedLookup(kind: .doh, because: "server name DNS.google")),
        Example(
            testDescription: "a name below a resolver's", transport: .udp, names: ["mozilla.cloudflare-dns.com"],
            expected: EncryptedLookup(kind: .doh, because: "server name mozilla.cloudflare-dns.com")),
        Example(
            testDescription: "a resolver's address without a name", server: Endpoint("1.1.1.1", 443),
            expected: EncryptedLookup(kind: .doh, because: "address 1.1.1.1")),
        Example(
            testDescription: "a resolver's address by another name", server: Endpoint("1.1.1.1", 443),
            names: ["a.example"]),
        Example(testDescription: "HTTP/2", names: ["www.example.org"], alpn: ["h2"]),
        Example(testDescription: "a name that only ends alike", names: ["notdns.google"]),
        Example(testDescription: "another port", server: Endpoint("8.8.8.8", 80), names: ["dns.google"]),
    ])
    func likelihood(_ example: Example) {
        #expect(
            EncryptedLookup(
                example.transport, example.server, names: example.names, applicationProtocols: example.alpn)
                == example.expected)
    }

    @Test func otherRequestsOfTheClientWereLikelyAskedForByIt() throws {
        var trace = Trace()
        let client: IPAddress = "10.0.0.1"
        trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", Endpoint(client, 40000), Endpoint("9.9.9.9", 443))
        trace.tcp("10 > S 1000 | 11 < S. 5000 | 12 > . 1001", Endpoint(client, 40001), Endpoint("192.0.2.80", 443))
        trace.tcp("10 > S 1000 | 11 < S. 5000 | 12 > . 1001", Endpoint("10.0.0.9", 40001), Endpoint("192.0.2.80", 443))
        let requests = trace.replay().requests
        let reasons = requests.map { $0.stage(.name).reason }
        #expect(requests.first?.encryptedLookup?.because == "address 9.9.9.9")
        #expect(reasons.filter { $0?.contains("likely asked by DNS over HTTPS (9.9.9.9)") == true }.count == 1)
    }
}
