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
        ] + notReadYet

    private init(_ capture: String, _ subject: String, _ fact: String, _ reason: String) {
        (self.capture, self.subject, self.fact, self.reason) = (capture, subject, fact, reason)
    }

    private static let notReadYet: [Exception] = [
        Exception("dns-over-tcp-nxdomain.pcap", "lookup tcp", "subject", "DNS over TCP"),
        Exception("tls-three-hellos.pcap", "tcp 192.168.1.3:443 192.168.1.4:2061", "server_name", "it has no SYN"),
        Exception("tls-three-hellos.pcap", "tcp 192.168.1.3:443 192.168.1.4:2061", "tls_version", "it has no SYN"),
    ]
}
