/// A name that an address is known by, and how that is known.
package struct NameJoin: Sendable, Equatable {
    package var name: String
    package var how: How
    package var lookup: LookupDigest?
    /// The lookup's other half as it came out later than the lookup itself.
    package var pair: LookupPair?

    /// How a name was joined to an address, surest first.
    package enum How: UInt8, Sendable {
        /// The client itself asked for this name and was given this address.
        case answer
        /// The client was given this address for several names; this is the one asked for last.
        case recentAnswer
        /// This host asked (another of its addresses, or its local resolver) and was given this address.
        case hostAnswer
        /// A client of the same hardware address asked and was given this address: in all likelihood the same host by
        /// its other IP version.
        case stationAnswer
        /// The answer was older than its TTL allows: the client may have kept it, or mean the address itself. It is told,
        /// and names nothing.
        case expiredAnswer
        /// The client named the server itself, in its TLS ClientHello or HTTP Host field.
        case clientHello, hostField

        package var name: String {
            switch self {
            case .answer: "answer"
            case .recentAnswer: "most_recent_answer"
            case .hostAnswer: "host_answer"
            case .stationAnswer: "same_station_answer"
            case .expiredAnswer: "expired_answer"
            case .clientHello: "sni"
            case .hostField: "http_host"
            }
        }
    }

    /// Whether it may stand for the server wherever the request is spoken of.
    package var isTrusted: Bool { how != .expiredAnswer }

    package init(name: String, how: How, lookup: LookupDigest? = nil) {
        self.name = name
        self.how = how
        self.lookup = lookup
    }
}
