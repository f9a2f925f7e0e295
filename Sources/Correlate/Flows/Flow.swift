import Model

/// The part of a request that every packet touches: two cache lines. All zero is an empty slot.
///
/// The tuple is stored in canonical order, the lower endpoint first, so both directions find one record;
/// `clientIsHigh` tells which of the two is the client. Pairs are indexed by direction: 0 sent by the client,
/// 1 sent by the server.
struct Flow: BitwiseCopyable {
    var lowHigh: UInt64 = 0
    var lowLow: UInt64 = 0
    var highHigh: UInt64 = 0
    var highLow: UInt64 = 0
    var lowPort: UInt16 = 0
    var highPort: UInt16 = 0
    /// IANA protocol number; 0 is an empty slot.
    var protocolNumber: UInt8 = 0
    var version: UInt8 = 0
    var phase = Phase.empty
    /// Bits that the window sent last is to be shifted by.
    var windowShift = InlineArray<2, UInt8>(repeating: 0)
    var marks = Marks()
    /// Up to here, payload of the direction that is marked as quiet is of no interest to anybody.
    var quietUntil: UInt32 = 0
    var hash: UInt32 = 0
    var last: Int64 = 0
    /// Sequence number that follows everything sent so far.
    var next = InlineArray<2, UInt32>(repeating: 0)
    /// Acknowledgment number and window sent last.
    var acknowledged = InlineArray<2, UInt32>(repeating: 0)
    var window = InlineArray<2, UInt16>(repeating: 0)
    /// The interface that a direction is counted on; copies elsewhere are not counted again. `.max` until known.
    var interface = InlineArray<2, UInt16>(repeating: .max)
    /// How often 2^32 were counted stands in the detail; from 2^40 on it begins again.
    var segments = InlineArray<2, UInt32>(repeating: 0)
    var payload = InlineArray<2, UInt64>(repeating: 0)
    var lastPayload = InlineArray<2, Int64>(repeating: 0)

    /// Where the request stands, as far as the packet path must know.
    enum Phase: UInt8, BitwiseCopyable {
        case empty
        /// TCP: a SYN and no more; nothing came back.
        case unanswered
        /// TCP: SYN-ACK seen, final ACK not.
        case answered
        case established
        case halfClosed
        /// Both FINs, a reset, or a refusal.
        case closed
        /// UDP or ICMP, which have no phases.
        case datagrams
    }

    struct Marks: OptionSet, BitwiseCopyable {
        let rawValue: UInt32

        static let clientIsHigh = Marks(rawValue: 1)
        static let clientSequenceKnown = Marks(rawValue: 2)
        static let serverSequenceKnown = Marks(rawValue: 4)
        /// The first bytes of that direction still say what the application is.
        static let watchesClient = Marks(rawValue: 8)
        static let watchesServer = Marks(rawValue: 16)
        static let clientHasHoles = Marks(rawValue: 32)
        static let serverHasHoles = Marks(rawValue: 64)
        /// ``Flow/quietUntil`` holds for that direction; at most one of the two is set.
        static let quietClient = Marks(rawValue: 128)
        static let quietServer = Marks(rawValue: 256)
        /// Bytes of a stream wait for others before them: acknowledgments tell whether those are still to come.
        static let awaitsBytes = Marks(rawValue: 512)
        /// That direction's segments are analysed from one on: its `next`, `acknowledged` and `window` say something.
        static let clientAnalysed = Marks(rawValue: 1024)
        static let serverAnalysed = Marks(rawValue: 2048)
        /// The direction's first ACK without data, and its first data, stand in the history.
        static let clientHasAcknowledged = Marks(rawValue: 4096)
        static let serverHasAcknowledged = Marks(rawValue: 8192)
        static let clientHasData = Marks(rawValue: 16384)
        static let serverHasData = Marks(rawValue: 32768)
        /// Nothing is out of line: a segment of that direction that continues both needs no second look.
        static let clientIsSteady = Marks(rawValue: 65536)
        static let serverIsSteady = Marks(rawValue: 262144)
        /// ``SegmentAnalysis`` has more to remember than the flow can tell.
        static let deviates = Marks(rawValue: 131072)
        /// No request, but the tuple that another one has elsewhere: ``FlowDetail/legOf``.
        static let isLeg = Marks(rawValue: 524288)
        /// The kernel told that it is one.
        static let legIsTold = Marks(rawValue: 1_048_576)
    }

