/// That a connection asks for names, inside encryption: a likelihood, as nothing of it can be read.
package struct EncryptedLookup: Sendable, Equatable {
    package var kind: Kind
    /// What it is concluded from: `server name dns.google`.
    package var because: String

    package enum Kind: UInt8, Sendable, CaseIterable {
        /// DNS over TLS (RFC 7858), over HTTPS (RFC 8484), over QUIC (RFC 9250).
        case dot, doh, doq

        package var name: String {
            switch self {
            case .dot: "dot"
            case .doh: "doh"
            case .doq: "doq"
            }
        }

        package var spoken: String {
            switch self {
            case .dot: "DNS over TLS"
            case .doh: "DNS over HTTPS"
            case .doq: "DNS over QUIC"
            }
        }
    }

    package init(kind: Kind, because: String) {
        self.kind = kind
        self.because = because
    }

    /// By port, by address, and by the names that the server is known by. That a connection speaks HTTP/2 or HTTP/3
    /// says nothing.
    package init?(
        _ transport: TransportProtocol, _ server: Endpoint, names: [String], applicationProtocols: [String] = []
    ) {
        switch (transport, server.port) {
        case (.tcp, 853): self.init(kind: .dot, because: "port 853")
        case (.udp, 853): self.init(kind: .doq, because: "port 853")
        case (.tcp, _) where applicationProtocols.contains("dot"): self.init(kind: .dot, because: "ALPN dot")
        case (.udp, _) where applicationProtocols.contains("doq"): self.init(kind: .doq, because: "ALPN doq")
        case (.tcp, 443), (.udp, 443):
            if let name = names.first(where: PublicResolvers.has) {
                self.init(kind: .doh, because: "server name \(name)")
            } else if names.isEmpty, PublicResolvers.addresses.contains(server.address) {
                self.init(kind: .doh, because: "address \(server.address)")
            } else {
                return nil
            }
        default: return nil
        }
    }
}

/// The large public resolvers, as far as they answer DNS over HTTPS under these names and addresses. A short list on
/// purpose: one that is not in it is not told.
enum PublicResolvers {
    /// Every name below one of these counts too.
    private static let names = [
        "dns.google", "cloudflare-dns.com", "one.one.one.one", "dns.quad9.net", "dns9.quad9.net", "dns10.quad9.net",
        "dns11.quad9.net", "doh.opendns.com", "doh.familyshield.opendns.com", "doh.umbrella.com",
        "dns.adguard-dns.com", "dns.adguard.com", "dns.nextdns.io", "doh.cleanbrowsing.org", "dns.mullvad.net",
        "freedns.controld.com",
    ].map { Array($0.utf8) }

    /// Google, Cloudflare, Quad9, OpenDNS, AdGuard.
    static let addresses: Set<IPAddress> = Set(
        [
            "8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844",
            "1.1.1.1", "1.0.0.1", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3", "2606:4700:4700::1111",
            "2606:4700:4700::1001", "9.9.9.9", "149.112.112.112", "2620:fe::fe", "2620:fe::9",
            "208.67.222.222", "208.67.220.220", "94.140.14.14", "94.140.15.15",
        ].compactMap { IPAddress($0) })

    static func has(_ name: String) -> Bool {
        let name = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return names.contains { known in
            let rest = name.count - known.count
            // Most are told apart by where their dots are.
            guard rest == 0 || rest > 0 && name[rest - 1] == UInt8(ascii: ".") else { return false }
            return name[rest...].elementsEqual(known)
        }
    }
}

extension Lifecycle {
    /// The names that are looked up by this connection, if it is one to a resolver.
    package var encryptedLookup: EncryptedLookup? {
        switch transport {
        case .tcp, .udp: break
        case .icmp, .icmpv6: return nil
        }
        guard application.kind != .dns, server.segments > 0 else { return nil }
        return EncryptedLookup(
            transport, server.endpoint, names: names.filter(\.isTrusted).map(\.name),
            applicationProtocols: application.tls?.offer.applicationProtocols ?? [])
    }
}
