import FoundationEssentials
import Model
import Testing

/// The project's own captures (`Tests/Captures/README.md`), record by record: client's and server's payload bytes are
/// those that curl, dig and ping tell in the JSON beside each file.
@Suite struct OwnCapturesTests {
    static let expected: [String: [String]] = [
        "alias.pcap": [
            "lookup alias.lab.waybill.test A answered NOERROR",
            "lookup alias.lab.waybill.test AAAA answered NOERROR",
            "udp 10.77.1.1:53 80/262",
            "tcp [fd77:2::2]:80 closed by client 86/296 alias.lab.waybill.test (same_station_answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
            "resolution fd77:1::1 1/1",
        ],
        "arp_unanswered.pcap": [
            "resolution 10.77.1.99 4/0"
        ],
        "blackhole.pcap": [
            "resolution 10.77.1.1 1/1",
            "tcp 10.77.2.2:9001 no_answer 0/0 syns 3",
        ],
        "client_abort.pcap": [
            "lookup ipv4.lab.waybill.test A answered NOERROR",
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 78/94",
            "tcp 10.77.2.2:80 closed by client 89/20728 ipv4.lab.waybill.test (answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "client_reset.pcap": [
            "tcp 10.77.2.2:80 reset_by_client by client 33/20241 lab (http_host) HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "dns_dead.pcap": [
            "port_unreachable from 10.77.2.3 of a request",
            "port_unreachable from 10.77.2.3 of a request",
            "lookup www.lab.waybill.test A no_answer",
            "lookup www.lab.waybill.test A no_answer",
            "udp 10.77.2.3:53 61/0 errors 1",
            "udp 10.77.2.3:53 61/0 errors 1",
            "resolution 10.77.1.1 1/1",
        ],
        "dns_silent.pcap": [
            "resolution 10.77.1.53 1/1",
            "lookup www.lab.waybill.test A no_answer",
            "lookup www.lab.waybill.test A no_answer",
            "lookup www.silent.waybill.test A no_answer retries 1",
            "lookup www.silent.waybill.test AAAA no_answer retries 1",
            "udp 10.77.1.53:53 61/0",
            "udp 10.77.1.53:53 61/0",
            "udp 10.77.1.1:53 164/0",
            "resolution 10.77.1.1 1/1",
        ],
        "half_close.pcap": [
            "tcp 10.77.2.2:8002 closed by client 27/18",
            "resolution 10.77.1.1 1/1",
        ],
        "host_unreachable.pcap": [
            "resolution 10.77.1.1 1/1",
            "host_unreachable from 10.77.2.1 of a request",
            "host_unreachable from 10.77.2.1 of a request",
            "host_unreachable from 10.77.2.1 of a request",
            "tcp 10.77.2.99:80 no_answer 0/0 syns 3 errors 3",
        ],
        "https.pcap": [
            "lookup ipv4.lab.waybill.test A answered NOERROR",
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 78/94",
            "tcp 10.77.2.2:443 closed by client 755/1100 ipv4.lab.waybill.test (answer) TLS 1.2",
            "resolution 10.77.1.1 1/1",
        ],
        "icmp_unreachable.pcap": [
            "admin_prohibited from 10.77.1.1 of a request",
            "host_unreachable from 10.77.1.1 of a request",
            "net_unreachable from 10.77.1.1 of a request",
            "tcp 10.77.2.2:9002 no_answer 0/0 errors 1",
            "tcp 10.77.2.2:9003 no_answer 0/0 errors 1",
            "tcp 10.77.9.9:80 no_answer 0/0 errors 1",
            "resolution 10.77.1.1 1/1",
        ],
        "ipv6.pcap": [
            "lookup www.lab.waybill.test A answered NOERROR",
            "lookup www.lab.waybill.test AAAA answered NOERROR",
            "udp 10.77.1.1:53 76/120",
            "tcp [fd77:2::2]:80 closed by client 84/296 www.lab.waybill.test (same_station_answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
            "resolution fd77:1::1 1/1",
        ],
        "keep_alive.pcap": [
            "lookup ipv4.lab.waybill.test A answered NOERROR",
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 78/94",
            "tcp 10.77.2.2:80 closed by client 267/888 ipv4.lab.waybill.test (answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "late.pcap": [
            "tcp 10.77.2.2:8005 closed by server 78/62 HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "no_data.pcap": [
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 62/50",
            "resolution 10.77.1.1 1/1",
        ],
        "nxdomain.pcap": [
            "lookup nx.lab.waybill.test A failed NXDOMAIN",
            "lookup nx.lab.waybill.test A failed NXDOMAIN",
            "lookup nx.lab.waybill.test AAAA failed NXDOMAIN",
            "udp 10.77.1.1:53 60/48",
            "udp 10.77.1.1:53 74/74",
            "resolution 10.77.1.1 1/1",
        ],
        "ping.pcap": [
            "icmp 10.77.2.2:0 168/168",
            "resolution 10.77.1.1 1/1",
        ],
        "refused.pcap": [
            "tcp 10.77.2.2:81 refused by server 0/0",
            "resolution 10.77.1.1 1/1",
        ],
        "rejected.pcap": [
            "tcp 10.77.2.2:9004 refused by server 0/0",
            "resolution 10.77.1.1 1/1",
        ],
        "server_empty.pcap": [
            "tcp 10.77.2.2:8004 closed by server 78/0",
            "resolution 10.77.1.1 1/1",
        ],
        "server_reset.pcap": [
            "tcp 10.77.2.2:8001 reset_by_server by server 78/2068 HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "servfail.pcap": [
            "lookup www.servfail.waybill.test A failed SERVFAIL",
            "udp 10.77.1.1:53 66/43",
            "resolution 10.77.1.1 1/1",
        ],
        "stalled.pcap": [
            "tcp 10.77.2.2:8003 closed by client 78/0",
            "resolution 10.77.1.1 1/1",
        ],
        "success.pcap": [
            "lookup ipv4.lab.waybill.test A answered NOERROR",
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 78/94",
            "tcp 10.77.2.2:80 closed by client 85/296 ipv4.lab.waybill.test (answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "transfer.pcap": [
            "lookup ipv4.lab.waybill.test A answered NOERROR",
            "lookup ipv4.lab.waybill.test AAAA no_data NOERROR",
            "udp 10.77.1.1:53 78/94",
            "tcp 10.77.2.2:80 closed by client 89/20241 ipv4.lab.waybill.test (answer) HTTP 200",
            "resolution 10.77.1.1 1/1",
        ],
        "truncated.pcap": [
            "lookup big.lab.waybill.test TXT answered NOERROR truncated",
            "lookup big.lab.waybill.test TXT answered NOERROR",
            "udp 10.77.1.1:53 61/1222",
            "tcp 10.77.1.1:53 closed by client 63/3011",
            "resolution 10.77.1.1 1/1",
        ],
    ]

