/// The client or the server of a request. Counts are by the headers' own lengths.
package struct RequestSide: Sendable, Equatable, Decodable {
    package var address: String
    /// Absent for ICMP.
    package var port: UInt16?
    /// Names that the address is known by, best first.
    package var names: [Name] = []
    /// Source MAC of this side's first frame: the host itself, or the hop before the observer.
    package var mac: String?
    /// TCP segments, UDP datagrams (a fragmented one once) or ICMP messages sent.
    package var segments: UInt64
    package var payloadBytes: UInt64
    /// TTL or hop limit of this side's first packet.
    package var ttl: UInt8?
    package var firstPayload: Time?
    package var lastPayload: Time?

    // TCP only, from here on.

    /// Payload bytes of distinct sequence space: retransmissions count once.
    package var sequenceBytes: UInt64?
    package var retransmittedSegments: UInt32?
    package var outOfOrderSegments: UInt32?
    package var zeroWindows: UInt32?
    /// Bytes of sequence space that were skipped over and never seen.
    package var missingBytes: UInt64?
    /// Sequence numbers sent last that the other side has not acknowledged, a FIN's too; absent while there is none, and
    /// where that cannot be told.
    package var unacknowledged: UInt32?
    /// How long it offered no window, all such times together; absent while that never was.
    package var closedWindow: Milliseconds?
    /// True while it offers none.
    package var windowClosed: Bool?
    package var counts = SegmentCounts()
    /// SYNs of the client, SYN-ACKs of the server.
    package var handshake: Handshake?
    package var fin: Bool?
    package var finTime: Time?
    package var rst: Bool?
    package var rstTime: Time?
    /// TTL or hop limit of its first RST: another one than ``ttl`` was likely sent by somebody else.
    package var resetTTL: UInt8?
    /// From the SYN or SYN-ACK; null when it carried no such option.
    package var mss: Observed<UInt16>?
    package var windowScale: Observed<UInt8>?
    package var sackPermitted: Bool?
    package var timestamps: Bool?
    package var fastOpen: Bool?
    package var multipath: Bool?

    /// How often and when a side sent its SYN, or SYN-ACK.
    package enum Handshake: Sendable, Equatable {
        case syn(count: UInt32, first: Time?, last: Time?)
        case synAck(count: UInt32, first: Time?, last: Time?)
    }

    private enum CodingKeys: String, CodingKey {
        case address, port, names, mac, segments, ttl, fin, rst, mss, timestamps, multipath, unacknowledged
        case payloadBytes = "payload_bytes"
        case firstPayload = "first_payload"
        case lastPayload = "last_payload"
        case sequenceBytes = "sequence_bytes"
        case retransmittedSegments = "retransmitted_segments"
        case outOfOrderSegments = "out_of_order_segments"
        case zeroWindows = "zero_windows"
        case missingBytes = "missing_bytes"
        case closedWindow = "closed_window_ms"
        case windowClosed = "window_closed"
        case resetTTL = "reset_ttl"
        case synCount = "syn_count"
        case firstSyn = "first_syn"
        case lastSyn = "last_syn"
        case synAckCount = "syn_ack_count"
        case firstSynAck = "first_syn_ack"
        case lastSynAck = "last_syn_ack"
        case finTime = "fin_time"
        case rstTime = "rst_time"
        case windowScale = "window_scale"
        case sackPermitted = "sack_permitted"
        case fastOpen = "fast_open"
    }

    package init(address: String, port: UInt16?, segments: UInt64, payloadBytes: UInt64) {
        self.address = address
        self.port = port
        self.segments = segments
        self.payloadBytes = payloadBytes
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        address = try container.decode(String.self, forKey: .address)
        port = try container.decodeIfPresent(UInt16.self, forKey: .port)
        names = try container.decode([Name].self, forKey: .names)
        mac = try container.decodeIfPresent(String.self, forKey: .mac)
        segments = try container.decode(UInt64.self, forKey: .segments)
        payloadBytes = try container.decode(UInt64.self, forKey: .payloadBytes)
        ttl = try container.decodeIfPresent(UInt8.self, forKey: .ttl)
        firstPayload = try container.decodeIfPresent(Time.self, forKey: .firstPayload)
        lastPayload = try container.decodeIfPresent(Time.self, forKey: .lastPayload)
        sequenceBytes = try container.decodeIfPresent(UInt64.self, forKey: .sequenceBytes)
        retransmittedSegments = try container.decodeIfPresent(UInt32.self, forKey: .retransmittedSegments)
        outOfOrderSegments = try container.decodeIfPresent(UInt32.self, forKey: .outOfOrderSegments)
        zeroWindows = try container.decodeIfPresent(UInt32.self, forKey: .zeroWindows)
        missingBytes = try container.decodeIfPresent(UInt64.self, forKey: .missingBytes)
        unacknowledged = try container.decodeIfPresent(UInt32.self, forKey: .unacknowledged)
        closedWindow = try container.decodeIfPresent(Milliseconds.self, forKey: .closedWindow)
        windowClosed = try container.decodeIfPresent(Bool.self, forKey: .windowClosed)
        counts = try SegmentCounts(from: decoder)
        if let count = try container.decodeIfPresent(UInt32.self, forKey: .synCount) {
            handshake = .syn(
                count: count, first: try container.decodeIfPresent(Time.self, forKey: .firstSyn),
                last: try container.decodeIfPresent(Time.self, forKey: .lastSyn))
        } else if let count = try container.decodeIfPresent(UInt32.self, forKey: .synAckCount) {
            handshake = .synAck(
                count: count, first: try container.decodeIfPresent(Time.self, forKey: .firstSynAck),
                last: try container.decodeIfPresent(Time.self, forKey: .lastSynAck))
        }
        fin = try container.decodeIfPresent(Bool.self, forKey: .fin)
        finTime = try container.decodeIfPresent(Time.self, forKey: .finTime)
        rst = try container.decodeIfPresent(Bool.self, forKey: .rst)
        rstTime = try container.decodeIfPresent(Time.self, forKey: .rstTime)
        resetTTL = try container.decodeIfPresent(UInt8.self, forKey: .resetTTL)
        mss = try container.decodeIfPresent(Observed<UInt16>.self, forKey: .mss)
        windowScale = try container.decodeIfPresent(Observed<UInt8>.self, forKey: .windowScale)
        sackPermitted = try container.decodeIfPresent(Bool.self, forKey: .sackPermitted)
        timestamps = try container.decodeIfPresent(Bool.self, forKey: .timestamps)
        fastOpen = try container.decodeIfPresent(Bool.self, forKey: .fastOpen)
        multipath = try container.decodeIfPresent(Bool.self, forKey: .multipath)
    }
}

