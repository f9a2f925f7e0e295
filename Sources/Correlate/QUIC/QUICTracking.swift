import Decode
import Model

// QUIC over UDP: recognised by its long header, read until the client's first 1-RTT packet, and from then on a
// datagram like any other. Ids and packets are counted alike whether or not records are kept; only where they are,
// Initial packets are decrypted.

extension Correlator {
    /// What the first datagram of an exchange says of it, were it QUIC.
    struct QUICBeginning {
        /// It is the packet with which a client begins.
        var isClientsFirst: Bool
        /// Only a server sends such a packet.
        var isServers: Bool
    }

    /// A client begins with an Initial packet in a datagram of at least 1200 bytes (RFC 9000 §14.1), to a connection id
    /// of at least 8 (§7.2). Other long headers tell of a connection that is older than the capture.
    @inline(__always)
    static func quicBeginning(_ packet: Packet, _ frame: RawSpan) -> QUICBeginning? {
        guard packet.payloadCaptured >= QUICLongHeaderView.leastByteCount else { return nil }
        let payload = packet.payload(in: frame)
        guard QUICLongHeaderView.mayBegin(payload) else { return nil }
        return judgeBeginning(payload, packet)
    }

    @inline(never)
    private static func judgeBeginning(_ payload: RawSpan, _ packet: Packet) -> QUICBeginning? {
        let isWhole = packet.payloadLength >= leastClientDatagram
        guard let header = try? QUICLongHeaderView(payload, from: 0, at: 0) else {
            // Cut by a snap length: the start of the header is all there is.
            guard packet.isCut, isWhole, let start = QUICLongHeaderView.Start(payload), start.isInitial,
                start.destination.byteCount >= 8
            else { return nil }
            return QUICBeginning(isClientsFirst: true, isServers: false)
        }
        guard header.hasFixedBit || header.kind == .unknown else { return nil }
        switch header.kind {
        case .initial:
            let isClients = isWhole && header.destination.byteCount >= 8
            return isClients || header.destination.byteCount < 8
                ? QUICBeginning(isClientsFirst: isClients, isServers: !isClients) : nil
        case .unknown:
            // A client that knows other versions, or tries whether the server negotiates.
            guard isWhole, header.destination.byteCount >= 8, header.version.draft != nil || header.version.isReserved
            else { return nil }
            return QUICBeginning(isClientsFirst: true, isServers: false)
        case .zeroRTT, .handshake: return QUICBeginning(isClientsFirst: false, isServers: false)
        case .retry: return QUICBeginning(isClientsFirst: false, isServers: true)
        case .versionNegotiation: return nil
        }
    }

    private static let leastClientDatagram = 1200

    /// Datagrams of one direction that are looked at for long headers.
    private static let quicWatchLimit: UInt64 = 64
    /// Packets of one datagram: one of each kind and some to spare.
    private static let coalescedLimit = 8

    /// The exchange in `slot` has just begun, and is QUIC.
    mutating func beginQUIC(_ slot: Int, _ beginning: QUICBeginning) {
        flows.hot[slot].marks.formUnion([.watchesClient, .watchesServer])
        guard settings.keepsRecords else { return }
        attachments.demand(&flows.cold[slot]).application.kind = .quic
        if !beginning.isClientsFirst {
            attachments.demand(&flows.cold[slot]).joinedMidstream = true
        }
    }

    /// The packets of one datagram (RFC 9000 §12.2), as long as the handshake goes on.
    @inline(never)
    mutating func readQUIC(_ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan) {
        if flows.hot[slot].segments[direction] > Self.quicWatchLimit {
            flows.hot[slot].marks.remove(Flow.watches(direction))
            endHandshake(slot)
            return
        }
        let payload = packet.payload(in: frame)
        var position = 0
        for count in 0..<Self.coalescedLimit where position < payload.byteCount {
            if QUICShortHeader.mayBegin(payload, at: position) {
                observeOneRTT(slot, direction, payload, position, packet.time)
                return
            }
            guard count == 0 || QUICLongHeaderView.mayBegin(payload, at: position) else { return }
            do throws(DecodeError) {
                let header = try QUICLongHeaderView(payload, from: position, at: packet.payloadOffset)
                decoder.countMessage(.quic)
                observeLongHeader(slot, direction, header, packet.time)
                position += header.byteCount
            } catch {
                decoder.countFailure(error, isCut: packet.payloadCaptured < packet.payloadLength)
                if settings.keepsRecords, count == 0 { noteCutHeader(slot, direction, payload, packet.time) }
                return
            }
        }
    }

