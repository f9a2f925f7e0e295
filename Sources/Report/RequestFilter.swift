package import API
package import Model

/// A query, ready to be asked of many lifecycles: all that it gives must match.
package struct RequestFilter: Sendable {
    /// What was asked, before it was made ready.
    package let query: RequestQuery
    /// Only requests that are certainly this user's, `nil` for those of everybody: not what was asked for, but what may be
    /// shown. No parameter sets it.
    package var onlyUser: UInt32?
    private var owner: OwnerFilter?
    private var target: RequestTarget?
    private var port: UInt16?
    private var transport: TransportProtocol?
    private var direction: Model.Direction?
    private var stage: StageKind?
    private var failed: Bool?
    private var state: Model.TCPState?
    package private(set) var since: Timestamp?
    package private(set) var until: Timestamp?
    private var expression: Expression?
    private var targets: [Destination: RequestTarget] = [:]

    /// Every request.
    package init() { query = RequestQuery() }

    /// - Parameter now: what spans before now are counted from.
    /// - Throws: `QueryError` for an address that is none.
    package init(_ query: RequestQuery, now: Timestamp) throws(QueryError) {
        self.query = query
        owner = OwnerFilter(query)
        if let to = query.to { target = try RequestTarget(to, of: .to) }
        port = query.port
        transport = query.transport.flatMap { word in TransportProtocol.allCases.first { API.Transport($0) == word } }
        direction = query.direction.flatMap { word in Model.Direction.allCases.first { API.Direction($0) == word } }
        stage = query.stage.flatMap { word in StageKind.allCases.first { StageName($0) == word } }
        failed = query.failed
        state = query.state.flatMap { word in Model.TCPState.allCases.first { API.TCPState($0) == word } }
        let clock = Time(nanoseconds: now.nanoseconds)
        since = query.since.map { Timestamp(nanoseconds: $0.time(now: clock).nanoseconds) }
        until = query.until.map { Timestamp(nanoseconds: $0.time(now: clock).nanoseconds) }
        expression = query.expression
        for destination in query.expression?.destinations ?? [] {
            targets[destination] = try RequestTarget(destination, of: .expression)
        }
    }

    /// Whether there is a condition beside the parameters.
    package var hasCondition: Bool { expression != nil }

    package func matches(_ lifecycle: Lifecycle) -> Bool {
        matchesParameters(lifecycle) && matchesCondition(lifecycle)
    }

    /// A condition may ask for a verdict, or for hundreds of things: not to be asked where somebody waits for a lock, or
    /// frames wait to be read.
    package func matchesCondition(_ lifecycle: Lifecycle) -> Bool {
        guard let expression else { return true }
        var fields = LifecycleFields(lifecycle, targets)
        return expression.matches(&fields)
    }

    /// Cheap comparisons come first; stages are derived only when the query asks about them.
    package func matchesParameters(_ lifecycle: Lifecycle) -> Bool {
        if let onlyUser, lifecycle.ownerIdentifier != onlyUser { return false }
        if let transport, lifecycle.transport != transport { return false }
        if let direction, lifecycle.direction != direction { return false }
        if let since, lifecycle.last < since { return false }
        if let until, lifecycle.first >= until { return false }
        if let state, lifecycle.tcp?.state != state { return false }
        if let owner, !owner.matches(lifecycle.owner) { return false }
        if let port {
            let isEither = lifecycle.server.endpoint.port == port || lifecycle.client.endpoint.port == port
            guard lifecycle.hasPorts, isEither else { return false }
        }
        if let target, !target.matches(.server, of: lifecycle) { return false }
        if stage == nil && failed == nil { return true }
        let failure = lifecycle.failure
        if let stage, failure?.stage != stage { return false }
        if let failed, (failure != nil) != failed { return false }
        return true
    }

    /// The same of a request that is known by its digest alone.
    package func matches(_ digest: RequestDigest) -> Bool {
        if let onlyUser, digest.owner != onlyUser { return false }
        if let wanted = query.transport, digest.transport != wanted { return false }
        if let wanted = query.direction, digest.direction != wanted { return false }
        if let since, digest.last < since { return false }
        if let until, digest.first >= until { return false }
        if let wanted = query.state, digest.state != wanted { return false }
        if let owner, !owner.matches(digest) { return false }
        if let port {
            guard digest.hasPorts, digest.server.port == port || digest.client.port == port else { return false }
        }
        if let target, !target.matches(.server, of: digest) { return false }
        if let wanted = query.stage, digest.failure?.stage != wanted { return false }
        if let failed, (digest.failure != nil) != failed { return false }
        guard let expression else { return true }
        var fields = DigestFields(digest, targets)
        return expression.matches(&fields)
    }
}

extension Lifecycle {
    /// The number of the user whose request it certainly is, and who may see it.
    package var ownerIdentifier: UInt32? { owner?.certainUser }
}
