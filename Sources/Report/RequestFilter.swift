package import API
package import Model

/// A query, ready to be asked of many lifecycles: all that it gives must match.
package struct RequestFilter: Sendable {
    private var owner: OwnerFilter?
    private var target: Target?
    private var targetPort: UInt16?
    private var port: UInt16?
    private var transport: TransportProtocol?
    private var direction: Model.Direction?
    private var stage: StageKind?
    private var failed: Bool?
    private var state: Model.TCPState?
    private var since: Timestamp?
    private var until: Timestamp?

    private enum Target: Sendable {
        /// In lower case; `suffix` has the dot before it.
        case name(String, suffix: String)
        case network(IPPrefix)
    }

    /// - Parameter now: what spans before now are counted from.
    /// - Throws: `QueryError` for an address that is none.
    package init(_ query: RequestQuery, now: Timestamp) throws(QueryError) {
        owner = OwnerFilter(query)
        if let to = query.to {
            target = try Self.target(to)
            targetPort = to.port
        }
        port = query.port
        transport = query.transport.flatMap { word in TransportProtocol.allCases.first { API.Transport($0) == word } }
        direction = query.direction.flatMap { word in Model.Direction.allCases.first { API.Direction($0) == word } }
        stage = query.stage.flatMap { word in StageKind.allCases.first { StageName($0) == word } }
        failed = query.failed
        state = query.state.flatMap { word in Model.TCPState.allCases.first { API.TCPState($0) == word } }
        let clock = Time(nanoseconds: now.nanoseconds)
        since = query.since.map { Timestamp(nanoseconds: $0.time(now: clock).nanoseconds) }
        until = query.until.map { Timestamp(nanoseconds: $0.time(now: clock).nanoseconds) }
    }

    /// Cheap comparisons come first; stages are derived only when the query asks about them.
    package func matches(_ lifecycle: Lifecycle) -> Bool {
        if let transport, lifecycle.transport != transport { return false }
        if let direction, lifecycle.direction != direction { return false }
        if let since, lifecycle.last < since { return false }
        if let until, lifecycle.first >= until { return false }
        if let state, lifecycle.tcp?.state != state { return false }
        if let owner, !owner.matches(lifecycle.owner) { return false }
        let hasPorts = lifecycle.transport == .tcp || lifecycle.transport == .udp
        let server = lifecycle.server.endpoint
        if let targetPort, !hasPorts || server.port != targetPort { return false }
        if let port, !hasPorts || server.port != port && lifecycle.client.endpoint.port != port { return false }
        switch target {
        case .network(let prefix): if !prefix.contains(server.address) { return false }
        case .name(let name, let suffix): if !isNamed(lifecycle, name, suffix) { return false }
        case nil: break
        }
        if stage == nil && failed == nil { return true }
        let failure = lifecycle.failure
        if let stage, failure?.stage != stage { return false }
        if let failed, (failure != nil) != failed { return false }
        return true
    }

    /// A lookup for the name counts as a request to it: it is the first step of one.
    private func isNamed(_ lifecycle: Lifecycle, _ name: String, _ suffix: String) -> Bool {
        func fits(_ other: String) -> Bool {
            let other = other.lowercased()
            return other == name || other.hasSuffix(suffix)
        }
        return lifecycle.names.contains { fits($0.name) } || lifecycle.lookups.contains { fits($0.name) }
    }

    private static func target(_ destination: Destination) throws(QueryError) -> Target {
        let prefix: IPPrefix?
        switch destination.host {
        case .name(let name): return .name(name, suffix: "." + name)
        case .address(let text): prefix = IPPrefix(text)
        case .network(let address, let length):
            prefix = IPAddress(address).flatMap { IPPrefix(address: $0, length: length) }
        }
        guard let prefix else {
            throw QueryError(
                parameter: RequestQuery.Parameter.to.rawValue, value: destination.description,
                allowed: Destination.forms)
        }
        return .network(prefix)
    }
}
