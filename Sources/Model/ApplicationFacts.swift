/// What the first payload bytes say of the application, and when each part of the exchange was seen.
package struct ApplicationFacts: Sendable, Equatable {
    package var kind: Kind?
    package var tls: TLSFacts?
    package var http: HTTPFacts?

    /// Recognised by content, never by port alone.
    package enum Kind: UInt8, Sendable {
        case dns, tls, http, echo, dhcp
        /// The datagrams carry packets, which have requests of their own.
        case vxlan, geneve

        package var name: String {
            switch self {
            case .dns: "dns"
            case .tls: "tls"
            case .http: "http"
            case .echo: "echo"
            case .dhcp: "dhcp"
            case .vxlan: "vxlan"
            case .geneve: "geneve"
            }
        }
    }

    package init() {}
}
