package import API

/// Takes out of a list the lookups that only prepared another request of the same list: its waterfall shows them.
///
/// A DNS exchange is folded when every question in it was answered and another request is known by the name that
/// was asked for. A lookup that failed, or that led nowhere, stays.
package enum Folding {
    package static func fold(_ requests: [Request]) -> (shown: [Request], folded: [Request]) {
        var served: Set<String> = []
        for request in requests where request.application != "dns" {
            for name in request.server.names where name.isTrusted { served.formUnion(keys(name)) }
        }
        var shown: [Request] = []
        var folded: [Request] = []
        for request in requests {
            if isServant(request, of: served) { folded.append(request) } else { shown.append(request) }
        }
        return (shown, folded)
    }

    private static func isServant(_ request: Request, of served: Set<String>) -> Bool {
        guard request.asksForNames, request.outcome == .ok, !request.lookups.isEmpty else { return false }
        return request.lookups.allSatisfy { lookup in
            (lookup.status == "answered" || lookup.status == "no_data") && served.contains(lookup.name.lowercased())
        }
    }

    /// A name by itself, and the one that its lookup asked for.
    private static func keys(_ name: Name) -> [String] {
        [name.name.lowercased()] + (name.lookup.map { [$0.name.lowercased()] } ?? [])
    }
}
