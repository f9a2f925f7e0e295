import API
import Explain
import Terminal

/// The requests that are kept of a target.
struct TargetRequests {
    let client: DaemonClient
    let since: Moment?
    let until: Moment?
    /// That all of them fulfil.
    let condition: Expression?

    /// - Throws: `Failure` (usage) when a time has none of the forms.
    init(
        _ client: DaemonClient, since: String? = nil, until: String? = nil, condition: Expression? = nil
    ) throws(Failure) {
        self.client = client
        self.condition = condition
        func moment(_ option: String, _ text: String?) throws(Failure) -> Moment? {
            guard let text else { return nil }
            guard let moment = Moment(text) else {
                throw Failure(
                    .usage, "\(option) cannot be \"\(text)\"; give \(Moment.forms.joined(separator: " or "))")
            }
            return moment
        }
        self.since = try moment("--since", since)
        self.until = try moment("--until", until)
    }

    struct Found {
        var requests: [Request] = []
        /// There are older ones.
        var isCut = false
        /// The one that was asked for by its identifier.
        var meant: Request?
    }

    func found(of target: Target) async throws(Failure) -> Found {
        for query in target.queries {
            var found = try await all(query)
            found.requests.removeAll { !target.includes($0) }
            if !found.requests.isEmpty { return found }
        }
        guard let id = target.id else { return Found() }
        let meant: Request
        do throws(Failure) {
            meant = try await client.request(id)
        } catch {
            // A word may well be none; whoever said `id:` wants to know.
            if case .word = target, error.absence == nil { return Found() }
            throw error
        }
        var found = try await all(Self.alike(meant))
        if !found.requests.contains(where: { $0.id == meant.id }) { found.requests.append(meant) }
        found.meant = meant
        return found
    }

    /// All that were kept within the span, whatever they are of.
    func all() async throws(Failure) -> Found { try await all(RequestQuery()) }

    /// Requests of anybody to the same place.
    private static func alike(_ request: Request) -> RequestQuery {
        var query = RequestQuery()
        let host = request.server.trustedName ?? request.server.address
        let port = request.server.port.map { ":\($0)" } ?? ""
        query.to = Destination(host.contains(":") && !port.isEmpty ? "[\(host)]\(port)" : host + port)
        query.transport = request.transport
        return query
    }

    private func all(_ wanted: RequestQuery) async throws(Failure) -> Found {
        var query = wanted
        query.since = since
        query.until = until
        query.expression = condition
        query.limit = RequestQuery.limits.upperBound
        var found: [Request] = []
        repeat {
            let page = try await client.requests(query)
            found += page.items
            query.cursor = page.nextCursor
        } while query.cursor != nil && found.count < Explanation.capacity
        return Found(requests: Folding.fold(found).shown, isCut: query.cursor != nil)
    }
}
