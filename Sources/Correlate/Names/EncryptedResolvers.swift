import Model

/// Which clients have a connection open by which they likely ask for names, unseen: the latest of each. When it is full,
/// no more clients are remembered.
struct EncryptedResolvers {
    private var open: [IPAddress: Connection] = [:]

    private var refused: UInt64 = 0

    static let capacity = 4096

    /// Nothing is ever taken out.
    var summary: TableSummary {
        TableSummary(
            name: "encrypted_resolvers", count: open.count, peak: open.count, capacity: Self.capacity,
            evictions: refused)
    }

    struct Connection {
        let slot: Int
        let generation: UInt32
        let kind: EncryptedLookup.Kind
        let server: String
    }

    var isEmpty: Bool { open.isEmpty }

    subscript(_ owner: IPAddress) -> Connection? { open[owner] }

    mutating func note(_ connection: Connection, of owner: IPAddress) {
        if open[owner] != nil || open.count < Self.capacity { open[owner] = connection } else { refused &+= 1 }
    }
}

extension Correlator {
    /// Whether the request that begins in `slot` is likely a connection to a resolver; only what is known by now counts,
    /// its server's address, port and the names that were looked up for it.
    mutating func noteEncryptedResolver(_ slot: Int) {
        let flow = flows.hot[slot]
        let (client, server) = (flow.client, flow.server)
        guard server.port == 853 || server.port == 443 else { return }
        let names = attachments[flows.cold[slot].attachment]?.names.filter(\.isTrusted).map(\.name) ?? []
        guard let lookup = EncryptedLookup(transport(flow), server, names: names) else { return }
        encryptedResolvers.note(
            EncryptedResolvers.Connection(
                slot: slot, generation: flows.cold[slot].generation, kind: lookup.kind,
                server: names.first ?? server.address.description),
            of: nameOwner(client.address))
    }

    /// Remembers by what the client of `slot` may have asked for its server's name, when no lookup was seen.
    mutating func noteLikelyResolver(_ slot: Int) {
        guard !encryptedResolvers.isEmpty, attachments[flows.cold[slot].attachment]?.names.isEmpty != false else {
            return
        }
        guard let connection = encryptedResolvers[nameOwner(flows.hot[slot].client.address)],
            flows.cold[connection.slot].generation == connection.generation,
            flows.hot[connection.slot].segments[1] > 0
        else { return }
        attachments.demand(&flows.cold[slot]).likelyResolver = "\(connection.kind.spoken) (\(connection.server))"
    }
}
