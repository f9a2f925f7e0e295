/// One DNS question and what came of it: the record `lookup`.
package struct Lookup: Sendable, Equatable, Decodable {
    package var client: SocketAddress
    package var server: SocketAddress
    package var transport: Transport
    /// The DNS header's ID.
    package var id: UInt16
    package var name: String
    package var type: String
    /// `pending`, `answered`, `no_data`, `failed` or `no_answer`.
    package var status: String
    package var queried: Time?
    package var answered: Time?
    package var rtt: Milliseconds?
    package var rcode: String?
    package var truncated: Bool
    package var retries: UInt32
    /// Every name on the way from the one asked for, in order, without the first.
    package var chain: [String]
    package var addresses: [String]
    package var answers: [Answer]
    /// Answers beyond what is kept, or that could not be read.
    package var answersLeftOut: Int
    /// `dns`, `mdns`, `llmnr` or `nbns`.
    package var kind = "dns"
    /// Header bits of the question and of the answer, as `dig` writes them: `rd`, `ra`, `ad`, …
    package var queryFlags: [String]?
    package var flags: [String]?
    package var sections: Sections?
    package var queryEDNS: EDNS?
    package var edns: EDNS?
    package var extendedErrors: [ExtendedError]?
    /// Names that the search list made before this one, and that led nowhere.
    package var searched: [SearchedName]?
    /// Servers that were asked the same before this one.
    package var askedBefore: [AskedServer]?
    /// Where the server is a stub resolver on this host.
    package var stub: StubAnswer?
    package var pair: LookupPair?

    /// One resource record of the answer section.
    package struct Answer: Sendable, Equatable, Decodable {
        package var name: String
        package var type: String
        /// Seconds.
        package var ttl: UInt32
        /// In presentation form, as `dig` writes it.
        package var data: String

        package init(name: String, type: String, ttl: UInt32, data: String) {
            self.name = name
            self.type = type
            self.ttl = ttl
            self.data = data
        }
    }

    private enum CodingKeys: String, CodingKey {
        case client, server, id, name, type, status, queried, answered, rcode, truncated, retries, chain, addresses
        case answers, kind, flags, sections, edns, searched, pair, stub
        case queryFlags = "query_flags"
        case queryEDNS = "query_edns"
        case extendedErrors = "extended_errors"
        case askedBefore = "asked_before"
        case transport = "protocol"
        case rtt = "rtt_ms"
        case answersLeftOut = "answers_left_out"
    }

    package init(
        client: SocketAddress, server: SocketAddress, transport: Transport, id: UInt16, name: String, type: String,
        status: String, queried: Time?, answered: Time?, rtt: Milliseconds?, rcode: String?, truncated: Bool,
        retries: UInt32, chain: [String], addresses: [String], answers: [Answer], answersLeftOut: Int
    ) {
        self.client = client
        self.server = server
        self.transport = transport
        self.id = id
        self.name = name
        self.type = type
        self.status = status
        self.queried = queried
        self.answered = answered
        self.rtt = rtt
        self.rcode = rcode
        self.truncated = truncated
        self.retries = retries
        self.chain = chain
        self.addresses = addresses
        self.answers = answers
        self.answersLeftOut = answersLeftOut
    }
}

/// An address and a port; the port is absent for protocols without one.
package struct SocketAddress: Sendable, Equatable, Decodable {
    package var address: String
    package var port: UInt16?

    package init(address: String, port: UInt16?) {
        self.address = address
        self.port = port
    }
}

extension Lookup: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("record", RecordKind.lookup)
        writer.field("client", client)
        writer.field("server", server)
        writer.field("protocol", transport)
        writer.field("id", id)
        writer.field("name", name)
        writer.field("type", type)
        writer.field("status", status)
        writer.field("queried", queried)
        writer.field("answered", answered)
        writer.field("rtt_ms", rtt)
        writer.field("rcode", rcode)
        writer.field("truncated", truncated)
        writer.field("retries", retries)
        writer.field("chain", chain)
        writer.field("addresses", addresses)
        writer.field("answers", answers)
        writer.field("answers_left_out", answersLeftOut)
        writer.field("kind", kind)
        if let queryFlags { writer.field("query_flags", queryFlags) }
        if let flags { writer.field("flags", flags) }
        writer.field("sections", sections)
        writer.field("query_edns", queryEDNS)
        writer.field("edns", edns)
        if let extendedErrors { writer.field("extended_errors", extendedErrors) }
        if let searched { writer.field("searched", searched) }
        if let askedBefore { writer.field("asked_before", askedBefore) }
        if let stub { writer.field("stub", stub) }
        writer.field("pair", pair)
        writer.endObject()
    }
}

extension Lookup.Answer: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("type", type)
        writer.field("ttl", ttl)
        writer.field("data", data)
        writer.endObject()
    }
}

extension SocketAddress: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("port", port)
        writer.endObject()
    }
}