    @inline(__always)
    var isUsed: Bool { protocolNumber != 0 }

    @inline(__always)
    var isLeg: Bool { marks.contains(.isLeg) }

    @inline(__always)
    static func sequenceKnown(_ direction: Int) -> Marks {
        direction == 0 ? .clientSequenceKnown : .serverSequenceKnown
    }

    @inline(__always)
    static func watches(_ direction: Int) -> Marks { direction == 0 ? .watchesClient : .watchesServer }

    @inline(__always)
    static func quiet(_ direction: Int) -> Marks { direction == 0 ? .quietClient : .quietServer }

    @inline(__always)
    static func hasHoles(_ direction: Int) -> Marks { direction == 0 ? .clientHasHoles : .serverHasHoles }

    @inline(__always)
    static func analysed(_ direction: Int) -> Marks { direction == 0 ? .clientAnalysed : .serverAnalysed }

    @inline(__always)
    static func isSteady(_ direction: Int) -> Marks { direction == 0 ? .clientIsSteady : .serverIsSteady }

    @inline(__always)
    static func hasAcknowledged(_ direction: Int) -> Marks {
        direction == 0 ? .clientHasAcknowledged : .serverHasAcknowledged
    }

    @inline(__always)
    static func hasData(_ direction: Int) -> Marks { direction == 0 ? .clientHasData : .serverHasData }

    @inline(__always)
    mutating func countSegment(_ direction: Int, _ detail: inout FlowDetail) {
        segments[direction] &+= 1
        if segments[direction] == 0 { detail.segmentWraps[direction] &+= 1 }
    }

    /// 0 when a packet of `key` was sent by the client, 1 when by the server.
    @inline(__always)
    func direction(of key: FlowKey) -> Int {
        // The client is the high end and so is the source, or neither is: then the client sent it.
        marks.contains(.clientIsHigh) == key.sourceIsHigh ? 0 : 1
    }

    var client: Endpoint { marks.contains(.clientIsHigh) ? high : low }
    var server: Endpoint { marks.contains(.clientIsHigh) ? low : high }

    private var low: Endpoint { Endpoint(address(lowHigh, lowLow), lowPort) }
    private var high: Endpoint { Endpoint(address(highHigh, highLow), highPort) }

    private func address(_ high: UInt64, _ low: UInt64) -> IPAddress {
        version == IPAddress.Version.v4.rawValue
            ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
    }
}