extension RequestSide: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("address", address)
        writer.field("port", port)
        writer.field("names", names)
        writer.field("mac", mac)
        writer.field("segments", segments)
        writer.field("payload_bytes", payloadBytes)
        writer.field("ttl", ttl)
        writer.field("first_payload", firstPayload)
        writer.field("last_payload", lastPayload)
        writer.field("sequence_bytes", sequenceBytes)
        writer.field("retransmitted_segments", retransmittedSegments)
        writer.field("out_of_order_segments", outOfOrderSegments)
        writer.field("zero_windows", zeroWindows)
        writer.field("missing_bytes", missingBytes)
        writer.field("unacknowledged", unacknowledged)
        writer.field("closed_window_ms", closedWindow)
        writer.field("window_closed", windowClosed)
        counts.writeFields(to: &writer)
        switch handshake {
        case .syn(let count, let first, let last):
            writer.field("syn_count", count)
            writer.field("first_syn", first)
            writer.field("last_syn", last)
        case .synAck(let count, let first, let last):
            writer.field("syn_ack_count", count)
            writer.field("first_syn_ack", first)
            writer.field("last_syn_ack", last)
        case nil: break
        }
        writer.field("fin", fin)
        writer.field("fin_time", finTime)
        writer.field("rst", rst)
        writer.field("rst_time", rstTime)
        writer.field("reset_ttl", resetTTL)
        writer.field("mss", mss)
        writer.field("window_scale", windowScale)
        writer.field("sack_permitted", sackPermitted)
        writer.field("timestamps", timestamps)
        writer.field("fast_open", fastOpen)
        writer.field("multipath", multipath)
        writer.endObject()
    }
}

extension RequestSide {
    /// The name that may stand for the address, the surest first.
    package var trustedName: String? { names.first(where: \.isTrusted)?.name }

    /// `192.0.2.1:80`, `[2001:db8::1]:80`, or the address alone.
    package var endpoint: String {
        guard let port else { return address }
        return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}

/// A name of an address, and how the two were joined.
package struct Name: Sendable, Equatable, Decodable {
    package var name: String
    /// `answer` (the client itself asked for it, and named or used no other), `most_recent_answer` (the last of several
    /// names that gave it this address), `host_answer` (this host asked for it), `same_station_answer` (a client of the
    /// same hardware address asked), `expired_answer` (older than its TTL: told, but it names nothing), `sni`,
    /// `http_host`.
    package var how: String
    package var lookup: NameLookup?

    /// Whether it may stand for the address.
    package var isTrusted: Bool { how != "expired_answer" }

    package init(name: String, how: String, lookup: NameLookup? = nil) {
        self.name = name
        self.how = how
        self.lookup = lookup
    }
}

extension Name: JSONWritable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("how", how)
        writer.field("lookup", lookup)
        writer.endObject()
    }
}
