/// What NAT makes of one connection: a part of the record `request`, and an item of `/v1/translations`.
package struct Translation: Sendable, Equatable, Decodable {
    package var transport: Transport
    /// `snat` when the source is rewritten, `dnat` when the destination is; hairpins have both.
    package var kinds: [String]
    /// As the client sent it.
    package var original: Tuple
    /// As it went on.
    package var translated: Tuple
    /// `conntrack`: the kernel told. `segment`: the same segment was seen before and after, so it is inferred.
    package var knownBy: String
    /// Absent when it is older than what is known of it.
    package var began: Time?
    /// Absent while the mapping stands.
    package var ended: Time?
    /// When the kernel last told something of it; that is not its last packet.
    package var heard: Time?
    /// TCP only, in conntrack's words: `established`, `time_wait`, ….
    package var state: String?
    /// Packets were seen in both directions.
    package var answered: Bool?
    /// Absent when 0.
    package var zone: UInt16?
    package var mark: UInt32?
    package var rule: TranslationRule?

    /// Who sends to whom.
    package struct Tuple: Sendable, Equatable, Decodable {
        package var source: SocketAddress
        package var destination: SocketAddress

        package init(source: SocketAddress, destination: SocketAddress) {
            self.source = source
            self.destination = destination
        }
    }

    private enum CodingKeys: String, CodingKey {
        case kinds, original, translated, began, ended, heard, state, answered, zone, mark, rule
        case transport = "protocol"
        case knownBy = "known_by"
    }

    package init(transport: Transport, kinds: [String], original: Tuple, translated: Tuple, knownBy: String) {
        self.transport = transport
        self.kinds = kinds
        self.original = original
        self.translated = translated
        self.knownBy = knownBy
    }
}

/// The rule of the packet filter that asks for a translation.
package struct TranslationRule: Sendable, Equatable, Decodable {
    /// `ip`, `ip6` or `inet`.
    package var family: String
    package var table: String
    package var chain: String
    /// Names it within its table.
    package var handle: UInt64
    /// `snat`, `dnat`, `masquerade` or `redirect`.
    package var action: String
    package var text: String

    package init(family: String, table: String, chain: String, handle: UInt64, action: String, text: String) {
        self.family = family
        self.table = table
        self.chain = chain
        self.handle = handle
        self.action = action
        self.text = text
    }
}

/// One place where a request's packets were seen.
package struct Leg: Sendable, Equatable, Decodable {
    package var interface: String?
    /// From client to server, as it is written there.
    package var tuple: Translation.Tuple
    package var tunnels: [Tunnel] = []
    /// The first packet to the server.
    package var first: Time?
    /// The first packet back.
    package var firstAnswer: Time?
    /// From the leg before it to this one, on the way to the server.
    package var delay: Milliseconds?
    /// From the leg before it, on the way back, to this one.
    package var answerDelay: Milliseconds?
    /// `tuple`: it has the request's own. Else how it is known to be the same request: `conntrack` or `segment`.
    package var knownBy: String

    private enum CodingKeys: String, CodingKey {
        case interface, tuple, tunnels, first
        case firstAnswer = "first_answer"
        case delay = "delay_ms"
        case answerDelay = "answer_delay_ms"
        case knownBy = "known_by"
    }

    package init(interface: String?, tuple: Translation.Tuple, knownBy: String) {
        self.interface = interface
        self.tuple = tuple
        self.knownBy = knownBy
    }
}

extension Translation: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("protocol", transport)
        writer.field("kinds", kinds)
        writer.field("original", original)
        writer.field("translated", translated)
        writer.field("known_by", knownBy)
        writer.field("began", began)
        writer.field("ended", ended)
        writer.field("heard", heard)
        writer.field("state", state)
        writer.field("answered", answered)
        writer.field("zone", zone)
        writer.field("mark", mark)
        writer.field("rule", rule)
        writer.endObject()
    }
}

extension Translation.Tuple: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("source", source)
        writer.field("destination", destination)
        writer.endObject()
    }
}

extension TranslationRule: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("family", family)
        writer.field("table", table)
        writer.field("chain", chain)
        writer.field("handle", handle)
        writer.field("action", action)
        writer.field("text", text)
        writer.endObject()
    }
}

extension Leg: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("interface", interface)
        writer.field("tuple", tuple)
        writer.field("tunnels", tunnels)
        writer.field("first", first)
        writer.field("first_answer", firstAnswer)
        writer.field("delay_ms", delay)
        writer.field("answer_delay_ms", answerDelay)
        writer.field("known_by", knownBy)
        writer.endObject()
    }
}
