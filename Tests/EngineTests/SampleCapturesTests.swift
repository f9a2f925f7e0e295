import Capture
import FoundationEssentials
import Model
import Testing

/// The sample captures beside the checkout, `../shared/captures`, where they are there; the README among them says
/// what each shows and where it comes from. The counts agree with those of tshark.
@Suite(.enabled(if: CaptureFolder.samples != nil, "../shared/captures is not beside this checkout"))
struct SampleCapturesTests {
    /// Records by kind and state, then what the layers complained of.
    static let expected: [String: String] = [
        "arp-sll.pcap": "announcement ×2, resolution ×2",
        "arp-unanswered.pcapng": "resolution ×1",
        "bad-arp-long-hardware-address.pcap": "arp: address length ×1",
        "bad-dns-compression-loop.pcap": "udp ×1, dns: too short ×1",
        "bad-file-ends-inside-packet.pcap":
            "lookup no_answer ×2, udp ×2, udp: length ×1, dns: compression pointer ×1",
        "bad-icmp-quotation-sll.pcap": "port_unreachable ×1",
        "bad-ipv6-fragment-cut.pcap": "fragment cut ×1",
        "bad-pcapng-option-length.pcapng": "",
        "bad-tcp-header-cut.pcap": "tcp midstream ×1",
        "browsing-dns-http.pcap":
            "lookup answered ×6, lookup failed ×4, lookup no_answer ×9, lookup no_data ×5, resolution ×6, tcp established ×8, "
            + "tcp half_open ×1, tcp midstream ×1, udp ×24",
        "browsing-dns-tls-http.pcap":
            "icmp ×4, lookup answered ×124, resolution ×2, tcp closed ×63, tcp established ×57, "
            + "tcp midstream ×2, tcp reset_by_client ×2, tcp reset_by_server ×2, udp ×127",
        "dns-in-ipv4-fragments.pcap": "lookup answered ×41, udp ×41",
        "dns-many-answers.pcap": "lookup answered ×210, lookup failed ×2, lookup no_answer ×8, udp ×220",
        "dns-over-tcp-nxdomain.pcap": "lookup answered ×1, lookup failed ×2, tcp midstream ×1",
        "gre.pcap": "icmp ×1, resolution ×1, tcp established ×1",
        "http-closed-by-fin.pcap": "tcp closed ×1",
        "http-closed-by-rst-vlan.pcap": "tcp reset_by_client ×1",
        "http-ipv6-raw12.pcap": "tcp established ×4",
        "icmp-port-unreachable.pcap": "port_unreachable ×1",
        "icmpv6-too-big.pcap": "packet_too_big ×1",
        "ipv6-fragments.pcap": "udp ×3",
        "linktype-ipv4.pcap": "lookup answered ×1, udp ×1",
        "linktype-ipv6.pcap": "tcp no_answer ×1",
        "loopback-null.pcap": "tcp midstream ×1, udp ×1",
        "pcap-big-endian-nanosecond.pcap": "tcp half_closed ×1",
        "pcapng-big-endian.pcapng": "lease bound ×1, udp ×2",
        "pcapng-many-interfaces.pcapng":
            "lookup answered ×5, lookup failed ×1, lookup no_data ×1, tcp established ×2, udp ×13",
        "pcapng-sll-cut-packets.pcapng": "tcp closed ×1, tcp midstream ×13, tcp no_answer ×1, tcp refused ×1",
        "pppoe.pcap": "announcement ×1, icmpv6 ×1, udp ×2",
        "quic-http3.pcap": "udp ×1",
        "raw-ip-101.pcap": "lease no_answer ×1, lookup answered ×3, tcp established ×4, tcp midstream ×2, udp ×4",
        "tcp-cut-headers.pcap": "tcp closed ×1",
        "tcp-half-open.pcap": "tcp half_open ×1",
        "tcp-handshake-retransmitted.pcap": "tcp established ×1",
        "tcp-one-way-with-gap.pcap": "tcp established ×1",
        "tcp-options-sll2.pcap": "tcp established ×1",
        "tcp-refused.pcap": "tcp refused ×1",
        "tls-handshake-failure-alert.pcap": "tcp closed ×1",
        "tls-nanosecond.pcap": "tcp established ×1",
        "tls-three-hellos.pcap": "tcp closed ×1, tcp midstream ×1, tcp reset_by_client ×1",
        "vlan-stacked-ping.pcap": "icmp ×2",
        "vxlan-http.pcap": "tcp closed ×1, udp ×1",
    ]

    /// Files that are damaged themselves: frames before the damage, and its place.
    static let damaged: [String: (frames: UInt64, words: String)] = [
        "bad-file-ends-inside-packet.pcap": (11, "record 12 at byte 1043"),
        "bad-pcapng-option-length.pcapng": (0, "block at byte 0"),
    ]

    @Test func theTableNamesEveryFile() throws {
        let folder = try #require(CaptureFolder.samples)
        #expect(CaptureFolder.captures(in: folder) == Self.expected.keys.sorted())
    }

    @Test(arguments: expected.keys.sorted()) func reads(_ name: String) throws {
        let folder = try #require(CaptureFolder.samples)
        let replayed = try Replayed(path: folder + "/" + name) { $0.seed = 1 }
        #expect(Self.counts(replayed) == Self.expected[name])
        if let damage = Self.damaged[name] {
            #expect(replayed.summary.frames == damage.frames)
            #expect("\(replayed.damage.map { "\($0)" } ?? "")".contains(damage.words))
        } else {
            #expect(replayed.damage == nil && replayed.framesUnsupported == 0)
        }
        #expect(try Replayed(path: folder + "/" + name) { $0.seed = 2 } == replayed)
        let totals = try Replayed(path: folder + "/" + name) { $0.keepsRecords = false }.summary
        #expect(totals.layers == replayed.summary.layers && totals.requests == replayed.summary.requests)
    }

    static func counts(_ replayed: Replayed) -> String {
        var counts: [String: Int] = [:]
        for record in replayed.records {
            let kind =
                switch record {
                case .request(let request): request.tcp.map { "tcp \($0.state.name)" } ?? request.transport.name
                case .lookup(let lookup): "lookup \(lookup.status.name)"
                case .neighbour(let neighbour): neighbour.kind.name
                case .lease(let lease): "lease \(lease.outcome.name)"
                case .icmpError(let error): error.name
                }
            counts[kind, default: 0] += 1
        }
        let complaints = replayed.summary.layers.flatMap { layer in
            layer.reasons.map { "\(layer.layer): \($0.reason) ×\($0.count)" }
                + (layer.cut > 0 ? ["\(layer.layer) cut ×\(layer.cut)"] : [])
        }
        return (counts.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" } + complaints)
            .joined(separator: ", ")
    }
}
