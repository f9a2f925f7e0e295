/// One try of a program to reach a name by one of its addresses (RFC 8305).
package struct ConnectAttempt: Sendable, Equatable {
    package var client: Endpoint
    package var server: Endpoint
    package var started: Timestamp
    package var outcome: Outcome
    /// Of a failed one the word that a failed connect stage has.
    package var reason: String?
    /// From its first SYN to what decided it.
    package var duration: TimeSpan?
    package var interface: String?

    /// Attempts of one request that are told apart.
    package static let capacity = 8

    package enum Outcome: UInt8, Sendable, CaseIterable {
        /// The connection that the program went on with.
        case won
        case failed
        /// Unanswered when another one was taken.
        case abandoned
        /// Answered too, and not used.
        case lost
        case pending

        package var name: String {
            switch self {
            case .won: "won"
            case .failed: "failed"
            case .abandoned: "abandoned"
            case .lost: "lost"
            case .pending: "pending"
            }
        }
    }

    package init(
        client: Endpoint, server: Endpoint, started: Timestamp, outcome: Outcome, reason: String? = nil,
        duration: TimeSpan? = nil, interface: String? = nil
    ) {
        self.client = client
        self.server = server
        self.started = started
        self.outcome = outcome
        self.reason = reason
        self.duration = duration
        self.interface = interface
    }

    /// `[2001:db8::1]:443 refused`
    package var description: String { "\(server) \(reason ?? outcome.name)" }
}
