/// The exchanges of an HTTP/1 connection (RFC 9112), as far as they were followed. Queries, cookies, credentials and
/// bodies are never kept.
package struct HTTPFacts: Sendable, Equatable {
    /// In order, at most ``capacity``: the first ones and the last ones, of those rather the ones that failed.
    package var exchanges: [HTTPExchange] = []
    /// Of all requests that were read, those left out of ``exchanges`` too.
    package var exchangeCount = 0
    /// Those that failed, by status (400 and above) or because they did not come to their end.
    package var failedCount = 0
    /// The target of a CONNECT that was granted: what the connection carries from there on goes to it.
    package var tunnelTarget: String?
    /// The protocol that the connection changed to (status 101).
    package var upgrade: String?
    /// Why later exchanges, if there were any, are not known.
    package var unread: Unread?

    package static let capacity = 32

    package enum Unread: UInt8, Sendable {
        /// Bytes that tell where a message ends were not captured.
        case lost
        /// The fields contradict each other, or what should begin a message does not.
        case malformed
        /// A head, or the line of open requests, is longer than what is followed.
        case tooLong

        package var name: String {
            switch self {
            case .lost: "lost"
            case .malformed: "malformed"
            case .tooLong: "too_long"
            }
        }
    }

    package init() {}

    /// A connection with one exchange.
    package init(_ exchange: HTTPExchange) {
        exchanges = [exchange]
        exchangeCount = 1
        failedCount = exchange.isFailed ? 1 : 0
    }

    /// Exchanges that ``exchanges`` has no room for.
    package var leftOut: Int { max(0, exchangeCount - exchanges.count) }

    /// The exchange that the request as a whole is judged by.
    package var first: HTTPExchange? { exchanges.first }
    package var method: String? { first?.method }
    package var host: String? { first?.host }
    package var path: String? { first?.path }
    package var status: UInt16? { first?.status }
    package var requested: Timestamp? { first?.requested }
    package var responded: Timestamp? { first?.responded }

    /// The exchange that was cut short; there can be one, the last that was under way.
    package var interrupted: HTTPExchange? { exchanges.last { $0.interruption != nil } }
}
