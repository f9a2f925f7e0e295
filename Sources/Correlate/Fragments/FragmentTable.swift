import Decode
import Model

/// Datagrams that wait for their other fragments (RFC 791 §3.2, RFC 815, RFC 8200 §4.5).
///
/// Bounded in datagrams, in bytes, and in pieces and bytes of each. When one of the first two is reached, the oldest
/// datagram is given up; so is one whose time is over. One that cannot be put together (pieces overlap, reach too far,
/// are too many, or were cut by the snap length) is refused as a whole, and what comes of it later passed over. Of all
/// these, the first fragment is due to be followed by itself, so that what it says is not lost.
struct FragmentTable {
    private var partials: [Key: PartialDatagram] = [:]
    /// Keys in the order in which their datagrams began; those that are gone meanwhile are passed over.
    private var order: [(key: Key, serial: UInt64)] = []
    private var orderHead = 0
    private var serial: UInt64 = 0
    private var due: [Datagram] = []
    private var bytes = 0
    /// No datagram is over before.
    private var nextEnd = Timestamp.distantPast

    private let capacity: Int
    private let byteCapacity: Int
    private let pieceCapacity: Int
    private let timeoutIPv4: TimeSpan
    private let timeoutIPv6: TimeSpan
    private var peak = 0
    private var bytePeak = 0
    private var evictions: UInt64 = 0
    private var byteEvictions: UInt64 = 0
    private(set) var outcomes = FragmentSummary()

    /// A datagram is told by its addresses, protocol and identification; for IPv6 by the identification alone, because
    /// only the first fragment's next header counts (RFC 8200 §4.5). What is seen on two links is two datagrams.
    private struct Key: Hashable {
        let source: IPAddress
        let destination: IPAddress
        let identification: UInt32
        let protocolNumber: UInt8
        let interface: InterfaceID
        let vlan: VLANTags
        let tunnel: Tunnel?
    }

    /// A datagram to be followed now: whole, or what the first fragment has of it.
    struct Datagram {
        /// The first fragment, at the time when the last one came; at its own time when the datagram is not whole.
        var head: Packet
        var tunnels: [Tunnel]
        /// What followed the IP header, or the fragment header.
        var bytes: [UInt8]
        /// Bytes on the wire.
        var length: Int
        var isWhole: Bool
    }

    init(_ settings: CorrelatorSettings) {
        capacity = max(1, settings.fragmentCapacity)
        byteCapacity = max(1 << 17, settings.fragmentByteCapacity)
        pieceCapacity = max(2, settings.fragmentPieceCapacity)
        timeoutIPv4 = settings.fragmentTimeoutIPv4
        timeoutIPv6 = settings.fragmentTimeoutIPv6
    }

    var summaries: [TableSummary] {
        [
            TableSummary(
                name: "fragments", count: partials.count, peak: peak, capacity: capacity, evictions: evictions),
            TableSummary(
                name: "fragment_bytes", count: bytes, peak: bytePeak, capacity: byteCapacity,
                evictions: byteEvictions),
        ]
    }

    mutating func takeDue() -> Datagram? { due.isEmpty ? nil : due.removeFirst() }

    /// Adds one fragment.
    ///
    /// - Returns: `false` when its length cannot be: every piece but the last holds a multiple of 8 bytes, and some.
    mutating func add(
        _ packet: Packet, _ header: FragmentHeader, in tunnels: [Tunnel], _ piece: RawSpan
    ) -> Bool {
        let key = Key(
            source: packet.source, destination: packet.destination, identification: header.identification,
            protocolNumber: packet.source.version == .v4 ? packet.protocolNumber : 0, interface: packet.interface,
            vlan: packet.vlan, tunnel: tunnels.last)
        if let old = partials[key], packet.time - old.began > timeout(key) { giveUp(key, \.incomplete) }
        if partials[key] == nil { begin(key, packet.time, tunnels) }
        let isWellFormed = packet.payloadLength > 0 && (header.isLast || packet.payloadLength & 7 == 0)
        let refusal: WritableKeyPath<FragmentSummary, UInt64>?
        if partials[key]?.isRefused == true {
            // A refused datagram's first fragment may come late.
            if header.offset == 0 { followAlone(packet, tunnels, piece) }
            return isWellFormed
        } else if !isWellFormed {
            refusal = \.incomplete
        } else if header.offset + packet.payloadLength > 65_535 {
            refusal = \.tooLarge
        } else if packet.payloadCaptured < packet.payloadLength {
            refusal = \.cut
        } else {
            refusal = join(key, piece, header, packet)
        }
        if let refusal {
            if header.offset == 0, partials[key]?.head == nil { followAlone(packet, tunnels, piece) }
            refuse(key, refusal)
        }
        return isWellFormed
    }

