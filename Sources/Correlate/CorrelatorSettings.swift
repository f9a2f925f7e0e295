package import Model

/// Caps, timeouts and what is wanted of a correlator. The defaults serve a host.
package struct CorrelatorSettings: Sendable, Equatable {
    /// Requests followed at once. When full, the oldest unanswered one goes first, then the longest idle one found.
    package var flowCapacity = 1 << 20
    /// Questions waiting for their answer. When full, the oldest goes first.
    package var lookupCapacity = 1 << 16
    /// Addresses with the names that they were given for. When full, the oldest answer goes first.
    package var nameCapacity = 1 << 16
    /// Address resolutions under way, and next hops remembered. When full, the oldest goes first.
    package var neighbourCapacity = 4096
    /// DHCP exchanges under way. When full, the oldest goes first.
    package var leaseCapacity = 1024
    /// Gaps in TCP sequence spaces remembered at once, over all connections. When full, a new gap is only counted.
    package var holeCapacity = 1 << 16
    /// Payload bytes held back over all connections, because others have to come first or a message is incomplete, and
    /// 1 KiB for each connection that is read. When full, the connection that wants to add some is no longer read.
    package var streamCapacity = 32 << 20
    /// Chains of certificates remembered, so that each is read once. When full, the oldest goes first.
    package var certificateCapacity = 1024
    /// QUIC handshakes whose Initial packets are read at once, each with at most 32 KiB. When full, the oldest goes first.
    package var quicHandshakeCapacity = 4096
    /// QUIC handshakes that are begun to be read in a second of packet time; deriving their keys takes some 20 µs each.
    package var quicHandshakesPerSecond = 5000
    /// Ids of QUIC connections, by which they are known again at another address. When full, the oldest goes first.
    package var connectionIDCapacity = 1 << 16
    /// Addresses that QUIC connections moved to. When full, one that moves is taken for a new exchange.
    package var pathCapacity = 1 << 14
    /// TCP connections at once on which something stood out: lost segments, duplicate ACKs, keep-alives. When full, those
    /// of one more connection are not counted, and its record says so.
    package var analysisCapacity = 1 << 18

    /// Datagrams that wait for their other fragments. When full, the oldest goes first.
    package var fragmentCapacity = 1024
    /// Bytes that those hold together, bookkeeping included. When full, the oldest goes first.
    package var fragmentByteCapacity = 16 << 20
    /// Pieces of one datagram; one that comes in more is not put together.
    package var fragmentPieceCapacity = 256

    /// Longer than the longest pause between two SYNs of Linux (64 s with the default `tcp_syn_retries` of 6):
    /// a retry must not look like a new request.
    package var unansweredTimeout = TimeSpan.seconds(70)
    /// Longer than the default TCP keep-alive interval of two hours (RFC 9293 §3.8.4).
    package var establishedTimeout = TimeSpan.seconds(7_800)
    package var halfClosedTimeout = TimeSpan.seconds(900)
    /// How long a closed connection is kept for stragglers: retransmitted FINs, late segments.
    package var closedLinger = TimeSpan.seconds(5)
    package var udpTimeout = TimeSpan.seconds(60)
    /// Resolvers ask again after 5 s; a question with no answer for this long will not get one.
    package var lookupTimeout = TimeSpan.seconds(15)
    package var echoTimeout = TimeSpan.seconds(30)
    /// What Linux waits for the rest of an IPv4 datagram; RFC 791 §3.2 leaves it open.
    package var fragmentTimeoutIPv4 = TimeSpan.seconds(30)
    /// RFC 8200 §4.5.
    package var fragmentTimeoutIPv6 = TimeSpan.seconds(60)
    /// After the last message of a DHCP exchange: the longest pause between two retries (RFC 2131 §4.1).
    package var leaseTimeout = TimeSpan.seconds(70)
    /// After the last request for an address, or after its answer: long enough for a second station to answer too.
    package var neighbourTimeout = TimeSpan.seconds(3)

    /// Whether records are built. Without it everything is followed and counted all the same.
    package var keepsRecords = true
    /// Addresses that belong to this host, beside those that facts tell: for capture files.
    package var localNetworks: [IPPrefix] = []
    /// Keys the tables; output never depends on it.
    package var seed = UInt64.random(in: .min ... .max)

    package init() {}
}
