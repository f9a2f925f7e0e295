import API

/// What a path asks for.
enum Route: Equatable {
    case requests, requestStream, lookups, neighbours, routes, ports, leases, translations, forwards, status
    /// The text after `/v1/ports/`.
    case port(String)
    /// The text after `/v1/requests/`, decoded.
    case request(String)

    /// - Throws: ``Problem`` with status 404 for a path that is none of the contract's.
    init(_ path: String) throws(Problem) {
        switch path {
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
        default:
            let ports = Routes.ports + "/"
            if path.hasPrefix(ports), path != ports, !path.dropFirst(ports.count).contains("/") {
                self = .port(String(path.dropFirst(ports.count)))
                return
            }
            let parent = Routes.requests + "/"
            guard path.hasPrefix(parent), !path.dropFirst(parent.count).contains("/"), path != parent else {
                throw .noSuchRoute(instance: path)
            }
            self = .request(QueryText.decode(path.dropFirst(parent.count)))
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
