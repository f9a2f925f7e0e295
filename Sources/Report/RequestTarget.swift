import API
import Model

/// A destination, ready to be compared with many addresses and names.
struct RequestTarget: Sendable {
    private let host: Host
    private let port: UInt16?

    private enum Host: Sendable {
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
        let endpoint = (party == .client ? lifecycle.client : lifecycle.server).endpoint
        if let port, !lifecycle.hasPorts || endpoint.port != port { return false }
        switch host {
        case .network(let prefix): return prefix.contains(endpoint.address)
        case .name(let name, let suffix): return party == .server && isNamed(lifecycle, name, suffix)
        }
    }

    /// A lookup for the name counts as a request to it: it is the first step of one.
    private func isNamed(_ lifecycle: Lifecycle, _ name: String, _ suffix: String) -> Bool {
        func fits(_ other: String) -> Bool {
            let other = other.lowercased()
            return other == name || other.hasSuffix(suffix)
        }
        return lifecycle.names.contains { fits($0.name) } || lifecycle.lookups.contains { fits($0.name) }
    }
}

extension Lifecycle {
    /// An ICMP echo has none: what stands in their place is its identifier.
    var hasPorts: Bool { transport == .tcp || transport == .udp }
}
