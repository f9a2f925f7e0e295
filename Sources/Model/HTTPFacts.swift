/// The first exchange of an HTTP/1 connection (RFC 9112); the query string is never kept.
package struct HTTPFacts: Sendable, Equatable {
    package var method: String?
    package var host: String?
    package var path: String?
    package var status: UInt16?
    package var requested: Timestamp?
    package var responded: Timestamp?

    package init() {}
}
