/// A place where Waybill and tshark mean different things, with the reason: one capture, one subject or all of a kind,
/// one fact.
struct Exception: CustomStringConvertible {
    var capture: String
    /// How the subject's name begins.
    var subject: String
    /// The fact, without the end that it is said of.
    var fact: String
    var reason: String

    func covers(_ difference: Facts.Difference) -> Bool {
        difference.subject.hasPrefix(subject) && difference.kind == fact
    }

    var description: String { "\(capture) \(subject) \(fact): \(reason)" }

    static let all: [Exception] =
        [
            // Damage: a header that is wrong is not read on, and counted as malformed; tshark shows what it can.
            Exception("bad-arp-long-hardware-address.pcap", "file", "arp", "an address length that ARP cannot have"),
            Exception("bad-file-ends-inside-packet.pcap", "file", "udp", "a UDP length beyond the packet"),
            Exception(
                "bad-file-ends-inside-packet.pcap", "udp [fe80::9c09:b416:768:ff42]:57487", "subject",
                "a UDP length beyond the packet"),
            Exception(
                "bad-pcapng-option-length.pcapng", "file", "subject", "no frame before the damage: tshark says nothing"),
            // Its family, 0x0008000f, is nobody's; tshark finds an EtherType in its upper half.
            Exception("loopback-null.pcap", "file", "ipv4", "a loopback header of no known family"),
            Exception("loopback-null.pcap", "file", "udp", "a loopback header of no known family"),
            Exception("loopback-null.pcap", "udp 10.0.0.138:53", "subject", "a loopback header of no known family"),
            Exception("loopback-null.pcap", "lookup", "subject", "a loopback header of no known family"),
            // One datagram seen on two interfaces is one datagram, and `copies_elsewhere`.
            Exception("pcapng-many-interfaces.pcapng", "udp 192.168.1.139:17500", "segments", "copies elsewhere"),
            Exception("pcapng-many-interfaces.pcapng", "udp 192.168.1.139:17500", "payload", "copies elsewhere"),
        ]
        // The SYN-ACK is dated 2061, the frames around it 2015: what was idle for 46 years is over.
        + ["fin", "mss", "payload", "sack_permitted", "segments", "timestamps", "tls_version", "window_scale"].map {
            Exception("pcapng-sll-cut-packets.pcapng", "tcp 127.0.0.1:3306 127.0.0.1:40304", $0, "a date of 2061")
        } + [
            Exception(
                "pcapng-sll-cut-packets.pcapng", "tcp 127.0.0.1:3306 127.0.0.1:40304 #2", "subject", "a date of 2061")
        ] + joinedLate + byBytes + incompleteMessages + otherNotions

    private init(_ capture: String, _ subject: String, _ fact: String, _ reason: String) {
        (self.capture, self.subject, self.fact, self.reason) = (capture, subject, fact, reason)
    }

    /// Streams that are read from a client's first bytes on, or not at all.
    private static let joinedLate =
        ["cipher_suite", "dns_names", "ja3", "serial", "validity"].map { fact in
            Exception(
                "pcapng-sll-cut-packets.pcapng", "tcp 127.0.0.1:3306 127.0.0.1:40304", fact,
                "MySQL's server speaks first, then both turn to TLS")
        } + [
            Exception(
                "pcapng-sll-cut-packets.pcapng",
                "tcp [2404:138:4002:4000:230:48ff:fedd:53]:50243 [2404:6800:8004::68]:80", "http_statuses",
                "it has no SYN"),
            Exception(
                "browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55219 64.74.232.44:80", "http_statuses",
                "the server speaks first: 400, to nothing"),
            Exception(
                "browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55220 64.74.232.40:80", "http_statuses",
                "the server speaks first: 400, to nothing"),
        ]

    /// The same segments, told apart otherwise: by bytes here, by time in Wireshark (docs/protocols.md).
    private static let byBytes = ["out_of_order", "retransmission"].flatMap { fact in
        [
            ("lossy.pcap", "tcp 10.77.1.2:44590 10.77.2.2:80"),
            ("browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55241 172.224.37.171:443"),
            ("browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55282 77.72.118.213:80"),
            ("browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55297 212.58.246.107:80"),
        ].map { Exception($0.0, $0.1, fact, "it fills a gap, late") }
    }

    /// tshark shows a message when all of it is there; here its head is enough.
    private static let incompleteMessages = [
        ("client_abort.pcap", "tcp 10.77.1.2:35216 10.77.2.2:80"),
        ("server_reset.pcap", "tcp 10.77.1.2:45270 10.77.2.2:8001"),
        ("http_turns.pcap", "tcp 10.77.1.2:39220 10.77.2.2:8082"),
        ("browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55282 77.72.118.213:80"),
        ("browsing-dns-tls-http.pcap", "tcp 10.0.0.1:55297 212.58.246.107:80"),
        ("raw-ip-101.pcap", "tcp [2001:618:1:8000::5]:80 [2001:618:400::5199:cc70]:35997"),
    ].map { Exception($0.0, $0.1, "http_statuses", "the response is not there to its end") }

    private static let otherNotions =
        ["http_hosts", "http_methods", "http_paths"].map {
            Exception(
                "tcp-one-way-with-gap.pcap", "tcp 10.0.0.1:61541 81.218.72.15:80", $0,
                "the body of the first request has a gap")
        }
        + ["alpn_offered", "ja3", "server_name"].map {
            Exception(
                "quic_versions.pcap", "udp 10.77.1.2:55344 10.77.2.2:4433", $0,
                "after Version Negotiation tshark decrypts nothing")
        }
        + ["ack", "request", "subject"].map {
            Exception("pcapng-big-endian.pcapng", "lease", $0, "the client asks on under the next transaction id")
        } + [
            Exception(
                "tls_long_hello.pcap", "tcp 10.77.1.2:38370 10.77.2.2:4433", "alpn_offered", "the first ones are kept")
        ]
}
