import API

/// What a path asks for.
enum Route: Equatable {
    case index, requests, requestStream, lookups, neighbours, routes, ports, leases, translations, forwards, status
    case metrics, document
    /// The text after `/v1/schemas/`.
    case schema(String)
    /// The text after `/v1/ports/`.
    case port(String)
    /// The text after `/v1/requests/`, decoded.
    case request(String)

    /// - Throws: ``Problem`` with status 404 for a path that is none of the contract's.
    init(_ path: String) throws(Problem) {
        switch path {
        case Routes.index: self = .index
        case Routes.requests: self = .requests
        case Routes.requestStream: self = .requestStream
        case Routes.lookups: self = .lookups
        case Routes.neighbours: self = .neighbours
        case Routes.routes: self = .routes
        case Routes.ports: self = .ports
        case Routes.leases: self = .leases
        case Routes.translations: self = .translations
        case Routes.forwards: self = .forwards
        case Routes.status: self = .status
        case Routes.metrics: self = .metrics
        case Routes.document: self = .document
        default:
            if let port = Self.last(of: path, under: Routes.ports) {
                self = .port(port)
            } else if let name = Self.last(of: path, under: Routes.schemas) {
                self = .schema(name)
            } else if let text = Self.last(of: path, under: Routes.requests) {
                self = .request(QueryText.decode(text))
            } else {
                throw .noSuchRoute(instance: path)
            }
        }
    }

    /// The one segment of a path that stands after `parent`.
    private static func last(of path: String, under parent: String) -> String? {
        guard path.hasPrefix(parent + "/") else { return nil }
        let rest = path.dropFirst(parent.utf8.count + 1)
        return rest.isEmpty || rest.contains("/") ? nil : String(rest)
    }

    /// What a route's answer is about, which decides who gets it. A new route must say, or it does not build.
    var matter: Matter {
        switch self {
        case .index, .document, .schema: .contract
        case .requests, .request, .requestStream, .lookups: .requests
        case .status: .status
        case .neighbours, .routes, .ports, .port, .leases, .translations, .forwards: .host
        case .metrics: .metrics
        }
    }

    enum Matter {
        /// The same for everybody: how to ask.
        case contract
        /// Each is some user's, and shown to that user.
        case requests
        /// The daemon's own state; whoever sees only some requests is not told how many others made.
        case status
        /// The whole host's.
        case host
        /// Counts of the whole host, and of nobody's in particular.
        case metrics
    }
}

extension Viewer {
    /// Lets the viewer on to a route, to see there what ``onlyUser`` leaves.
    ///
    /// - Throws: ``Problem`` when there is nothing to be seen.
    func enter(_ route: Route, group: Access, instance: String) throws(Problem) {
        switch (self, route.matter) {
        case (.everything, .contract), (.everything, .requests), (.everything, .status), (.everything, .host),
            (.everything, .metrics):
            return
        case (.own, .contract), (.own, .requests), (.own, .status): return
        case (.own, .host), (.own, .metrics): throw .restricted(group, instance: instance)
        case (.metrics, .metrics): return
        case (.metrics, .contract), (.metrics, .requests), (.metrics, .status), (.metrics, .host):
            throw .metricsAlone(instance: instance)
        case (.nothing, .contract), (.nothing, .requests), (.nothing, .status), (.nothing, .host),
            (.nothing, .metrics):
            throw .notPermitted(group)
        }
    }
}

/// The parameters of a plain list: how many, and from where.
struct PageQuery: Equatable {
    var limit = RequestQuery.defaultLimit
    var cursor: String?

    init(_ text: String) throws(QueryError) {
        let items = QueryText.items(text)
        for item in items where item.name != "limit" && item.name != "cursor" {
            throw QueryError(parameter: item.name, value: item.value, allowed: ["limit and cursor alone"])
        }
        let query = try RequestQuery(items: items)
        limit = query.limit ?? RequestQuery.defaultLimit
        cursor = query.cursor
    }
}
