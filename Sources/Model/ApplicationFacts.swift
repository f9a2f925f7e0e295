/// What the first payload bytes say of the application, and when each part of the exchange was seen.
package struct ApplicationFacts: Sendable, Equatable {
    package var kind: Kind?
    private var tlsBox = Boxed<TLSFacts>()
    private var httpBox = Boxed<HTTPFacts>()
    private var quicBox = Boxed<QUICFacts>()

    package var tls: TLSFacts? {
        get { tlsBox.value }
        _modify { yield &tlsBox.value }
    }
    package var http: HTTPFacts? {
        get { httpBox.value }
        _modify { yield &httpBox.value }
    }
    package var quic: QUICFacts? {
        get { quicBox.value }
        _modify { yield &quicBox.value }
    }

    /// Recognised by content, never by port alone; of the messages that are written as DNS does, the port tells which
    /// they are.
    package enum Kind: UInt8, Sendable {
        case dns, mdns, llmnr, nbns, tls, quic, http, http2, echo, dhcp
        /// The datagrams carry packets, which have requests of their own.
        case vxlan, geneve

        package var name: String {
            switch self {
            case .dns: "dns"
            case .tls: "tls"
            case .quic: "quic"
            case .http: "http"
            case .http2: "http2"
            case .echo: "echo"
            case .dhcp: "dhcp"
            case .vxlan: "vxlan"
            case .geneve: "geneve"
            case .mdns: "mdns"
            case .llmnr: "llmnr"
            case .nbns: "nbns"
            }
        }
    }

    /// Whether it asks for names.
    package var asksForNames: Bool {
        switch kind {
        case .dns, .mdns, .llmnr, .nbns: true
        case .tls, .quic, .http, .http2, .echo, .dhcp, .vxlan, .geneve, nil: false
        }
    }

    package init() {}
}

extension ApplicationFacts.Kind {
    package init(_ kind: LookupKind) {
        switch kind {
        case .dns: self = .dns
        case .mdns: self = .mdns
        case .llmnr: self = .llmnr
        case .nbns: self = .nbns
        }
    }
}
