/// By which protocol a name was asked for. All four write messages as DNS does.
package enum LookupKind: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// A question to one server (RFC 1035).
    case dns
    /// A question to everybody on the link, answered by who has the name (RFC 6762).
    case mdns
    /// The same, for names without a dot (RFC 4795).
    case llmnr
    /// NetBIOS name service, by broadcast or to one server (RFC 1002 §4.2).
    case nbns

    package var name: String {
        switch self {
        case .dns: "dns"
        case .mdns: "mdns"
        case .llmnr: "llmnr"
        case .nbns: "nbns"
        }
    }
}

/// The header bits of a DNS message that say something of it (RFC 1035 §4.1.1, RFC 4035 §3), at their own places.
package struct DNSFlags: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue & 0x07B0 }

    package static let authoritative = DNSFlags(rawValue: 0x0400)
    package static let truncated = DNSFlags(rawValue: 0x0200)
    package static let recursionDesired = DNSFlags(rawValue: 0x0100)
    package static let recursionAvailable = DNSFlags(rawValue: 0x0080)
    package static let authenticData = DNSFlags(rawValue: 0x0020)
    package static let checkingDisabled = DNSFlags(rawValue: 0x0010)

    /// In header order, as `dig` writes them.
    package var names: [String] {
        let all: [(DNSFlags, String)] = [
            (.authoritative, "aa"), (.truncated, "tc"), (.recursionDesired, "rd"), (.recursionAvailable, "ra"),
            (.authenticData, "ad"), (.checkingDisabled, "cd"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