    /// Adds a piece to its datagram, which is due when that was the last one missing.
    ///
    /// - Returns: why the datagram must be refused.
    private mutating func join(
        _ key: Key, _ piece: RawSpan, _ header: FragmentHeader, _ packet: Packet
    ) -> WritableKeyPath<FragmentSummary, UInt64>? {
        guard var partial = partials.removeValue(forKey: key) else { return nil }
        bytes -= partial.cost
        let addition = partial.add(piece, at: header.offset, isLast: header.isLast, packet)
        let isComplete = partial.isComplete
        if isComplete, var head = partial.head {
            head.time = packet.time
            outcomes.reassembled &+= 1
            let whole = partial.joined
            due.append(
                Datagram(head: head, tunnels: partial.tunnels, bytes: whole, length: whole.count, isWhole: true))
            return nil
        }
        bytes += partial.cost
        partials[key] = partial
        bytePeak = max(bytePeak, bytes)
        while bytes > byteCapacity, partials.count > 1 {
            byteEvictions &+= 1
            giveUpOldest(but: partial.serial)
        }
        if addition == .overlapping { return \.overlapping }
        return partial.pieces.count > pieceCapacity ? \.tooManyPieces : nil
    }

    private mutating func begin(_ key: Key, _ time: Timestamp, _ tunnels: [Tunnel]) {
        if partials.count >= capacity {
            evictions &+= 1
            giveUpOldest(but: nil)
        }
        // Those that are complete would pile up.
        if order.count >= 2 * capacity + 64 {
            order = order[orderHead...].filter { partials[$0.key]?.serial == $0.serial }
            orderHead = 0
        }
        serial &+= 1
        let partial = PartialDatagram(began: time, serial: serial, tunnels: tunnels)
        if partials.isEmpty { nextEnd = time + timeout(key) } else { nextEnd = min(nextEnd, time + timeout(key)) }
        order.append((key, serial))
        partials[key] = partial
        bytes += partial.cost
        peak = max(peak, partials.count)
    }

    private func timeout(_ key: Key) -> TimeSpan { key.source.version == .v4 ? timeoutIPv4 : timeoutIPv6 }

    /// The first fragment by itself, straight from its frame.
    private mutating func followAlone(_ packet: Packet, _ tunnels: [Tunnel], _ piece: RawSpan) {
        due.append(
            Datagram(
                head: packet, tunnels: tunnels, bytes: piece.copy(), length: packet.payloadLength, isWhole: false))
    }

    /// The first fragment by itself, if it came.
    private mutating func followHead(_ partial: PartialDatagram) {
        guard let head = partial.head, let first = partial.pieces.first else { return }
        due.append(
            Datagram(
                head: head, tunnels: partial.tunnels, bytes: first.bytes, length: first.bytes.count, isWhole: false))
    }

    private mutating func refuse(_ key: Key, _ outcome: WritableKeyPath<FragmentSummary, UInt64>) {
        guard var partial = partials.removeValue(forKey: key) else { return }
        outcomes[keyPath: outcome] &+= 1
        followHead(partial)
        bytes -= partial.cost
        partial.refuse()
        bytes += partial.cost
        partials[key] = partial
    }

    private mutating func giveUp(_ key: Key, _ outcome: WritableKeyPath<FragmentSummary, UInt64>?) {
        guard let partial = partials.removeValue(forKey: key) else { return }
        bytes -= partial.cost
        if let outcome, !partial.isRefused { outcomes[keyPath: outcome] &+= 1 }
        followHead(partial)
    }

    private mutating func giveUpOldest(but kept: UInt64?) {
        while orderHead < order.count {
            let (key, serial) = order[orderHead]
            // The one that is being added to is the newest or will be looked at again.
            if serial == kept {
                order.append(order[orderHead])
                orderHead += 1
                continue
            }
            orderHead += 1
            guard partials[key]?.serial == serial else { continue }
            return giveUp(key, nil)
        }
    }

    /// Whether there may be datagrams whose time is over.
    func isOver(at time: Timestamp) -> Bool { !partials.isEmpty && time > nextEnd }

    /// Gives up the datagrams whose time is over, in the order in which they began.
    mutating func expire(at time: Timestamp) {
        var earliest: Timestamp?
        var over: [(key: Key, serial: UInt64)] = []
        for (key, partial) in partials {
            let end = partial.began + timeout(key)
            if end < time { over.append((key, partial.serial)) } else { earliest = min(earliest ?? end, end) }
        }
        for (key, _) in over.sorted(by: { $0.serial < $1.serial }) { giveUp(key, \.incomplete) }
        nextEnd = earliest ?? time
        if partials.isEmpty {
            order.removeAll(keepingCapacity: true)
            orderHead = 0
        }
    }

    /// Gives up what is left, at the end of the capture.
    mutating func finish() {
        for (key, _) in partials.map({ ($0.key, $0.value.serial) }).sorted(by: { $0.1 < $1.1 }) {
            giveUp(key, \.incomplete)
        }
    }
}