    private mutating func observeLongHeader(
        _ slot: Int, _ direction: Int, _ header: borrowing QUICLongHeaderView, _ time: Timestamp
    ) {
        if direction == 1, header.kind == .initial || header.kind == .handshake {
            rememberIDs(slot, client: header.destination, server: header.source)
        }
        guard settings.keepsRecords else { return }
        let attachment = attachments.demand(&flows.cold[slot])
        note(
            header.version, header.destination, header.source, isInitial: header.kind == .initial, slot, direction, time
        )
        switch header.kind {
        case .initial:
            if direction == 0, attachment.application.quic?.clientHandshake == nil, !attachment.hasTriedQUIC {
                beginHandshake(slot, header.destination, time)
            }
            guard let handshake = attachment.quic else { break }
            let before = attachment.application.tls?.serverName
            handshake.read(header, from: direction == 0 ? .client : .server, at: time, into: &attachment.application)
            if let name = attachment.application.tls?.serverName, name != before { attachment.join(name, .clientHello) }
            if handshake.isOver { endHandshake(slot) }
            noteChange(slot)
        case .zeroRTT: if direction == 0 { attachment.application.quic?.zeroRTTPackets &+= 1 }
        case .handshake:
            if direction == 0, attachment.application.quic?.clientHandshake == nil {
                attachment.application.quic?.clientHandshake = time
                endHandshake(slot)
            }
        case .retry: if direction == 1 { attachment.quic?.retry(header, at: time, into: &attachment.application) }
        case .versionNegotiation:
            if direction == 1 { attachment.quic?.negotiate(header, at: time, into: &attachment.application) }
        case .unknown:
            // Its keys are not known, but the server's offer of other versions is for its connection id.
            if direction == 0, !attachment.hasTriedQUIC { beginHandshake(slot, header.destination, time) }
        }
    }

    /// What every long header tells of the connection.
    private mutating func note(
        _ version: QUICVersion, _ destination: QUICConnectionID, _ source: QUICConnectionID, isInitial: Bool,
        _ slot: Int, _ direction: Int, _ time: Timestamp
    ) {
        let attachment = attachments.demand(&flows.cold[slot])
        var facts = attachment.application.quic ?? QUICFacts(version: version)
        facts.joinedMidstream = attachment.joinedMidstream
        if direction == 0 {
            if facts.clientConnectionID == nil { facts.clientConnectionID = source }
            if facts.serverConnectionID == nil, version != .negotiation { facts.version = version }
            if facts.clientInitial == nil, !facts.joinedMidstream {
                facts.clientInitial = time
                facts.originalDestinationConnectionID = destination
            }
        } else if facts.serverAnswer == nil {
            facts.serverAnswer = time
        }
        attachment.application.quic = facts
    }

    private mutating func noteCutHeader(_ slot: Int, _ direction: Int, _ payload: RawSpan, _ time: Timestamp) {
        guard let start = QUICLongHeaderView.Start(payload) else { return }
        note(start.version, start.destination, start.source, isInitial: start.isInitial, slot, direction, time)
        if start.isInitial { attachments[flows.cold[slot].attachment]?.application.quic?.unreadInitials &+= 1 }
    }

    /// A 1-RTT packet. The client's first one is the sign that its handshake is over; then nothing is left to read.
    private mutating func observeOneRTT(
        _ slot: Int, _ direction: Int, _ payload: RawSpan, _ position: Int, _ time: Timestamp
    ) {
        guard direction == 0 else { return }
        let number = flows.cold[slot].connectionIDs[1]
        // Zeros behind the last packet fill a datagram up.
        guard number != 0 || QUICShortHeader.hasFixedBit(payload, at: position) else { return }
        if number != 0 {
            // It must be sent to the server that answered, by its name.
            let id = connectionIDs[number].id
            guard QUICShortHeader.destination(of: payload, at: position, byteCount: Int(id.byteCount)) == id else {
                return
            }
        }
        flows.hot[slot].marks.subtract([.watchesClient, .watchesServer])
        let generation = flows.cold[slot].generation
        for side in 0..<2 {
            connectionIDs.confirm(flows.cold[slot].connectionIDs[side], slot: slot, generation: generation)
        }
        endHandshake(slot)
        if let attachment = attachments[flows.cold[slot].attachment],
            attachment.application.quic?.joinedMidstream == false
        {
            attachment.application.quic?.finished = time
            attachment.application.tls?.finished = time
        }
        noteChange(slot)
    }

    // MARK: handshakes under way

    private mutating func beginHandshake(_ slot: Int, _ destination: QUICConnectionID, _ time: Timestamp) {
        let attachment = attachments.demand(&flows.cold[slot])
        attachment.hasTriedQUIC = true
        switch handshakes.begin(slot: slot, generation: flows.cold[slot].generation, at: time) {
        case .refused: return
        case .admitted: break
        case .full(let oldest, let generation):
            if flows.cold[oldest].generation == generation { endHandshake(oldest, isEvicted: true) }
        }
        attachment.quic = QUICHandshake(destination: destination)
    }

    /// Lets go of the keys and buffers of a handshake, if there are any.
    mutating func endHandshake(_ slot: Int, isEvicted: Bool = false) {
        guard let attachment = attachments[flows.cold[slot].attachment], attachment.quic != nil else { return }
        attachment.quic = nil
        handshakes.end(isEvicted: isEvicted)
    }
}
