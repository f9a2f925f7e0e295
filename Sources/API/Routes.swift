/// The paths of the HTTP interface.
package enum Routes {
    /// What there is.
    package static let index = "/v1"
    package static let requests = "/v1/requests"
    /// Newline-delimited JSON: one `Request` a line whenever one changes its stage or ends.
    package static let requestStream = "/v1/requests/stream"
    package static let lookups = "/v1/lookups"
    package static let neighbours = "/v1/neighbours"
    package static let routes = "/v1/routes"
    package static let ports = "/v1/ports"
    package static let leases = "/v1/leases"
    package static let translations = "/v1/translations"
    package static let forwards = "/v1/forwards"
    package static let status = "/v1/status"
    /// Counters as Prometheus reads them.
    package static let metrics = "/metrics"
    package static let document = "/v1/openapi.yaml"
    package static let schemas = "/v1/schemas"

    package static func port(_ number: UInt16) -> String { "\(ports)/\(number)" }

    package static func request(_ id: String) -> String { "\(requests)/\(QueryText.encode(id))" }

    /// Every path, with the names of what varies in braces.
    package static let all = [
        index, requests, requests + "/{id}", requestStream, lookups, neighbours, routes, ports, ports + "/{port}",
        leases, translations, forwards, status, metrics, document, schemas + "/{name}.json",
    ]

    package static let json = "application/json"
    package static let yaml = "application/yaml"
    package static let schema = "application/schema+json"
    package static let ndjson = "application/x-ndjson"
    /// RFC 9457 §3.
    package static let problem = "application/problem+json"
}
