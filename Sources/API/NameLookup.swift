/// A lookup as a request remembers it.
package struct NameLookup: Sendable, Equatable, Decodable {
    package var name: String
    package var type: String
    /// `192.0.2.53:53`
    package var server: String
    /// `pending`, `answered`, `no_data`, `failed` or `no_answer`.
    package var status: String
    package var queried: Time?
    package var answered: Time?
    package var rtt: Milliseconds?
    package var retries: UInt32
    package var rcode: String?
    /// CNAMEs between the name asked for and the one that has the addresses, in order.
    package var chain: [String]
    package var addresses: [String]
    /// Seconds.
    package var ttl: UInt32?
    /// `dns`, `mdns`, `llmnr` or `nbns`.
    package var kind = "dns"
    package var extendedErrors: [ExtendedError]?
    package var searched: [SearchedName]?
    package var askedBefore: [AskedServer]?
    /// Where the server is a stub resolver on this host.
    package var stub: StubAnswer?
    package var pair: LookupPair?

    private enum CodingKeys: String, CodingKey {
        case name, type, server, status, queried, answered, retries, rcode, chain, addresses, ttl, kind
        case searched, pair, stub
        case extendedErrors = "extended_errors"
        case askedBefore = "asked_before"
        case rtt = "rtt_ms"
    }

    package init(
        name: String, type: String, server: String, status: String, queried: Time?, answered: Time?,
        rtt: Milliseconds?, retries: UInt32, rcode: String?, chain: [String], addresses: [String], ttl: UInt32?
    ) {
        self.name = name
        self.type = type
        self.server = server
        self.status = status
        self.queried = queried
        self.answered = answered
        self.rtt = rtt
        self.retries = retries
        self.rcode = rcode
        self.chain = chain
        self.addresses = addresses
        self.ttl = ttl
    }
}

extension NameLookup: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("type", type)
        writer.field("server", server)
        writer.field("status", status)
        writer.field("queried", queried)
        writer.field("answered", answered)
        writer.field("rtt_ms", rtt)
        writer.field("retries", retries)
        writer.field("rcode", rcode)
        writer.field("chain", chain)
        writer.field("addresses", addresses)
        writer.field("ttl", ttl)
        writer.field("kind", kind)
        if let extendedErrors { writer.field("extended_errors", extendedErrors) }
        if let searched { writer.field("searched", searched) }
        if let askedBefore { writer.field("asked_before", askedBefore) }
        if let stub { writer.field("stub", stub) }
        writer.field("pair", pair)
        writer.endObject()
    }
}
