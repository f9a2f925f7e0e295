// Parts of the records `lookup` and of the lookups that a request remembers.

/// What one side said by EDNS (RFC 6891).
package struct EDNS: Sendable, Equatable, Decodable {
    /// Bytes that the sender takes in one UDP datagram.
    package var udpSize: UInt16
    package var version: UInt8
    package var dnssecOK: Bool
    /// Mnemonics in order: `NSID`, `ECS`, `COOKIE`, …
    package var options: [String]
    package var nsid: String?
    /// `192.0.2.0/24`, with the server's scope behind it: `192.0.2.0/24/20`.
    package var clientSubnet: String?
    package var keepAlive: Milliseconds?
    package var padding: Int?

    private enum CodingKeys: String, CodingKey {
        case version, options, nsid, padding
        case udpSize = "udp_size"
        case dnssecOK = "do"
        case clientSubnet = "client_subnet"
        case keepAlive = "keepalive_ms"
    }

    package init(udpSize: UInt16, version: UInt8, dnssecOK: Bool, options: [String]) {
        self.udpSize = udpSize
        self.version = version
        self.dnssecOK = dnssecOK
        self.options = options
    }
}

/// That a connection asks for names inside encryption, as far as port, names and addresses tell.
package struct EncryptedLookup: Sendable, Equatable, Decodable {
    /// `dot`, `doh` or `doq`.
    package var kind: String
    /// `likely`
    package var confidence: String
    package var because: String

    package init(kind: String, confidence: String, because: String) {
        self.kind = kind
        self.confidence = confidence
        self.because = because
    }
}

extension EncryptedLookup: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", kind)
        writer.field("confidence", confidence)
        writer.field("because", because)
        writer.endObject()
    }
}

/// Why a server answered as it did (RFC 8914).
package struct ExtendedError: Sendable, Equatable, Decodable {
    package var code: UInt16
    package var name: String
    package var text: String?

    package init(code: UInt16, name: String, text: String?) {
        self.code = code
        self.name = name
        self.text = text
    }
}

/// Records in each section of an answer.
package struct Sections: Sendable, Equatable, Decodable {
    package var answer: UInt16
    package var authority: UInt16
    package var additional: UInt16

    package init(answer: UInt16, authority: UInt16, additional: UInt16) {
        self.answer = answer
        self.authority = authority
        self.additional = additional
    }
}

/// A name that a search list made and that led nowhere.
package struct SearchedName: Sendable, Equatable, Decodable {
    package var name: String
    package var status: String
    package var rcode: String?
    package var rtt: Milliseconds

    private enum CodingKeys: String, CodingKey {
        case name, status, rcode
        case rtt = "rtt_ms"
    }

    package init(name: String, status: String, rcode: String?, rtt: Milliseconds) {
        self.name = name
        self.status = status
        self.rcode = rcode
        self.rtt = rtt
    }
}

/// A server that was asked the same question before.
package struct AskedServer: Sendable, Equatable, Decodable {
    /// `192.0.2.53:53`
    package var server: String
    package var status: String
    package var rcode: String?
    package var queried: Time

    package init(server: String, status: String, rcode: String?, queried: Time) {
        self.server = server
        self.status = status
        self.rcode = rcode
        self.queried = queried
    }
}

/// How a stub resolver on this host came by its answer.
package struct StubAnswer: Sendable, Equatable, Decodable {
    /// It asked nobody: the answer was in its cache, or its own.
    package var fromCache: Bool
    /// The same question as it sent it on, in order.
    package var upstream: [UpstreamLookup]

    private enum CodingKeys: String, CodingKey {
        case upstream
        case fromCache = "from_cache"
    }

    package init(fromCache: Bool, upstream: [UpstreamLookup]) {
        self.fromCache = fromCache
        self.upstream = upstream
    }
}

/// The leg of a lookup from the stub to a server.
package struct UpstreamLookup: Sendable, Equatable, Decodable {
    /// `192.0.2.53:53`
    package var server: String
    package var status: String
    package var rcode: String?
    package var queried: Time
    package var rtt: Milliseconds?

    private enum CodingKeys: String, CodingKey {
        case server, status, rcode, queried
        case rtt = "rtt_ms"
    }

    package init(server: String, status: String, rcode: String?, queried: Time, rtt: Milliseconds?) {
        self.server = server
        self.status = status
        self.rcode = rcode
        self.queried = queried
        self.rtt = rtt
    }
}

/// The question for the other IP version, asked together with this one.
package struct LookupPair: Sendable, Equatable, Decodable {
    package var type: String
    package var status: String
    package var rcode: String?
    package var rtt: Milliseconds?

    private enum CodingKeys: String, CodingKey {
        case type, status, rcode
        case rtt = "rtt_ms"
    }

    package init(type: String, status: String, rcode: String?, rtt: Milliseconds?) {
        self.type = type
        self.status = status
        self.rcode = rcode
        self.rtt = rtt
    }
}

extension EDNS: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("udp_size", udpSize)
        writer.field("version", version)
        writer.field("do", dnssecOK)
        writer.field("options", options)
        writer.field("nsid", nsid)
        writer.field("client_subnet", clientSubnet)
        writer.field("keepalive_ms", keepAlive)
        writer.field("padding", padding)
        writer.endObject()
    }
}

extension ExtendedError: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("code", code)
        writer.field("name", name)
        writer.field("text", text)
        writer.endObject()
    }
}

extension Sections: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("answer", answer)
        writer.field("authority", authority)
        writer.field("additional", additional)
        writer.endObject()
    }
}

extension SearchedName: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("status", status)
        writer.field("rcode", rcode)
        writer.field("rtt_ms", rtt)
        writer.endObject()
    }
}

extension AskedServer: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("server", server)
        writer.field("status", status)
        writer.field("rcode", rcode)
        writer.field("queried", queried)
        writer.endObject()
    }
}

extension StubAnswer: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("from_cache", fromCache)
        writer.field("upstream", upstream)
        writer.endObject()
    }
}

extension UpstreamLookup: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("server", server)
        writer.field("status", status)
        writer.field("rcode", rcode)
        writer.field("queried", queried)
        writer.field("rtt_ms", rtt)
        writer.endObject()
    }
}

extension LookupPair: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("type", type)
        writer.field("status", status)
        writer.field("rcode", rcode)
        writer.field("rtt_ms", rtt)
        writer.endObject()
    }
}
