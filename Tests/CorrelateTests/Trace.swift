import Correlate
import Decode
import Model
import Testing

/// Frames with their times, and what a correlator makes of them. Times are milliseconds after ``start``.
struct Trace {
    static let start = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)
    static func time(_ milliseconds: Double) -> Timestamp {
        start + TimeSpan(nanoseconds: Int64((milliseconds * 1_000_000).rounded()))
    }

    struct Frame {
        var time: Timestamp
        var bytes: [UInt8]
        var interface: UInt16 = 0
        /// Bytes that the snap length cut off.
        var cut = 0

        var info: FrameInfo {
            FrameInfo(
                time: time, wireLength: bytes.count + cut, interface: InterfaceID(interface), linkType: .ethernet)
        }
    }

    var frames: [Frame] = []
    var settings = CorrelatorSettings()
    /// Addresses that the kernel says are this host's.
    var hostAddresses: [IPAddress] = []

    init() {}

    static let client = Endpoint("10.0.0.1", 40000)
    static let server = Endpoint("10.0.0.2", 80)

    /// The MAC that an address has in all traces unless told otherwise.
    static func mac(_ address: IPAddress) -> MACAddress {
        MACAddress(bits: 0x0200_0000_0000 | (address.low & 0xFFFF_FFFF))
    }

    // MARK: Frames

    mutating func frame(_ milliseconds: Double, _ bytes: [UInt8], on interface: UInt16 = 0, cut: Int = 0) {
        let bytes = Array(bytes.dropLast(cut))
        frames.append(Frame(time: Self.time(milliseconds), bytes: bytes, interface: interface, cut: cut))
    }

    mutating func packet(
        _ milliseconds: Double, _ source: IPAddress, _ destination: IPAddress, _ transport: UInt8, _ bytes: [UInt8],
        on interface: UInt16 = 0, ttl: UInt8 = 64, via hop: MACAddress? = nil, cut: Int = 0
    ) {
        let packet = Wire.ip(source, destination, transport, ttl: ttl, bytes)
        let type: UInt16 = source.version == .v4 ? 0x0800 : 0x86DD
        frame(
            milliseconds, Wire.ethernet(Self.mac(source), hop ?? Self.mac(destination), type: type, packet),
            on: interface, cut: cut)
    }

    /// Segments in a notation like tcpdump's, one a line:
    ///
    ///     time direction flags sequence[+payload] [aN] [wN] [sN] [@interface]
    ///
    /// `0 > S 1000` is a SYN of the client, `10 < S. 5000` the SYN-ACK; `.` is ACK, `a1001` the number that it
    /// acknowledges (0 unless told), `w0` a window of zero, `s7` the option that scales windows.
    mutating func tcp(_ text: String, _ client: Endpoint = Self.client, _ server: Endpoint = Self.server) {
        for segment in Segment.parse(text) { tcp(segment, client, server) }
    }

    mutating func tcp(_ segment: Segment, _ client: Endpoint = Self.client, _ server: Endpoint = Self.server) {
        tcp(
            segment.milliseconds, segment.isFromClient ? client : server, segment.isFromClient ? server : client,
            segment.flags, segment.sequence, [UInt8](repeating: 0x78, count: segment.payload),
            acknowledgment: segment.acknowledgment, window: segment.window,
            options: segment.windowScale.map { [3, 3, $0, 0] } ?? [], on: segment.interface)
    }

    mutating func tcp(
        _ milliseconds: Double, _ source: Endpoint, _ destination: Endpoint, _ flags: TCPFlags, _ sequence: UInt32,
        _ payload: [UInt8] = [], acknowledgment: UInt32 = 0, window: UInt16 = 500, options: [UInt8] = [],
        on interface: UInt16 = 0, cut: Int = 0
    ) {
        let segment = Wire.tcp(
            source.port, destination.port, flags, sequence: sequence, acknowledgment: acknowledgment, window: window,
            options: options, payload)
        packet(milliseconds, source.address, destination.address, 6, segment, on: interface, cut: cut)
    }

    mutating func udp(
        _ milliseconds: Double, _ source: Endpoint, _ destination: Endpoint, _ payload: [UInt8],
        on interface: UInt16 = 0
    ) {
        let datagram = Wire.udp(source.port, destination.port, payload)
        packet(milliseconds, source.address, destination.address, 17, datagram, on: interface)
    }

    mutating func arp(
        _ milliseconds: Double, _ operation: UInt16, _ sender: IPAddress, target: IPAddress, mac: MACAddress? = nil
    ) {
        let from = mac ?? Self.mac(sender)
        let message = Wire.arp(operation, from, sender, target: target)
        let to = operation == 1 ? MACAddress.broadcast : Self.mac(target)
        // Ethernet pads to 60 bytes.
        frame(milliseconds, Wire.ethernet(from, to, type: 0x0806, message + [UInt8](repeating: 0, count: 18)))
    }

    // MARK: Replay

    struct Outcome: Equatable {
        var requests: [Lifecycle] = []
        var lookups: [Lookup] = []
        var neighbours: [NeighbourResolution] = []
        var leases: [Lease] = []
        var icmpErrors: [ICMPErrorReport] = []
        var summary = Summary()

        mutating func add(_ records: [Record]) {
            for record in records {
                switch record {
                case .request(let lifecycle): requests.append(lifecycle)
                case .lookup(let lookup): lookups.append(lookup)
                case .neighbour(let resolution): neighbours.append(resolution)
                case .lease(let lease): leases.append(lease)
                case .icmpError(let error): icmpErrors.append(error)
                }
            }
        }
    }

    func correlator(seed: UInt64 = 1, keepsRecords: Bool = true) -> Correlator {
        var settings = settings
        settings.seed = seed
        settings.keepsRecords = keepsRecords
        var correlator = Correlator(settings)
        for address in hostAddresses {
            correlator.learn(Fact(time: Self.start, body: .addressAdded(address, interface: "eth0")))
        }
        return correlator
    }

    private func outcome(seed: UInt64, keepsRecords: Bool = true, atMost limit: Int = 1024) -> Outcome {
        var correlator = correlator(seed: seed, keepsRecords: keepsRecords)
        var outcome = Outcome()
        for frame in frames {
            correlator.observe(frame.bytes.span.bytes, frame.info)
            outcome.add(correlator.takeFinished())
        }
        while correlator.finish(atMost: limit) { outcome.add(correlator.takeFinished()) }
        outcome.add(correlator.takeFinished())
        outcome.summary = correlator.summary
        return outcome
    }

    /// Everything that the frames come to.
    ///
    /// On the way it holds every trace to three promises: the seed of the tables changes nothing, neither does the
    /// number of pieces in which the end is taken, and totals are the same without records.
    func replay(_ location: SourceLocation = #_sourceLocation) -> Outcome {
        let outcome = outcome(seed: 1)
        #expect(self.outcome(seed: 0xDEAD_BEEF, atMost: 1) == outcome, sourceLocation: location)
        let totals = self.outcome(seed: 2, keepsRecords: false)
        #expect(totals.summary.counts == outcome.summary.counts, sourceLocation: location)
        #expect(totals.requests.isEmpty && totals.lookups.isEmpty && totals.neighbours.isEmpty)
        return outcome
    }

    /// The only request of the trace.
    func request(_ location: SourceLocation = #_sourceLocation) throws -> Lifecycle {
        let requests = replay(location).requests
        try #require(requests.count == 1, sourceLocation: location)
        return requests[0]
    }
}

