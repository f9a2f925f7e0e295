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
    package let kind: LookupKind
    package let extendedErrors: [ExtendedDNSError]
    package let searched: [SearchedName]
    package let askedBefore: [AskedServer]
    package let pair: LookupPair?
    package let stub: StubAnswer?
    /// The server was to find out by itself (RD, RFC 1035 §4.1.1): name servers ask each other without.
    package let wantsRecursion: Bool

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
        kind = lookup.kind
        extendedErrors = lookup.answerEDNS?.extendedErrors ?? []
        searched = lookup.searched
        askedBefore = lookup.askedBefore
        pair = lookup.pair
        stub = lookup.stub
        wantsRecursion = lookup.questionFlags?.contains(.recursionDesired) ?? true
    }

    /// When the first server was asked for the first name of the search.
    package var began: Timestamp? {
        [searched.first?.queried, askedBefore.first?.queried, queried].compactMap(\.self).min()
    }

    package var typeName: String { DNSNames.type(type, kind) }

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
                && left.kind == right.kind && left.extendedErrors == right.extendedErrors
                && left.searched == right.searched && left.askedBefore == right.askedBefore
                && left.pair == right.pair && left.stub == right.stub && left.wantsRecursion == right.wantsRecursion
    }
}
