/// One request and all that is known of it: the record `request`.
package struct Request: Sendable, Equatable, Decodable {
    /// Twelve characters of Crockford's base 32, the same for the same frames live and from a file.
    package var id: String
    /// Community ID v1 (https://github.com/corelight/community-id-spec).
    package var communityID: String?
    package var transport: Transport
    package var direction: Direction
    /// The interface of the first packet.
    package var interface: String?
    /// Outermost first; empty when the frames carried no tag.
    package var vlanIDs: [Int] = []
    /// What its packets travelled in, outermost first.
    package var tunnels: [Tunnel] = []
    package var client: RequestSide
    package var server: RequestSide
    package var first: Time
    package var last: Time
    package var duration: Milliseconds
    /// TCP only.
    package var state: TCPState?
    /// How far it came and how it ended, in the codes of Zeek's conn.log: `S0`, `SF`, `REJ`, ….
    package var connState: String?
    /// What happened in which order, in the letters of Zeek's conn.log: `ShADadFf`. TCP and UDP only.
    package var history: String?
    /// There when the ports were another connection's a moment before: true. TCP only.
    package var portReused: Bool?
    package var handshakeRTT: Milliseconds?
    package var serverRTT: Milliseconds?
    package var clientRTT: Milliseconds?
    /// Who sent FIN or RST first: `client` or `server`.
    package var closedFirst: String?
    /// ICMP echo only.
    package var identifier: UInt16?
    /// `dns`, `mdns`, `llmnr`, `nbns`, `tls`, `quic`, `http`, `dhcp`, `vxlan`, `geneve` or `echo`, recognised by
    /// content.
    package var application: String?
    /// QUIC only.
    package var quic: QUICConnection?
    /// HTTP/1 only.
    package var http: HTTP?
    /// The ten stages of the waterfall, in their order.
    package var stages: [Stage] = []
    package var outcome: Outcome
    /// The first stage that failed, and why.
    package var failure: Failure?
    package var nextHop: NextHop?
    /// Another address or port than it was sent to answered its SYN.
    package var answeredFrom: ElsewhereAnswer?
    /// Inbound only: what listens at its port.
    package var listener: ServingListener?
    /// TTL or hop limit of the server's first packet as it arrived here.
    package var answerTTL: UInt8?
    /// Hops between the server and here, if it began with a TTL of 64, 128 or 255.
    package var suggestedHops: Int?
    package var tls: TLS?
    /// The lookups that this request itself carried, when it is a DNS exchange.
    package var lookups: [NameLookup] = []
    /// That it likely asks for names itself, inside encryption.
    package var encryptedLookup: EncryptedLookup?
    /// All tries to reach the name by one of its addresses, in order; absent when there was one.
    package var attempts: [ConnectAttempt]?
    /// The request that this one turned out to be an attempt of: it will not be told again.
    package var attemptOf: String?
    /// What NAT made of it.
    package var translation: Translation?
    /// The places where it was seen, in the order of its way to the server; absent when there was one.
    package var legs: [Leg]?
    /// Errors that quote this request; the oldest ones when `icmpErrorCount` is greater.
    package var icmpErrors: [ICMPError] = []
    package var icmpErrorCount: Int = 0
    /// `process`, `port` or `time`: how `waybill run` knows it to be its command's. Of no other record.
    package var matched: String?
    /// No more will be learnt of it.
    package var complete: Bool
    /// `closed`, `idle`, `evicted`, `capture_ended` or `port_reused`.
    package var endedBecause: String?
    package var coverage: Coverage
    package var verdict: Verdict?

    private enum CodingKeys: String, CodingKey {
        case id, direction, interface, tunnels, client, server, first, last, state, history, identifier, application
        case quic, http, stages, outcome, failure, listener, tls, lookups, attempts, translation, legs, matched,
            complete
        case coverage, verdict
        case communityID = "community_id"
        case transport = "protocol"
        case vlanIDs = "vlan_ids"
        case duration = "duration_ms"
        case connState = "conn_state"
        case portReused = "port_reused"
        case handshakeRTT = "handshake_rtt_ms"
        case serverRTT = "server_rtt_ms"
        case clientRTT = "client_rtt_ms"
        case closedFirst = "closed_first"
        case nextHop = "next_hop"
        case answeredFrom = "answered_from"
        case answerTTL = "answer_ttl"
        case suggestedHops = "suggested_hops"
        case encryptedLookup = "encrypted_lookup"
        case attemptOf = "attempt_of"
        case icmpErrors = "icmp_errors"
        case icmpErrorCount = "icmp_error_count"
        case endedBecause = "ended_because"
    }

    package init(
        id: String, transport: Transport, direction: Direction, client: RequestSide, server: RequestSide, first: Time,
        last: Time, duration: Milliseconds, outcome: Outcome, complete: Bool, coverage: Coverage = Coverage()
    ) {
        self.id = id
        self.transport = transport
        self.direction = direction
        self.client = client
        self.server = server
        self.first = first
        self.last = last
        self.duration = duration
        self.outcome = outcome
        self.complete = complete
        self.coverage = coverage
    }

    /// Whether it is an exchange of a name service.
    package var asksForNames: Bool { application.map { ["dns", "mdns", "llmnr", "nbns"].contains($0) } ?? false }

    package func stage(_ name: StageName) -> Stage? { stages.first { $0.stage == name } }
}

