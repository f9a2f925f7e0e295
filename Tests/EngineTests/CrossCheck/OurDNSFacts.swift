extension Facts {
    mutating func addLookup(_ lookup: JSONValue) {
        // mDNS and LLMNR are their own layers in tshark.
        guard let transport = lookup["protocol"].plain, lookup["kind"] == .text("dns") else { return }
        let type = Self.number(lookup["type"].plain ?? "", in: Self.types)
        let name = lookup["name"].plain ?? ""
        let ends = "\(Self.end(lookup["client"])) \(Self.end(lookup["server"]))"
        let subject = "lookup \(transport) \(ends) \(lookup["id"].whole) \(name.lowercased()) \(type)"
        add(subject)
        for (side, edns) in [("question", lookup["query_edns"]), ("answer", lookup["edns"])] where edns != .null {
            set(subject, "\(side) edns_version", edns["version"].plain)
            set(subject, "\(side) edns_size", edns["udp_size"].plain)
            set(subject, "\(side) edns_do", edns["do"].plain)
            let options = edns["options"].items.map { Self.number($0.plain ?? "", in: Self.options) }
            set(subject, "\(side) edns_options", options.joined(separator: " "))
        }
        guard let rcode = lookup["rcode"].plain else { return }
        set(subject, "rcode", Self.number(rcode, in: Self.codes))
        set(
            subject, "flags",
            lookup["flags"].items.compactMap(\.plain).filter { $0 != "qr" }.sorted().joined(separator: " "))
        set(subject, "truncated", lookup["truncated"].plain)
        let sections = lookup["sections"]
        for (name, ours) in [("answers", "answer"), ("authority", "authority"), ("additional", "additional")] {
            set(subject, name, sections[ours].plain)
        }
        let errors = lookup["extended_errors"].items.compactMap { $0["code"].plain }
        set(subject, "extended_errors", errors.joined(separator: " "))
        let others = lookup["edns"] == .null ? 0 : 1
        if sections["authority"].whole == 0, sections["additional"].whole == others,
            lookup["answers_left_out"].whole == 0
        {
            let addresses = lookup["answers"].items.filter { ["A", "AAAA"].contains($0["type"].plain) }
            set(subject, "addresses", addresses.compactMap { $0["data"].plain }.sorted().joined(separator: " "))
        }
    }

    private static func number(_ name: String, in known: [String: Int]) -> String {
        known[name].map(String.init) ?? String(name.drop { !$0.isNumber })
    }

    private static let types = [
        "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "NAPTR": 35,
        "DS": 43, "RRSIG": 46, "DNSKEY": 48, "SVCB": 64, "HTTPS": 65, "ANY": 255,
    ]
    private static let codes = [
        "NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5,
    ]
    private static let options = [
        "NSID": 3, "DAU": 5, "DHU": 6, "N3U": 7, "ECS": 8, "EXPIRE": 9, "COOKIE": 10, "KEEPALIVE": 11, "PADDING": 12,
        "CHAIN": 13, "KEY-TAG": 14, "EDE": 15, "REPORT-CHANNEL": 18, "ZONEVERSION": 19,
    ]
}