/// The part of a request that only its turns touch: handshake, first bytes, losses, close. Times are nanoseconds,
/// 0 for "not seen" (a frame at the very epoch is taken for one nanosecond later).
struct FlowDetail: BitwiseCopyable {
    var first: Int64 = 0
    var firstSyn = InlineArray<2, Int64>(repeating: 0)
    var lastSyn = InlineArray<2, Int64>(repeating: 0)
    var established: Int64 = 0
    var fin = InlineArray<2, Int64>(repeating: 0)
    var rst = InlineArray<2, Int64>(repeating: 0)
    var firstPayload = InlineArray<2, Int64>(repeating: 0)
    var serverRoundTrip: Int64 = -1
    var clientRoundTrip: Int64 = -1
    /// Payload bytes of sequence space that was seen before.
    var repeatedBytes = InlineArray<2, UInt64>(repeating: 0)
    var mac = InlineArray<2, UInt64>(repeating: 0)
    var nextHop: UInt64 = 0
    var vlan = VLANTags.none
    /// Both stop at their highest value.
    var cutFrames: UInt32 = 0
    var copiesElsewhere: UInt32 = 0
    var synCount = InlineArray<2, UInt32>(repeating: 0)
    var retransmitted = InlineArray<2, UInt32>(repeating: 0)
    var outOfOrder = InlineArray<2, UInt32>(repeating: 0)
    var zeroWindows = InlineArray<2, UInt32>(repeating: 0)
    /// First sequence number of the direction's payload.
    var base = InlineArray<2, UInt32>(repeating: 0)
    /// Window updates in Wireshark's sense; too common for ``Deviation``.
    var windowUpdates = InlineArray<2, UInt32>(repeating: 0)
    /// Gaps not yet filled: heads of lists in the hole table.
    var holes = InlineArray<2, UInt32>(repeating: 0)
    var untrackedHoles: UInt32 = 0
    var reassembled: UInt32 = 0
    /// Hashes of the questions answered last, the latest first, 0 for none: an answer may come twice.
    private var answered = InlineArray<4, UInt32>(repeating: 0)
    /// The latest of its questions that wait for their answer, which leads to the others; 0 for none.
    var newestLookup: UInt32 = 0
    /// Names, handshakes and errors: a slot of the attachments, 0 for none.
    var attachment: UInt32 = 0
    /// What is read of its byte streams: a slot of the stream table, 0 for none.
    var stream: UInt32 = 0
    /// QUIC: what client and server are called, entries of the connection ids; 0 for none.
    var connectionIDs = InlineArray<2, UInt32>(repeating: 0)
    /// QUIC: the latest address that it moved to, a slot of the paths; 0 for none.
    var path: UInt32 = 0
    /// The first leg of a request, or the next one of a leg's request; 0 for none.
    var nextLeg: UInt32 = 0
    /// Attempts to reach one name: a number of the races, 0 for none.
    var race: UInt32 = 0
    /// Tells one request from the next in the same slot: slots are used again. 0 is none.
    var generation: UInt32 = 0
    /// What is out of line: a slot of the deviations, 0 for none yet, `.max` when there was no room.
    var deviation: UInt32 = 0
    /// Sequence numbers of the latest FIN and RST: another one is another event, the same one a repetition.
    var finSequence = InlineArray<2, UInt32>(repeating: 0)
    var rstSequence = InlineArray<2, UInt32>(repeating: 0)
    var history = ConnectionHistory()
    /// What the client had received when it sent its first FIN or RST.
    var endAcknowledgment: UInt32 = 0
    var endpoints = EndpointStates()
    var segmentWraps = InlineArray<2, UInt8>(repeating: 0)
    var options = InlineArray<2, PackedOptions>(repeating: PackedOptions())
    /// Of the first packet, and of the first RST.
    var ttl = InlineArray<2, UInt8>(repeating: 0)
    var resetTTL = InlineArray<2, UInt8>(repeating: 0)
    var direction = Direction.outbound
    var turns = Turns()

    /// Of a leg, which takes no part in races: the slot of its request.
    var legOf: UInt32 {
        get { race }
        set { race = newValue }
    }

    func hasAnswered(_ hash: UInt32) -> Bool {
        answered[0] == max(hash, 1) || answered[1] == max(hash, 1) || answered[2] == max(hash, 1)
            || answered[3] == max(hash, 1)
    }

    mutating func noteAnswered(_ hash: UInt32) {
        answered = [max(hash, 1), answered[0], answered[1], answered[2]]
    }

    struct Turns: OptionSet, BitwiseCopyable {
        let rawValue: UInt8

        static let serverFirst = Turns(rawValue: 1)
        static let clientFirst = Turns(rawValue: 2)
        /// The server's RST came instead of a SYN-ACK.
        static let refused = Turns(rawValue: 4)
        /// The client's RST or FIN came before the handshake was complete.
        static let aborted = Turns(rawValue: 8)
        static let resetByClient = Turns(rawValue: 16)
        static let resetByServer = Turns(rawValue: 32)
        /// The ports were another connection's a moment ago.
        static let portReused = Turns(rawValue: 64)
        /// The client's first RST acknowledged nothing.
        static let bareReset = Turns(rawValue: 128)
    }
}