/// Where a request failed, and why, in the stage's own word.
package struct Failure: Sendable, Equatable, Decodable {
    package var stage: StageName
    package var reason: String

    package init(stage: StageName, reason: String) {
        self.stage = stage
        self.reason = reason
    }
}

/// The station that the client's frames were sent to.
package struct NextHop: Sendable, Equatable, Decodable {
    package var address: String?
    package var mac: String?

    package init(address: String?, mac: String?) {
        self.address = address
        self.mac = mac
    }
}

/// What the observer could not see while the record was made.
package struct Coverage: Sendable, Equatable, Decodable {
    /// Frames of this request that the snap length cut.
    package var cutFrames: UInt64 = 0
    package var joinedMidstream = false
    /// Holes in the sequence space beyond what could be tracked.
    package var untrackedHoles: UInt32 = 0
    /// Copies of its packets on other interfaces, not counted again.
    package var copiesElsewhere: UInt64 = 0
    /// Its datagrams that came in fragments and were put together.
    package var reassembled: UInt64 = 0
    /// There when its segments could not be analysed, for want of room: true. Then counts of what stood out and
    /// `history` are absent.
    package var analysisSkipped: Bool?
    /// There when the kernel's news of translations were lost while it was open: true.
    package var translationsMissed: Bool?

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case reassembled
        case cutFrames = "cut_frames"
        case joinedMidstream = "joined_midstream"
        case untrackedHoles = "untracked_holes"
        case copiesElsewhere = "copies_elsewhere"
        case analysisSkipped = "analysis_skipped"
        case translationsMissed = "translations_missed"
    }
}

extension Request: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("record", RecordKind.request)
        writer.field("id", id)
        writer.field("community_id", communityID)
        writer.field("protocol", transport)
        writer.field("direction", direction)
        writer.field("interface", interface)
        writer.field("vlan_ids", vlanIDs)
        writer.field("tunnels", tunnels)
        writer.field("client", client)
        writer.field("server", server)
        writer.field("first", first)
        writer.field("last", last)
        writer.field("duration_ms", duration)
        writer.field("state", state)
        writer.field("conn_state", connState)
        writer.field("history", history)
        writer.field("port_reused", portReused)
        writer.field("handshake_rtt_ms", handshakeRTT)
        writer.field("server_rtt_ms", serverRTT)
        writer.field("client_rtt_ms", clientRTT)
        writer.field("closed_first", closedFirst)
        writer.field("identifier", identifier)
        writer.field("application", application)
        writer.field("quic", quic)
        writer.field("http", http)
        writer.field("stages", stages)
        writer.field("outcome", outcome)
        writer.field("failure", failure)
        writer.field("next_hop", nextHop)
        writer.field("answered_from", answeredFrom)
        writer.field("listener", listener)
        writer.field("answer_ttl", answerTTL)
        writer.field("suggested_hops", suggestedHops)
        writer.field("tls", tls)
        writer.field("lookups", lookups)
        writer.field("encrypted_lookup", encryptedLookup)
        if let attempts { writer.field("attempts", attempts) }
        writer.field("attempt_of", attemptOf)
        writer.field("translation", translation)
        if let legs { writer.field("legs", legs) }
        writer.key("icmp_errors")
        writer.beginArray()
        for error in icmpErrors { error.write(to: &writer, asRecord: false) }
        writer.endArray()
        writer.field("icmp_error_count", icmpErrorCount)
        writer.field("matched", matched)
        writer.field("complete", complete)
        writer.field("ended_because", endedBecause)
        writer.field("coverage", coverage)
        writer.field("verdict", verdict)
        writer.endObject()
    }
}

extension Failure: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("stage", stage)
        writer.field("reason", reason)
        writer.endObject()
    }
}

extension NextHop: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("mac", mac)
        writer.endObject()
    }
}

extension Coverage: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("cut_frames", cutFrames)
        writer.field("joined_midstream", joinedMidstream)
        writer.field("untracked_holes", untrackedHoles)
        writer.field("copies_elsewhere", copiesElsewhere)
        writer.field("reassembled", reassembled)
        writer.field("analysis_skipped", analysisSkipped)
        writer.field("translations_missed", translationsMissed)
        writer.endObject()
    }
}
