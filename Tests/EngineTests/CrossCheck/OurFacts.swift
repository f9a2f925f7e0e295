extension Facts {
    /// What Waybill says of a capture, read from what `waybill read --format ndjson` writes.
    init(waybill path: String) throws {
        self.init()
        for line in try ExpectedFactsTests.lines(path: path) {
            switch line["record"] {
            case .text("request"): addRequest(line)
            case .text("lookup"): addLookup(line)
            case .text("lease"): addLease(line)
            case .text("summary"): addSummary(line)
            default: break
            }
        }
    }

    private mutating func addRequest(_ request: JSONValue) {
        guard case .text(let transport) = request["protocol"], transport == "tcp" || transport == "udp" else { return }
        let ends = [request["client"], request["server"]].map { ($0, Self.end($0)) }
        let name = Self.conversation(transport, ends[0].1, ends[1].1)
        // tshark never ends a UDP conversation: what Waybill tells as several counts as one here.
        let subject = transport == "tcp" ? next(name) : name
        set(subject, "community_id", request["community_id"].plain)
        addHandshake(of: request, subject)
        addQUIC(of: request, subject)
        addHTTP(of: request, subject)
        addTunnels(of: request, subject)
        if request["port_reused"] == .bool(true) { set(subject, "reused_ports", "true") }
        for attempt in request["attempts"].items {
            attempts.insert(Self.conversation(transport, Self.end(attempt["client"]), Self.end(attempt["server"])))
        }
        for (side, end) in ends {
            count(subject, "\(end) segments", side["segments"].whole)
            count(subject, "\(end) payload", side["payload_bytes"].whole)
            guard transport == "tcp" else { continue }
            addAnalysis(of: side, subject, end)
            for flag in ["fin", "rst", "sack_permitted", "timestamps"] where side[flag] == .bool(true) {
                set(subject, "\(end) \(flag)", "true")
            }
            set(subject, "\(end) mss", side["mss"].plain)
            set(subject, "\(end) window_scale", side["window_scale"].plain)
        }
        let handshake = request["client"]["syn_count"].whole + request["server"]["syn_ack_count"].whole
        if transport == "tcp", handshake > 0 { set(subject, "client", ends[0].1) }
    }

    private mutating func addSummary(_ summary: JSONValue) {
        set("file", "frames", summary["frames"].plain)
        set("file", "reassembled", summary["fragments"]["reassembled"].plain)
        let compared = Set(Self.layers.values)
        for layer in summary["layers"].items {
            let name = layer["layer"].plain == "linux_sll2" ? "linux_sll" : layer["layer"].plain ?? ""
            let decoded = layer["decoded"].whole
            if compared.contains(name), decoded > 0 { count("file", "layer \(name)", decoded) }
        }
    }

    static func end(_ side: JSONValue) -> String {
        let address = side["address"].plain ?? ""
        let port = side["port"].plain ?? ""
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

extension JSONValue {
    /// A text or a number as text; `nil` for anything else.
    var plain: String? {
        switch self {
        case .text(let value): value
        case .number, .bool: description
        case .null, .array, .object: nil
        }
    }

    /// A number, or 0.
    var whole: Int { if case .number(let value) = self { Int(value) } else { 0 } }
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }
}
