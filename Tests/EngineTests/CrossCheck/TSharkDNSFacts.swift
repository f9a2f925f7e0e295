extension Facts {
    static let dnsFields =
        ["dns.id", "dns.qry.name", "dns.qry.type", "dns.flags.response", "dns.flags.rcode", "dns.flags.truncated"]
        + ["dns.count.answers", "dns.count.auth_rr", "dns.count.add_rr", "dns.a", "dns.aaaa"]
        + ["dns.resp.edns0_version", "dns.rr.udp_payload_size", "dns.resp.z.do", "dns.opt.code"]
        + ["dns.opt.ext_error.info_code"] + dnsFlags.map(\.field)

    /// Header bits of an answer, as `dig` names them.
    static let dnsFlags: [(field: String, name: String)] = [
        ("dns.flags.authoritative", "aa"), ("dns.flags.authenticated", "ad"), ("dns.flags.checkdisable", "cd"),
        ("dns.flags.recavail", "ra"), ("dns.flags.recdesired", "rd"), ("dns.flags.truncated", "tc"),
    ]

    /// The DNS messages that end in a frame; of several, which is rare, only that they are there.
    mutating func addMessages(_ frame: TShark.Frame, _ transport: String, _ from: String, _ to: String) {
        let names = frame["dns.qry.name"]
        for (index, id) in frame["dns.id"].enumerated() where names.indices.contains(index) {
            let types = frame["dns.qry.type"]
            let responses = frame["dns.flags.response"].map { $0 == "1" || $0 == "True" }
            guard types.indices.contains(index), responses.indices.contains(index) else { continue }
            let ends = responses[index] ? "\(to) \(from)" : "\(from) \(to)"
            let number = Int(id.dropFirst(2), radix: 16) ?? -1
            let subject = "lookup \(transport) \(ends) \(number) \(names[index].lowercased()) \(types[index])"
            add(subject)
            if frame["dns.id"].count == 1 { addMessage(frame, subject, isResponse: responses[index]) }
        }
    }

    private mutating func addMessage(_ frame: TShark.Frame, _ subject: String, isResponse: Bool) {
        let side = isResponse ? "answer" : "question"
        if frame.has("dns.resp.edns0_version") {
            set(subject, "\(side) edns_version", frame.last("dns.resp.edns0_version"))
            set(subject, "\(side) edns_size", frame.last("dns.rr.udp_payload_size"))
            set(subject, "\(side) edns_do", frame.isSet("dns.resp.z.do") ? "true" : "false")
            set(subject, "\(side) edns_options", frame["dns.opt.code"].joined(separator: " "))
        }
        guard isResponse else { return }
        set(subject, "rcode", frame.last("dns.flags.rcode"))
        set(subject, "flags", Self.dnsFlags.filter { frame.isSet($0.field) }.map(\.name).joined(separator: " "))
        set(subject, "truncated", frame.isSet("dns.flags.truncated") ? "true" : "false")
        for (field, name) in [("answers", "answers"), ("auth_rr", "authority"), ("add_rr", "additional")] {
            set(subject, name, frame.last("dns.count.\(field)"))
        }
        set(subject, "extended_errors", frame["dns.opt.ext_error.info_code"].joined(separator: " "))
        // tshark does not say of which section an address is.
        let others = frame.has("dns.resp.edns0_version") ? 1 : 0
        if frame.last("dns.count.auth_rr") == "0", frame.last("dns.count.add_rr") == "\(others)" {
            let addresses = (frame["dns.a"] + frame["dns.aaaa"]).sorted()
            set(subject, "addresses", addresses.joined(separator: " "))
        }
    }
}
