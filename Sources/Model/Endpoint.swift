/// An address and a port. For ICMP echo the port is the identifier on the client's side and 0 on the server's.
public struct Endpoint: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    public var address: IPAddress
    public var port: UInt16

    @inlinable public init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `192.0.2.1:80` or `[2001:db8::1]:80` (RFC 5952 §6).
    public var description: String {
        var text = AddressText()
        if address.version == .v6 { text.append("[") }
        address.append(to: &text)
        if address.version == .v6 { text.append("]") }
        text.append(":")
        text.append(decimal: port)
        return text.text
    }
}

/// The transport of a request; raw values are IANA protocol numbers.
public enum TransportProtocol: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case icmp = 1
    case tcp = 6
    case udp = 17
    case icmpv6 = 58

    /// The contract's word for it.
    public var name: String {
        switch self {
        case .icmp: "icmp"
        case .tcp: "tcp"
        case .udp: "udp"
        case .icmpv6: "icmpv6"
        }
    }
}
