import Model
import Testing

/// `conn_state` and `history` as Zeek's own tests expect them of the same captures.
@Suite(.enabled(if: CaptureFolder.samples != nil, "../shared/captures is not beside this checkout"))
struct ZeekCodesTests {
    private func codes(_ name: String, _ transport: TransportProtocol) throws -> [String] {
        let folder = try #require(CaptureFolder.samples)
        let requests = try Replayed(path: folder + "/" + name).requests.filter { $0.transport == transport }
        return requests.map { request in
            let port = transport == .tcp ? request.client.endpoint.port : request.server.endpoint.port
            return "\(port) \(request.connectionState.rawValue) \(request.history ?? "-")"
        }.sorted()
    }

    /// The conn.log of Zeek's test scripts.base.frameworks.logging.field-name-map.
    @Test func browsing() throws {
        let tcp = try codes("browsing-dns-http.pcap", .tcp)
        #expect(
            tcp == [
                "35634 OTH DdA", "35642 S1 ShADad", "48649 S1 ShADad", "49996 S1 ShADad", "49997 S1 ShADad",
                "49998 S1 ShADad", "49999 S1 ShADad", "50000 S1 ShADad", "50001 S1 ShADad",
                // Of this one there is the SYN-ACK alone; Zeek writes `H` where it does not know port 80.
                "6705 OTH ^h",
            ])
        let udp = try codes("browsing-dns-http.pcap", .udp)
        #expect(udp.filter { $0 == "53 SF Dd" }.count == 14)
        #expect(udp.filter { $0.hasSuffix("S0 D") }.count == 10 && udp.count == 24)
    }

    /// By Zeek's rules; the segments are few enough to follow by hand.
    @Test(arguments: [
        ("tcp-half-open.pcap", ["S1 Sh"]), ("tcp-refused.pcap", ["REJ Sr"]),
        ("http-closed-by-fin.pcap", ["SF ShADadfF"]), ("linktype-ipv6.pcap", ["S0 S"]),
    ])
    func small(_ name: String, _ expected: [String]) throws {
        #expect(try codes(name, .tcp).map { $0.drop { $0 != " " }.dropFirst() }.map(String.init) == expected)
    }
}
