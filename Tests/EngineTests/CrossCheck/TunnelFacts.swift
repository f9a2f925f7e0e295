/// What carried a connection's first packet, outermost first: `vxlan 42`, `pppoe 17 mpls 16`.
extension Facts {
    static let tunnelFields = [
        "pppoe.session_id", "vxlan.vni", "geneve.vni", "gre.key", "gre.key.call_id", "mpls.label",
        "mpls.bottom",
    ]

    /// The layers before `transport`, which is the one of that number among all of its frame.
    mutating func addTunnels(_ frame: TShark.Frame, _ subject: String, before transport: Layers.Transport) {
        var found: [String] = []
        var network: Substring?
        var counts: [String: Int] = [:]
        func number(_ field: String) -> String {
            let index = counts[field, default: 0]
            counts[field] = index + 1
            let values = frame[field]
            guard values.indices.contains(index) else { return "" }
            let text = values[index]
            let value = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
            return value.map { " \($0)" } ?? ""
        }
        var previous: Substring = ""
        for name in Layers(frame).names.prefix(transport.position) {
            switch name {
            case "pppoes": found.append("pppoe" + number("pppoe.session_id"))
            case "vxlan": found.append("vxlan" + number("vxlan.vni"))
            case "geneve": found.append("geneve" + number("geneve.vni"))
            case "gre":
                let call = number("gre.key.call_id")
                found.append(call == "" ? "gre" + number("gre.key") : "pptp" + call)
            case "mpls":
                // Of a stack, which is one layer of tshark's, the innermost label.
                var label = ""
                var isBottom = false
                while !isBottom {
                    label = number("mpls.label")
                    isBottom = label.isEmpty || number("mpls.bottom") != " 0"
                }
                found.append("mpls" + label)
            case "ip", "ipv6":
                if let network, previous == network || previous.hasPrefix("ipv6.") {
                    found.append(Self.nested[[network, name]] ?? "?")
                }
                network = name
            default: break
            }
            previous = name
        }
        setFirst(subject, "tunnels", found.joined(separator: " "))
    }

    mutating func addTunnels(of request: JSONValue, _ subject: String) {
        let tunnels = request["tunnels"].items.map { tunnel in
            (tunnel["kind"].plain ?? "") + (tunnel["id"].plain.map { " " + $0 } ?? "")
        }
        setFirst(subject, "tunnels", tunnels.joined(separator: " "))
    }

    private static let nested: [[Substring]: String] = [
        ["ip", "ip"]: "ip_in_ip", ["ip", "ipv6"]: "6in4", ["ipv6", "ip"]: "4in6", ["ipv6", "ipv6"]: "6in6",
    ]
}
