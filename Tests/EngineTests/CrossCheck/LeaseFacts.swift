/// DHCPv4: what the last answer of an exchange gave.
extension Facts {
    /// tshark's fields, and ours.
    private static let leaseValues = [
        ("dhcp.option.subnet_mask", "subnet_mask"), ("dhcp.option.router", "routers"),
        ("dhcp.option.domain_name_server", "dns_servers"), ("dhcp.option.domain_name", "domain"),
        ("dhcp.option.ntp_server", "ntp_servers"), ("dhcp.option.interface_mtu", "mtu"),
        ("dhcp.option.ip_address_lease_time", "lease_seconds"), ("dhcp.option.renewal_time_value", "renewal_seconds"),
        ("dhcp.option.rebinding_time_value", "rebinding_seconds"), ("dhcp.option.dhcp_server_id", "server"),
        ("dhcp.option.hostname", "hostname"),
    ]
    private static let leaseMessages = [
        "1": "discover", "2": "offer", "3": "request", "4": "decline", "5": "ack", "6": "nak", "7": "release",
        "8": "inform",
    ]
    static let leaseFields =
        ["dhcp.id", "dhcp.option.dhcp", "dhcp.ip.your", "dhcp.hw.mac_addr"] + leaseValues.map(\.0)

    mutating func addLease(_ frame: TShark.Frame) {
        guard let id = frame.last("dhcp.id"), let message = frame.last("dhcp.option.dhcp") else { return }
        let subject = "lease \(Int(id.dropFirst(2), radix: 16) ?? -1)"
        set(subject, "client_mac", frame["dhcp.hw.mac_addr"].first.map(String.init))
        if let name = Self.leaseMessages[message] { set(subject, name, "true") }
        for (field, name) in Self.leaseValues where frame.has(field) {
            set(subject, name, frame[field].joined(separator: " "))
        }
        if let address = frame.last("dhcp.ip.your"), address != "0.0.0.0" { set(subject, "address", address) }
    }

    mutating func addLease(_ lease: JSONValue) {
        let subject = "lease \(lease["transaction_id"].whole)"
        set(subject, "client_mac", lease["client_mac"].plain)
        for name in Self.leaseMessages.values where lease[name] != .null { set(subject, name, "true") }
        for (_, name) in Self.leaseValues {
            let items = lease[name].items.compactMap(\.plain).joined(separator: " ")
            set(subject, name, lease[name].plain ?? (items.isEmpty ? nil : items))
        }
        set(subject, "address", lease["address"].plain)
    }
}
