/// All that is known of one request, from the name asked for to the close; the central record.
///
/// A lifecycle holds what was observed, typed and compact. Its stages (`stages`) are derived from it, so
/// the waterfall, the filters and the verdicts can never disagree.
package struct Lifecycle: Sendable, Equatable {
    package var id: RequestID
    package var transport: TransportProtocol
    package var direction: Direction
    /// The side that sent the first SYN, or the first packet.
    package var client: Side
    package var server: Side
    /// The interface that the first packet passed; `nil` when a file does not name it.
    package var interface: String?
    package var vlan = VLANTags.none
    package var first: Timestamp
    package var last: Timestamp
    /// No more will be learnt: closed and lingered, idle for too long, evicted, or the capture ended.
    package var ending: Ending?
    package var tcp: TCPFacts?
    /// Names that the server's address is known by, best first.
    package var names: [NameJoin] = []
    /// Lookups that this request carried itself, when it is a DNS exchange.
    package var lookups: [LookupDigest] = []
    /// The next hop's resolution that this request waited for, or the last one known before it.
    package var neighbour: NeighbourJoin?
    /// The station that the client's first frame was sent to: the destination MAC.
    package var nextHopMAC: MACAddress?
    package var application = ApplicationFacts()
    /// ICMP errors that quote this request, oldest first, at most ``icmpErrorCapacity``; `icmpErrorCount` has all.
    package var icmpErrors: [ICMPErrorReport] = []
    package var icmpErrorCount = 0
    package var coverage = Coverage()

    package static let icmpErrorCapacity = 4

    /// The server's name, when one is known well enough to be used in its place.
    package var serverName: String? { names.first(where: \.isTrusted)?.name }

    package init(
        id: RequestID, transport: TransportProtocol, direction: Direction, client: Side, server: Side,
        first: Timestamp, last: Timestamp
    ) {
        self.id = id
        self.transport = transport
        self.direction = direction
        self.client = client
        self.server = server
        self.first = first
        self.last = last
    }
}

/// Which way a request goes, seen from the host that observes. In a capture file nobody is "this host":
/// every initiator's request counts as its own outbound one, unless the reader names local networks.
package enum Direction: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case outbound, inbound, forwarded, local

    package var name: String {
        switch self {
        case .outbound: "outbound"
        case .inbound: "inbound"
        case .forwarded: "forwarded"
        case .local: "local"
        }
    }
}

/// Why a lifecycle was completed.
package enum Ending: UInt8, Sendable {
    case closed, idle, evicted, captureEnded, portReused

    package var name: String {
        switch self {
        case .closed: "closed"
        case .idle: "idle"
        case .evicted: "evicted"
        case .captureEnded: "capture_ended"
        case .portReused: "port_reused"
        }
    }
}

/// One side of a request. Counts are by the headers' own lengths, so a snap length does not lower them.
package struct Side: Sendable, Equatable {
    package var endpoint: Endpoint
    /// The source MAC of this side's first frame: the host itself, or the hop before the observer.
    package var mac: MACAddress?
    /// TCP segments, UDP datagrams (a fragmented one once) or ICMP messages sent.
    package var segments: UInt64 = 0
    package var payloadBytes: UInt64 = 0
    /// TTL or hop limit of this side's first packet.
    package var ttl: UInt8?
    package var firstPayload: Timestamp?
    package var lastPayload: Timestamp?
    package var tcp: TCPSide?

    package init(endpoint: Endpoint) { self.endpoint = endpoint }

    /// Hops between the sender and here, when it began with one of the usual initial TTLs (64, 128, 255).
    package var suggestedHops: Int? {
        guard let ttl, ttl > 0 else { return nil }
        let initial = ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255
        return initial - Int(ttl)
    }
}

/// What one side of a TCP connection sent (RFC 9293).
package struct TCPSide: Sendable, Equatable {
    /// Payload bytes of distinct sequence space: retransmissions count once.
    package var sequenceBytes: UInt64 = 0
    package var retransmittedSegments: UInt32 = 0
    package var outOfOrderSegments: UInt32 = 0
    package var zeroWindows: UInt32 = 0
    /// SYNs of the client, SYN-ACKs of the server.
    package var synCount: UInt32 = 0
    package var firstSyn: Timestamp?
    package var lastSyn: Timestamp?
    package var fin: Timestamp?
    package var rst: Timestamp?
    package var options: TCPOptions?
    /// Bytes of sequence space that were skipped over and never seen.
    package var missingBytes: UInt64 = 0

    package init() {}
}

/// The options of one side's SYN (RFC 9293 §3.2, RFC 7323, RFC 2018, RFC 7413, RFC 8684).
package struct TCPOptions: Sendable, Equatable, BitwiseCopyable {
    package var maximumSegmentSize: UInt16?
    package var windowScale: UInt8?
    package var selectiveAcknowledgment = false
    package var timestamps = false
    package var fastOpen = false
    package var multipath = false

    package init() {}
}

/// Where a TCP connection stands, in the contract's words.
package enum TCPState: UInt8, Sendable, CaseIterable {
    /// SYN, and nothing came back.
    case noAnswer
    /// SYN, answered by RST.
    case refused
    /// The client took its attempt back (RST or FIN) before the handshake was complete.
    case aborted
    /// SYN and SYN-ACK, without the ACK that completes the handshake.
    case halfOpen
    case established
    /// One side has sent its FIN.
    case halfClosed
    case closed
    case resetByClient
    case resetByServer
    /// No SYN of either side was seen: the connection is older than the capture.
    case midstream

    package var name: String {
        switch self {
        case .noAnswer: "no_answer"
        case .refused: "refused"
        case .aborted: "aborted"
        case .halfOpen: "half_open"
        case .established: "established"
        case .halfClosed: "half_closed"
        case .closed: "closed"
        case .resetByClient: "reset_by_client"
        case .resetByServer: "reset_by_server"
        case .midstream: "midstream"
        }
    }
}

