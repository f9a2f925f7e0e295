/// One DNS question and what came of it (RFC 1035 §4).
package struct Lookup: Sendable, Equatable {
    package var client: Endpoint
    package var server: Endpoint
    package var transport: TransportProtocol
    package var transactionID: UInt16
    /// As asked, in presentation form without the final dot; the root is `.`.
    package var name: String
    package var type: UInt16
    package var queried: Timestamp?
    /// How often the same question was sent again, with the same id from the same port.
    package var retries: UInt32 = 0
    package var answered: Timestamp?
    package var rcode: UInt16?
    package var truncated = false
    package var answers: [DNSRecord] = []
    /// Answers beyond ``answerCapacity``, or that could not be read.
    package var answersLeftOut = 0
    package var status: LookupStatus

    package static let answerCapacity = 64

    package init(
        client: Endpoint, server: Endpoint, transport: TransportProtocol, transactionID: UInt16, name: String,
        type: UInt16, queried: Timestamp?, status: LookupStatus
    ) {
        self.client = client
        self.server = server
        self.transport = transport
        self.transactionID = transactionID
        self.name = name
        self.type = type
        self.queried = queried
        self.status = status
    }

    package var roundTrip: TimeSpan? {
        guard let queried, let answered else { return nil }
        return answered - queried
    }
}

/// How a lookup ended.
package enum LookupStatus: UInt8, Sendable {
    case pending
    /// NOERROR with at least one answer.
    case answered
    /// NOERROR without an answer of the type asked for (RFC 2308 §2.2).
    case noData
    /// An RCODE other than NOERROR.
    case failed
    case noAnswer

    package var name: String {
        switch self {
        case .pending: "pending"
        case .answered: "answered"
        case .noData: "no_data"
        case .failed: "failed"
        case .noAnswer: "no_answer"
        }
    }
}

/// One resource record of an answer section.
package struct DNSRecord: Sendable, Equatable {
    package var name: String
    package var type: UInt16
    /// Seconds.
    package var ttl: UInt32
    package var data: Data

    package enum Data: Sendable, Equatable {
        case address(IPAddress)
        /// CNAME, NS or PTR: a name.
        case name(String)
        /// Everything else in presentation form: `10 mail.example.org` for MX.
        case text(String)
    }

    package init(name: String, type: UInt16, ttl: UInt32, data: Data) {
        self.name = name
        self.type = type
        self.ttl = ttl
        self.data = data
    }

    /// The data as `dig` writes it.
    package var presentation: String {
        switch data {
        case .address(let address): address.description
        case .name(let name), .text(let name): name
        }
    }
}

/// A lookup as a request remembers it. It never changes, and is shared: one answer may name many connections.
package final class LookupDigest: Sendable {
    package let name: String
    package let type: UInt16
    /// Who asked.
    package let client: IPAddress
    package let server: Endpoint
    package let queried: Timestamp?
    package let answered: Timestamp?
    package let retries: UInt32
    package let rcode: UInt16?
    package let status: LookupStatus
    /// The names between the one asked for and the one that has the address, in order.
    package let chain: [String]
    /// Addresses that the answer gave.
    package let addresses: [IPAddress]
    /// Seconds; that of the address record.
    package let ttl: UInt32?

    package init(_ lookup: Lookup, chain: [String] = [], addresses: [IPAddress] = [], ttl: UInt32? = nil) {
        name = lookup.name
        type = lookup.type
        client = lookup.client.address
        server = lookup.server
        queried = lookup.queried
        answered = lookup.answered
        retries = lookup.retries
        rcode = lookup.rcode
        status = lookup.status
        self.chain = chain
        self.addresses = addresses
        self.ttl = ttl
    }

    package var roundTrip: TimeSpan? {
        guard let queried, let answered else { return nil }
        return answered - queried
    }
}

extension LookupDigest: Equatable {
    package static func == (left: LookupDigest, right: LookupDigest) -> Bool {
        left === right
            || left.name == right.name && left.type == right.type && left.client == right.client
                && left.server == right.server && left.queried == right.queried && left.answered == right.answered
                && left.retries == right.retries && left.rcode == right.rcode && left.status == right.status
                && left.chain == right.chain && left.addresses == right.addresses && left.ttl == right.ttl
    }
}
