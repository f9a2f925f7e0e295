/// Port forwards in force: the answer of `/v1/forwards`.
package struct PortForwardList: Sendable, Equatable, Decodable {
    /// In the order of the rules.
    package var items: [PortForward]
    /// Why the rules, or what came by them, could not be told; absent when they could.
    package var trouble: String?

    package init(items: [PortForward], trouble: String?) {
        self.items = items
        self.trouble = trouble
    }
}

/// A rule that leads what is sent to one place on to another, and what came by it.
package struct PortForward: Sendable, Equatable, Decodable {
    package var rule: TranslationRule
    /// `tcp` or `udp`, where the rule names one.
    package var transport: String?
    /// What it looks for, as nft writes it; absent is any.
    package var address: String?
    package var ports: String?
    package var interface: String?
    /// Where it leads; absent when that is the host itself, the same port, or not told.
    package var targetAddress: String?
    package var targetPort: String?
    /// Connections that came by it since observing began, or since the rule came.
    package var uses: UInt64
    /// Those that stand now; absent when there are too many to look at.
    package var open: Int?
    package var lastUsed: Time?
    /// The last one, as the client sent it.
    package var last: Translation.Tuple?

    private enum CodingKeys: String, CodingKey {
        case rule, address, ports, interface, uses, open, last
        case transport = "protocol"
        case targetAddress = "target_address"
        case targetPort = "target_port"
        case lastUsed = "last_used"
    }

    package init(rule: TranslationRule, uses: UInt64) {
        self.rule = rule
        self.uses = uses
    }
}

extension PortForwardList: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("items", items)
        writer.field("trouble", trouble)
        writer.endObject()
    }
}

extension PortForward: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("rule", rule)
        writer.field("protocol", transport)
        writer.field("address", address)
        writer.field("ports", ports)
        writer.field("interface", interface)
        writer.field("target_address", targetAddress)
        writer.field("target_port", targetPort)
        writer.field("uses", uses)
        writer.field("open", open)
        writer.field("last_used", lastUsed)
        writer.field("last", last)
        writer.endObject()
    }
}