/// What both sides of a TCP connection did together.
package struct TCPFacts: Sendable, Equatable {
    package var state: TCPState
    /// When the client's ACK (or first data) completed the handshake.
    package var established: Timestamp?
    /// From the SYN that was answered to the SYN-ACK: the path between here and the server.
    package var serverRoundTrip: TimeSpan?
    /// From the SYN-ACK to the ACK: the path between here and the client.
    package var clientRoundTrip: TimeSpan?
    /// Who sent FIN or RST first.
    package var closedFirst: Party?

    package init(state: TCPState) { self.state = state }

    /// The whole path's round trip, both parts seen.
    package var handshakeRoundTrip: TimeSpan? {
        guard let serverRoundTrip, let clientRoundTrip else { return serverRoundTrip }
        return TimeSpan(nanoseconds: serverRoundTrip.nanoseconds &+ clientRoundTrip.nanoseconds)
    }
}

package enum Party: UInt8, Sendable {
    case client, server

    package var name: String { self == .client ? "client" : "server" }
    package var other: Party { self == .client ? .server : .client }
}

/// A name that an address is known by, and how that is known.
package struct NameJoin: Sendable, Equatable {
    package var name: String
    package var how: How
    package var lookup: LookupDigest?

    /// How a name was joined to an address, surest first.
    package enum How: UInt8, Sendable {
        /// The client itself asked for this name and was given this address.
        case answer
        /// The client was given this address for several names; this is the one asked for last.
        case recentAnswer
        /// This host asked (another of its addresses, or its local resolver) and was given this address.
        case hostAnswer
        /// A client of the same hardware address asked and was given this address: in all likelihood the same host by
        /// its other IP version.
        case stationAnswer
        /// The answer was older than its TTL allows: the client may have kept it, or mean the address itself. It is told,
        /// and names nothing.
        case expiredAnswer
        /// The client named the server itself, in its TLS ClientHello or HTTP Host field.
        case clientHello, hostField

        package var name: String {
            switch self {
            case .answer: "answer"
            case .recentAnswer: "most_recent_answer"
            case .hostAnswer: "host_answer"
            case .stationAnswer: "same_station_answer"
            case .expiredAnswer: "expired_answer"
            case .clientHello: "sni"
            case .hostField: "http_host"
            }
        }
    }

    /// Whether it may stand for the server wherever the request is spoken of.
    package var isTrusted: Bool { how != .expiredAnswer }

    package init(name: String, how: How, lookup: LookupDigest? = nil) {
        self.name = name
        self.how = how
        self.lookup = lookup
    }
}

/// The resolution of the next hop, as far as a request is concerned.
package struct NeighbourJoin: Sendable, Equatable {
    package var address: IPAddress
    package var asked: Timestamp
    package var answered: Timestamp?
    package var requests: UInt32
    package var mac: MACAddress?
    /// A second station that answered for the same address.
    package var otherMAC: MACAddress?
    /// The request could not be sent before this was answered.
    package var awaited: Bool

    package init(
        address: IPAddress, asked: Timestamp, answered: Timestamp?, requests: UInt32, mac: MACAddress?, awaited: Bool
    ) {
        self.address = address
        self.asked = asked
        self.answered = answered
        self.requests = requests
        self.mac = mac
        self.awaited = awaited
    }
}

/// What the first payload bytes say of the application, and when each part of the exchange was seen.
package struct ApplicationFacts: Sendable, Equatable {
    package var kind: Kind?
    package var tls: TLSFacts?
    package var http: HTTPFacts?

    /// Recognised by content, never by port alone.
    package enum Kind: UInt8, Sendable {
        case dns, tls, http, echo

        package var name: String {
            switch self {
            case .dns: "dns"
            case .tls: "tls"
            case .http: "http"
            case .echo: "echo"
            }
        }
    }

    package init() {}
}

/// What can be read of a TLS handshake in passing (RFC 8446, RFC 5246).
package struct TLSFacts: Sendable, Equatable {
    package var clientHello: Timestamp?
    package var serverHello: Timestamp?
    /// When the last handshake flight that is visible was sent.
    package var finished: Timestamp?
    package var serverName: String?
    package var applicationProtocols: [String] = []
    /// The version that the ServerHello chose, as on the wire: 0x0304 is TLS 1.3.
    package var version: UInt16?
    package var alert: UInt8?
    package var alertFrom: Party?
    package var alertTime: Timestamp?

    package init() {}
}

/// The first exchange of an HTTP/1 connection (RFC 9112); the query string is never kept.
package struct HTTPFacts: Sendable, Equatable {
    package var method: String?
    package var host: String?
    package var path: String?
    package var status: UInt16?
    package var requested: Timestamp?
    package var responded: Timestamp?

    package init() {}
}

/// What the observer could not see while the record was made.
package struct Coverage: Sendable, Equatable {
    /// Frames of this request that the snap length cut.
    package var cutFrames: UInt64 = 0
    /// The record begins in the middle of the request.
    package var joinedMidstream = false
    /// Holes in the sequence space beyond what could be tracked.
    package var untrackedHoles: UInt32 = 0
    /// Copies of this request's packets on other interfaces, seen and not counted again.
    package var copiesElsewhere: UInt64 = 0

    package init() {}
}