    /// Here, or in a file of its own (ExpectedFactsTests).
    @Test func everyCaptureIsHeldToSomething() {
        let captures = Set(CaptureFolder.captures(in: CaptureFolder.own))
        let elsewhere = ExpectedFactsTests.names.flatMap { [$0 + ".pcap", $0 + ".pcapng"] }
        #expect(captures.subtracting(elsewhere) == Set(Self.expected.keys).union(["parallel.pcap"]))
    }

    @Test(arguments: expected.keys.sorted()) func records(_ name: String) throws {
        let replayed = try Replayed(path: CaptureFolder.own + "/" + name)
        #expect(replayed.lines == Self.expected[name])
        #expect(replayed.damage == nil)
        // Nothing in them is cut or malformed.
        #expect(
            replayed.summary.layers.allSatisfy { $0.cut == 0 && $0.malformed == 0 } && replayed.summary.cutFrames == 0)
    }

    @Test func twentyRequestsAtOnce() throws {
        let replayed = try Replayed(path: CaptureFolder.own + "/parallel.pcap")
        let connections = replayed.requests.filter { $0.transport == .tcp }
        #expect(connections.count == 20 && replayed.requests.count == 40 && replayed.summary.lookups == 40)
        #expect(connections.allSatisfy { $0.tcp?.state == .closed && $0.application.http?.status == 200 })
        #expect(connections.allSatisfy { $0.names.map(\.how) == [.answer] })
        #expect(Set(connections.map(\.id)).count == 20)
    }

    /// What curl says of one request.
    struct Observation: Decodable {
        var tool: String
        var exit: Int
        var observed: Figures

        struct Figures: Decodable {
            var localPort: UInt16?
            var scheme: String?
            var sizeRequest: UInt64?
            var sizeHeader: UInt64?
            var sizeDownload: UInt64?
        }
    }

    struct Scenario: Decodable { var observations: [Observation] }

    /// Bytes of both sides of every connection, against curl's own count; requests on one connection add up.
    @Test(arguments: ["success", "ipv6", "alias", "keep_alive", "transfer", "parallel", "late", "half_close"])
    func bytesAreThoseThatCurlCounted(_ name: String) throws {
        let path = CaptureFolder.own + "/" + name
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = try #require(FileManager.default.contents(atPath: path + ".json"))
        let scenario = try decoder.decode(Scenario.self, from: data)
        var expected: [UInt16: [UInt64]] = [:]
        for observation in scenario.observations where observation.tool == "curl" && observation.exit == 0 {
            let figures = observation.observed
            guard figures.scheme == "HTTP", let port = figures.localPort else { continue }
            let sent = figures.sizeRequest ?? 0
            let received = (figures.sizeHeader ?? 0) + (figures.sizeDownload ?? 0)
            expected[port] = zip(expected[port] ?? [0, 0], [sent, received]).map { $0 + $1 }
        }
        let connections = try Replayed(path: path + ".pcap").requests.filter { $0.application.http != nil }
        #expect(connections.count == expected.count)
        for connection in connections {
            let bytes = [connection.client.payloadBytes, connection.server.payloadBytes]
            #expect(bytes == expected[connection.client.endpoint.port])
        }
    }

    @Test(arguments: CaptureFolder.captures(in: CaptureFolder.own))
    func neitherTheSeedNorTheRecordsChangeTheTotals(_ name: String) throws {
        let path = CaptureFolder.own + "/" + name
        let first = try Replayed(path: path) { $0.seed = 1 }
        #expect(try Replayed(path: path) { $0.seed = 2 } == first)
        let totals = try Replayed(path: path) { $0.keepsRecords = false }
        #expect(totals.records.isEmpty && totals.summary.layers == first.summary.layers)
        #expect(totals.summary.requests == first.summary.requests && totals.summary.lookups == first.summary.lookups)
    }
}
