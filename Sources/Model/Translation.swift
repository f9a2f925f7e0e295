/// What NAT made of one request: who sent to whom before the rewrite, and to whom the answers come back after it.
///
///     10.0.1.5:45956 → 203.0.113.9:443    original: as the client sent it
///     203.0.113.9:443 → 11.22.33.44:1189  reply: as the server answers it; the other way round is what left
package struct Translation: Sendable, Equatable {
    package var original: FlowTuple
    package var reply: FlowTuple
    package var how: How
    /// When the mapping was made; `nil` when it is older than our knowledge of it.
    package var began: Timestamp?
    /// When the mapping ended; `nil` while it stands.
    package var ended: Timestamp?
    /// Conntrack's zone, and the mark of the connection.
    package var zone: UInt16 = 0
    package var mark: UInt32 = 0
    /// The rule that asked for it, when it is known.
    package var rule: TranslationRule?

    /// How it is known.
    package enum How: UInt8, Sendable, BitwiseCopyable {
        /// The kernel said so.
        case conntrack
        /// The same segment was seen before and after it.
        case segment

        package var name: String {
            switch self {
            case .conntrack: "conntrack"
            case .segment: "segment"
            }
        }
    }

    package init(original: FlowTuple, reply: FlowTuple, how: How, began: Timestamp? = nil) {
        self.original = original
        self.reply = reply
        self.how = how
        self.began = began
    }

    /// What leaves after the rewrite.
    package var translated: FlowTuple { reply.reversed }

    /// What may be seen after the rewrite: with both ends rewritten, the destination is first, and a bridge with netfilter
    /// shows it in between.
    package var results: [FlowTuple] {
        guard rewritesSource, rewritesDestination else { return [translated] }
        return [translated, FlowTuple(original.transport, original.source, reply.source)]
    }

    package var rewritesSource: Bool { original.source != reply.destination }
    package var rewritesDestination: Bool { original.destination != reply.source }

    /// `snat`, `dnat`, or both.
    package var kinds: [String] {
        (rewritesSource ? ["snat"] : []) + (rewritesDestination ? ["dnat"] : [])
    }
}

/// A rule of the packet filter that asks for a translation.
package struct TranslationRule: Sendable, Hashable {
    /// `ip`, `ip6` or `inet`.
    package var family: String
    package var table: String
    package var chain: String
    /// Names the rule within its table, for `nft delete rule`.
    package var handle: UInt64
    /// `snat`, `dnat`, `masquerade` or `redirect`.
    package var action: String
    /// The rule in nft's own words, as far as they are known.
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

/// That a request was not translated by this host, and how that is known.
package enum Untranslated: UInt8, Sendable, BitwiseCopyable {
    /// Conntrack follows it, and both of its tuples are the same.
    case untouched
    /// Conntrack does not follow it, and without conntrack nothing is translated.
    case untracked

    /// Why there is nothing to tell of its translation.
    package var reason: String {
        switch self {
        case .untouched: "not translated by this host: connection tracking has it as it was sent"
        case .untracked: "not translated by this host: connection tracking does not follow it"
        }
    }
}

/// One place where a request's packets were seen, and when.
package struct Leg: Sendable, Equatable {
    package var interface: String?
    /// From client to server, as it was written there.
    package var tuple: FlowTuple
    /// What its packets travelled in there, outermost first.
    package var tunnels: [Tunnel]
    /// The first packet to the server, and the first back to the client.
    package var firstRequest: Timestamp?
    package var firstAnswer: Timestamp?
    /// `nil`: it has the request's own tuple.
    package var how: Translation.How?

    package init(interface: String?, tuple: FlowTuple, tunnels: [Tunnel] = []) {
        self.interface = interface
        self.tuple = tuple
        self.tunnels = tunnels
    }

    /// Kept of one request; what is seen elsewhere as well is counted.
    package static let capacity = 8
}