extension Summary {
    /// What does not depend on whether records are kept: names are remembered, handshakes decrypted and read to their
    /// end, for records alone.
    var counts: Summary {
        let forRecords: Set = [
            "names", "names_asked", "name_searches", "upstream_lookups", "socket_owners", "encrypted_resolvers",
            "quic_handshakes", "stream_bytes",
            "certificate_chains",
        ]
        var counts = self
        counts.tables.removeAll { forRecords.contains($0.name) }
        return counts
    }
}

/// One line of the notation of ``Trace/tcp(_:_:_:)``.
struct Segment {
    var milliseconds: Double
    var isFromClient: Bool
    var flags: TCPFlags
    var sequence: UInt32
    var payload = 0
    var acknowledgment: UInt32 = 0
    var window: UInt16 = 500
    var windowScale: UInt8?
    var interface: UInt16 = 0

    static func parse(_ text: String) -> [Segment] {
        text.split(whereSeparator: { $0 == "\n" || $0 == "|" }).compactMap { line in
            let words = line.split(separator: " ")
            guard !words.isEmpty else { return nil }
            let numbers = words.count > 3 ? words[3].split(separator: "+") : []
            guard words.count > 3, let time = Double(words[0]), words[1] == ">" || words[1] == "<",
                let sequence = UInt32(numbers[0])
            else {
                Issue.record("no segment: \(line)")
                return nil
            }
            var segment = Segment(
                milliseconds: time, isFromClient: words[1] == ">", flags: flags(words[2]), sequence: sequence)
            if numbers.count > 1 { segment.payload = Int(numbers[1]) ?? 0 }
            for word in words.dropFirst(4) {
                if word.hasPrefix("a") { segment.acknowledgment = UInt32(word.dropFirst()) ?? 0 }
                if word.hasPrefix("s") { segment.windowScale = UInt8(word.dropFirst()) }
                if word.hasPrefix("w") { segment.window = UInt16(word.dropFirst()) ?? 0 }
                if word.hasPrefix("@") { segment.interface = UInt16(word.dropFirst()) ?? 0 }
            }
            return segment
        }
    }

    private static func flags(_ letters: Substring) -> TCPFlags {
        letters.reduce(.none) { flags, letter in
            switch letter {
            case "S": flags | .syn
            case ".": flags | .ack
            case "F": flags | .fin
            case "R": flags | .rst
            case "P": flags | .psh
            default: flags
            }
        }
    }
}
