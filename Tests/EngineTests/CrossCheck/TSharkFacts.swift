extension Facts {
    static let fields =
        [
            "frame.protocols", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.stream", "tcp.srcport", "tcp.dstport",
            "tcp.len", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.fin", "tcp.flags.reset", "tcp.options.mss_val",
            "tcp.options.wscale.shift", "tcp.options.sack_perm", "tcp.options.timestamp.tsval", "udp.stream",
            "udp.srcport", "udp.dstport", "udp.length", "communityid", "ip.fragment.count", "ipv6.fragment.count",
        ] + dnsFields + handshakeFields + quicFields + httpFields + analysisFields + leaseFields + tunnelFields

    /// tshark's names of the layers that both count, and ours.
    static let layers = [
        "eth": "ethernet", "sll": "linux_sll", "null": "loopback", "raw": "raw", "vlan": "vlan", "ieee8021ad": "vlan",
        "arp": "arp", "ip": "ipv4", "ipv6": "ipv6", "icmp": "icmp", "icmpv6": "icmpv6", "tcp": "tcp", "udp": "udp",
        "gre": "gre", "vxlan": "vxlan", "geneve": "geneve", "mpls": "mpls", "pppoes": "pppoe", "pppoed": "pppoe",
    ]

    /// What tshark says of a capture.
    init(tshark path: String) throws {
        self.init()
        for frame in try TShark.frames(of: path, fields: Self.fields) {
            count("file", "frames")
            let whole = frame["ip.fragment.count"].count + frame["ipv6.fragment.count"].count
            count("file", "reassembled", whole)
            addLease(frame)
            let layers = Layers(frame)
            for layer in layers.names { if let ours = Self.layers[String(layer)] { count("file", "layer \(ours)") } }
            for (index, transport) in layers.transports.enumerated() {
                let isInnermost = index == layers.transports.count - 1
                switch transport.name {
                case "tcp": addSegment(frame, transport)
                case "udp": addDatagram(frame, transport, isInnermost: isInnermost)
                default: break
                }
            }
        }
    }

    private mutating func addSegment(_ frame: TShark.Frame, _ transport: Layers.Transport) {
        guard let (from, to) = transport.ends(in: frame), let stream = frame.last("tcp.stream") else { return }
        let subject = subject(of: "tcp", stream, from, to)
        set(subject, "community_id", frame.last("communityid"))
        count(subject, "\(from) segments")
        count(subject, "\(to) segments", 0)
        count(subject, "\(from) payload", frame.last("tcp.len").flatMap { Int($0) } ?? 0)
        count(subject, "\(to) payload", 0)
        if Layers(frame).names.last == "dns" { addMessages(frame, "tcp", from, to) }
        addHandshake(frame, subject, from)
        addHTTP(frame, subject)
        addAnalysis(frame, subject, from)
        addTunnels(frame, subject, before: transport)
        if frame.isSet("tcp.flags.fin") { set(subject, "\(from) fin", "true") }
        if frame.isSet("tcp.flags.reset") { set(subject, "\(from) rst", "true") }
        guard frame.isSet("tcp.flags.syn") else { return }
        set(subject, "client", frame.isSet("tcp.flags.ack") ? to : from)
        set(subject, "\(from) mss", frame.last("tcp.options.mss_val"))
        set(subject, "\(from) window_scale", frame.last("tcp.options.wscale.shift"))
        set(subject, "\(from) sack_permitted", frame.has("tcp.options.sack_perm") ? "true" : nil)
        set(subject, "\(from) timestamps", frame.has("tcp.options.timestamp.tsval") ? "true" : nil)
    }

    private mutating func addDatagram(
        _ frame: TShark.Frame, _ transport: Layers.Transport, isInnermost: Bool
    ) {
        guard let ends = transport.ends(in: frame) else { return }
        let names = Layers(frame).names
        let isQUIC = isInnermost && names.contains("quic")
        let (subject, from, to) =
            isQUIC
            ? connection(of: frame, ends.0, ends.1) : (Self.conversation("udp", ends.0, ends.1), ends.0, ends.1)
        let length = transport.value("udp.length", in: frame).flatMap { Int($0) } ?? 8
        count(subject, "\(from) segments")
        count(subject, "\(to) segments", 0)
        count(subject, "\(from) payload", length - 8)
        count(subject, "\(to) payload", 0)
        addTunnels(frame, subject, before: transport)
        // What is said of a frame's innermost packet, which may be one of ICMP.
        guard isInnermost, !names.dropFirst(transport.position).contains(where: { $0 == "ip" || $0 == "ipv6" })
        else { return }
        if (from, to) == ends { set(subject, "community_id", frame.last("communityid")) }
        if names.last == "dns" { addMessages(frame, "udp", from, to) }
        guard isQUIC else { return }
        addHandshake(frame, subject, from)
        addQUIC(frame, subject)
    }

    /// A stream of tshark's by its ends; the second with the same ends is told apart by number.
    private mutating func subject(of transport: String, _ stream: String, _ from: String, _ to: String) -> String {
        let key = "\(transport) stream \(stream)"
        if let known = streams[key] { return known }
        let name = next(Self.conversation(transport, from, to))
        streams[key] = name
        return name
    }
}

/// The layers of a frame as tshark names them, without what an ICMP error quotes.
struct Layers {
    let names: [Substring]

    init(_ frame: TShark.Frame) {
        var names = (frame.values["frame.protocols"]?.first ?? "").split(separator: ":")
        if let error = names.firstIndex(where: { $0 == "icmp" || $0 == "icmpv6" }) {
            names.removeSubrange(names.index(after: error)...)
        }
        self.names = names
    }

    /// TCP or UDP, with the IP header before it: which occurrence of their fields is theirs.
    struct Transport {
        var name: Substring
        var index: Int
        var version: Substring
        var versionIndex: Int
        /// Among the layers of its frame.
        var position: Int

        func value(_ field: String, in frame: TShark.Frame) -> String? {
            let values = frame[field]
            return values.indices.contains(index) ? String(values[index]) : nil
        }

        /// `address:port` of sender and receiver.
        func ends(in frame: TShark.Frame) -> (String, String)? {
            let ends = [("src", "srcport"), ("dst", "dstport")].compactMap { side, port -> String? in
                let addresses = frame["\(version).\(side)"]
                guard addresses.indices.contains(versionIndex), let port = value("\(name).\(port)", in: frame)
                else { return nil }
                let address = addresses[versionIndex]
                return version == "ip" ? "\(address):\(port)" : "[\(address)]:\(port)"
            }
            return ends.count == 2 ? (ends[0], ends[1]) : nil
        }
    }

    /// Outermost first.
    var transports: [Transport] {
        var seen: [Substring: Int] = [:]
        var version: Substring?
        var found: [Transport] = []
        for (position, name) in names.enumerated() {
            let index = seen[name, default: 0]
            seen[name] = index + 1
            if name == "ip" || name == "ipv6" { version = name }
            if name == "tcp" || name == "udp", let version {
                let versionIndex = seen[version, default: 1] - 1
                found.append(
                    Transport(
                        name: name, index: index, version: version, versionIndex: versionIndex, position: position))
            }
        }
        return found
    }
}
