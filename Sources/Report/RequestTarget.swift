import API
import Model

/// A destination, ready to be compared with many addresses and names.
struct RequestTarget: Sendable {
    let host: Host
    let port: UInt16?

    enum Host: Sendable {
        /// In lower case; `suffix` has the dot before it.
        case name(String, suffix: String)
        case network(IPPrefix)
    }

    /// - Parameter parameter: whose value it is.
    /// - Throws: `QueryError` for an address that is none.
    init(_ destination: Destination, of parameter: RequestQuery.Parameter) throws(QueryError) {
        port = destination.port
        let prefix: IPPrefix?
        switch destination.host {
        case .name(let name):
            host = .name(name, suffix: "." + name)
            return
        case .address(let text): prefix = IPPrefix(text)
        case .network(let address, let length):
            prefix = IPAddress(address).flatMap { IPPrefix(address: $0, length: length) }
        }
        guard let prefix else {
            throw QueryError(
                parameter: parameter.rawValue, value: destination.description, allowed: Destination.forms)
        }
        host = .network(prefix)
    }

    /// Whether it is one side of a request. The client has no names.
    func matches(_ party: Party, of lifecycle: Lifecycle) -> Bool {
        matches(
            party, (party == .client ? lifecycle.client : lifecycle.server).endpoint, hasPorts: lifecycle.hasPorts
        ) {
            // A lookup for the name counts as a request to it: it is the first step of one.
            lifecycle.names.map(\.name) + lifecycle.lookups.map(\.name)
        }
    }

    func matches(_ party: Party, _ endpoint: Endpoint, hasPorts: Bool, names: () -> [String]) -> Bool {
        if let port, !hasPorts || endpoint.port != port { return false }
        switch host {
        case .network(let prefix): return prefix.contains(endpoint.address)
        case .name(let name, let suffix):
            guard party == .server else { return false }
            return names().contains { other in
                let other = other.lowercased()
                return other == name || other.hasSuffix(suffix)
            }
        }
    }
}

extension Lifecycle {
    /// An ICMP echo has none: what stands in their place is its identifier.
    var hasPorts: Bool { transport == .tcp || transport == .udp }
}
