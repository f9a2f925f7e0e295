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
    /// How often the same question was sent again, with the same id from the same port; of a question to a group, from
    /// the same port.
    package var retries: UInt32 = 0
    package var answered: Timestamp?
    package var rcode: UInt16?
    package var truncated = false
    package var answers: [DNSRecord] = []
    /// Answers beyond ``answerCapacity``, or that could not be read.
    package var answersLeftOut = 0
    package var status: LookupStatus
    package var kind = LookupKind.dns
    /// Header bits of the question and of the answer; `nil` when that was not seen.
    package var questionFlags: DNSFlags?
    package var answerFlags: DNSFlags?
    /// What both said by EDNS.
    package var questionEDNS: EDNS?
    package var answerEDNS: EDNS?
    /// Records in each section of the answer, as its header has it.
    package var sections: Sections?
    /// Names tried before this one for the same purpose, in order (a resolver's search list).
    package var searched: [SearchedName] = []
    /// Other servers that were asked the same question before this one, and gave no answer that was good enough.
    package var askedBefore: [AskedServer] = []
    /// The question for the other IP version that the same program asked with this one.
    package var pair: LookupPair?

    /// How the server came by its answer, where it is a stub resolver on this host.
    package var stub: StubAnswer?
    /// ``SocketOwner/certainUser`` of the exchange that it is part of, as far as that was known when the lookup ended.
    package var user: UInt32?

    package static let answerCapacity = 64

    package struct Sections: Sendable, Equatable {
        package var answer: UInt16
        package var authority: UInt16
        package var additional: UInt16

        package init(answer: UInt16, authority: UInt16, additional: UInt16) {
            self.answer = answer
            self.authority = authority
            self.additional = additional
        }
    }

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

    package var typeName: String { DNSNames.type(type, kind) }
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

/// A name that a search list made and that led nowhere.
package struct SearchedName: Sendable, Equatable {
    package var name: String
    package var status: LookupStatus
    package var rcode: UInt16?
    package var queried: Timestamp
    package var answered: Timestamp

    /// Names of one search that are remembered: glibc's own limit of six, and the name as it is.
    package static let capacity = 7

    package init(name: String, status: LookupStatus, rcode: UInt16?, queried: Timestamp, answered: Timestamp) {
        self.name = name
        self.status = status
        self.rcode = rcode
        self.queried = queried
        self.answered = answered
    }
}

/// A server that was asked before another one was.
package struct AskedServer: Sendable, Equatable {
    package var server: Endpoint
    package var status: LookupStatus
    package var rcode: UInt16?
    package var queried: Timestamp

    /// Servers that are remembered: three is what resolv.conf holds.
    package static let capacity = 4

    package init(server: Endpoint, status: LookupStatus, rcode: UInt16?, queried: Timestamp) {
        self.server = server
        self.status = status
        self.rcode = rcode
        self.queried = queried
    }
}

/// The other question of a program that asked for both IP versions of one name at once.
package struct LookupPair: Sendable, Equatable {
    package var type: UInt16
    /// `pending` when no answer had come by then.
    package var status: LookupStatus
    package var rcode: UInt16?
    package var queried: Timestamp
    package var answered: Timestamp?

    package init(type: UInt16, status: LookupStatus, rcode: UInt16?, queried: Timestamp, answered: Timestamp?) {
        self.type = type
        self.status = status
        self.rcode = rcode
        self.queried = queried
        self.answered = answered
    }

    package var roundTrip: TimeSpan? { answered.map { $0 - queried } }
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
