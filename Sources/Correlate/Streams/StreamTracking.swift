import Decode
import Model

// Which segments have something to read, and which connections are read at all.

extension Correlator {
    /// Whether a segment concerns the byte streams: its direction is watched, and not in a stretch that nobody wants
    /// to see; or it acknowledges bytes that are waited for.
    @inline(__always)
    func wantsStream(_ slot: Int, _ direction: Int, _ packet: Packet) -> Bool {
        let marks = flows.hot[slot].marks
        if marks.contains(.awaitsBytes) { return true }
        guard packet.payloadLength > 0, marks.contains(Flow.watches(direction)) else { return false }
        guard marks.contains(Flow.quiet(direction)) else { return true }
        let end = packet.sequenceNumber &+ UInt32(truncatingIfNeeded: packet.payloadLength)
        return Int32(bitPattern: end &- flows.hot[slot].quietUntil) >= 0
    }

    @inline(never)
    mutating func readStream(_ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan) {
        guard let stream = streams[flows.cold[slot].stream] ?? begin(slot, direction, packet, frame) else { return }
        locate(stream, slot)
        if packet.flags.contains(.ack) { stream[1 - direction].noteAcknowledged(packet.acknowledgmentNumber) }
        if packet.payloadLength > 0 {
            let start = packet.sequenceNumber &+ (packet.flags.contains(.syn) ? 1 : 0)
            let length = UInt32(truncatingIfNeeded: packet.payloadLength)
            if direction == 1, case .recognising = stream.application, !mayFollow(start, length, stream) {
                return stopReading(slot)
            }
            take(packet.payload(in: frame), length, at: start, direction, slot, stream, packet.time)
        }
        proceed(slot, stream, packet.time)
    }

    /// Goes on in both directions as far as the bytes that are there allow, and settles what is to be looked at next.
    private mutating func proceed(_ slot: Int, _ stream: Stream, _ time: Timestamp) {
        for direction in [0, 1] where flows.cold[slot].stream != 0 { resume(direction, slot, stream, time) }
        for direction in [0, 1] where flows.cold[slot].stream != 0 { noteReached(direction, slot, stream) }
        guard flows.cold[slot].stream != 0 else { return }
        if stream.follower?.isDone == true || stream.client.isOver && stream.server.isOver || !streams.count(stream) {
            return stopReading(slot)
        }
        mark(slot, stream)
    }

    /// The first bytes of a connection. What is recognised at once, and needs no more reading, gets no stream.
    private mutating func begin(
        _ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan
    ) -> Stream? {
        if flows.cold[slot].synCount[0] == 0 && flows.cold[slot].synCount[1] == 0 {
            return join(slot, direction, packet, frame)
        }
        let payload = packet.payload(in: frame)
        let start = packet.sequenceNumber &+ (packet.flags.contains(.syn) ? 1 : 0)
        if direction == 0, start == flows.cold[slot].base[0] {
            let signature = ApplicationSignature(payload, isDNSPort: isDNSPort(slot))
            if signature == .http2 { noteHTTP2(slot) }
            if signature == .other || signature == .http2 || packet.payloadCaptured == 0 {
                stopReading(slot)
                return nil
            }
            if signature == .tls && !settings.keepsRecords {
                if ClientHelloView.begins(payload) { decoder.countMessage(.tls) }
                stopReading(slot)
                return nil
            }
        }
        let stream = Stream()
        flows.cold[slot].stream = streams.insert(stream)
        return stream
    }

    /// A connection that began unseen is read from a segment on that is without doubt the beginning of something: the first
    /// one of a side, or none. The other side is read from where that segment says that it has come to.
    private mutating func join(
        _ slot: Int, _ direction: Int, _ packet: Packet, _ frame: RawSpan
    ) -> Stream? {
        // One byte is how a keep-alive asks whether the other side is still there (RFC 9293 §3.8.4).
        guard packet.payloadLength > 1 else { return nil }
        flows.hot[slot].marks.remove(Flow.watches(direction))
        guard packet.flags.contains(.ack) else { return nil }
        let signature = ApplicationSignature(
            midstream: packet.payload(in: frame), fromClient: direction == 0, isDNSPort: isDNSPort(slot))
        switch signature {
        case .other, .undecided: return nil
        case .http2:
            noteHTTP2(slot)
            stopReading(slot)
            return nil
        case .tls where !settings.keepsRecords:
            decoder.countMessage(.tls)
            stopReading(slot)
            return nil
        // An answer may carry the text of a request: the ports have to say that this is none.
        case .http where !PortRank.tellsServer(flows.hot[slot]): return nil
        case .tls, .http, .dns: break
        }
        let stream = Stream()
        flows.cold[slot].stream = streams.insert(stream)
        flows.hot[slot].marks.formUnion([.watchesClient, .watchesServer])
        for side in [0, 1] { stream[side].isKnown = true }
        stream[direction].next = packet.sequenceNumber
        stream[1 - direction].next = packet.acknowledgmentNumber
        stream.doubt = Stream.Doubt(direction: 1 - direction, signature: signature, asked: packet.sequenceNumber)
        begin(signature, direction, slot, stream)
        return stream
    }

    /// Where both directions begin, as soon as it is known.
    private mutating func locate(_ stream: Stream, _ slot: Int) {
        for direction in [0, 1] where !stream[direction].isKnown {
            guard flows.hot[slot].marks.contains(Flow.sequenceKnown(direction)) else { continue }
            stream[direction].isKnown = true
            stream[direction].next = flows.cold[slot].base[direction]
        }
    }

    /// Whether bytes of the server may be an answer to bytes of the client that are still to be seen: frames come out
    /// of order. A server that speaks first speaks nothing that is read here.
    private func mayFollow(_ start: UInt32, _ length: UInt32, _ stream: Stream) -> Bool {
        // Sent again: what a tunnel carries came later.
        if stream.server.isKnown, stream.server.distance(to: start &+ length) <= 0 { return true }
        if !stream.head.isEmpty || !stream.client.held.isEmpty { return true }
        if stream.server.distance(to: start) > 0 { return true }
        guard stream.client.isKnown, let acknowledged = stream.client.acknowledged else { return false }
        return stream.client.distance(to: acknowledged) > 0
    }

    /// Tells a follower the end of a direction when every byte before it has been read.
    private mutating func noteReached(_ direction: Int, _ slot: Int, _ stream: Stream) {
        guard !stream[direction].isOver, let follower = stream.follower else { return }
        let (how, time): (StreamEnd, Int64)
        let turns = flows.cold[slot].turns
        if flows.cold[slot].fin[direction] != 0 {
            guard stream[direction].next == end(direction, slot) else { return }
            (how, time) = (.finished, flows.cold[slot].fin[direction])
        } else if !stream[direction].held.isEmpty {
            return
        } else if turns.contains(.resetByClient) || flows.cold[slot].rst[0] != 0 {
            (how, time) = (.resetByClient, max(flows.cold[slot].rst[0], 1))
        } else if turns.contains(.resetByServer) || flows.cold[slot].rst[1] != 0 {
            (how, time) = (.resetByServer, max(flows.cold[slot].rst[1], 1))
        } else {
            return
        }
        stream[direction].isOver = true
        let moment = Timestamp(nanoseconds: time)
        follow(slot, stream, moment) { follower.end(direction, how, at: moment, &$0) }
    }

    /// Sequence number behind the last byte that was sent in `direction` so far.
    mutating func end(_ direction: Int, _ slot: Int) -> UInt32 {
        // A FIN takes one number.
        flows.hot[slot].next[direction] &- (flows.cold[slot].fin[direction] != 0 ? 1 : 0)
    }

    /// A direction was closed, or the connection was reset.
    @inline(never)
    mutating func noteEnd(_ turn: TCPTracker.Turn, _ slot: Int, _ direction: Int, _ time: Timestamp) {
        guard turn == .halfClosed || turn == .closed || turn == .reset,
            let stream = streams[flows.cold[slot].stream]
        else { return }
        proceed(slot, stream, time)
    }

    /// The request ends: what was held back is read, and gaps before it will not be filled.
    mutating func endStreams(_ slot: Int) {
        guard let stream = streams[flows.cold[slot].stream] else { return }
        let time = Timestamp(nanoseconds: flows.hot[slot].last)
        for direction in [0, 1] where flows.cold[slot].stream != 0 {
            finish(direction, slot, stream, time)
            noteReached(direction, slot, stream)
            if flows.cold[slot].stream != 0, !stream[direction].isOver, let follower = stream.follower {
                stream[direction].isOver = true
                follow(slot, stream, time) { follower.end(direction, .unobserved, at: time, &$0) }
            }
        }
        stopReading(slot)
    }

    /// Nothing more is read of the connection; what is known of it stays.
    mutating func stopReading(_ slot: Int) {
        flows.hot[slot].marks.subtract(
            [.watchesClient, .watchesServer, .quietClient, .quietServer, .awaitsBytes])
        guard let stream = streams[flows.cold[slot].stream] else { return }
        if settings.keepsRecords, stream.follower != nil || stream.tunnel != nil {
            stream.tell(&attachments.demand(&flows.cold[slot]).application)
        }
        streams.remove(flows.cold[slot].stream)
        flows.cold[slot].stream = 0
    }

    /// Settles which of the coming segments the packet path has to bring here.
    private mutating func mark(_ slot: Int, _ stream: Stream) {
        var marks = flows.hot[slot].marks
        marks.subtract([.quietClient, .quietServer, .awaitsBytes])
        var longest: UInt64 = 0
        for direction in [0, 1] {
            let half = stream[direction]
            let quiet = stream.quiet(direction)
            if !half.held.isEmpty || quiet > 0 && half.next != end(direction, slot) {
                marks.insert(.awaitsBytes)
                continue
            }
            // It may be far behind by the time that somebody waits again.
            stream[direction].acknowledged = nil
            if quiet > longest && half.isKnown {
                longest = quiet
                marks.subtract([.quietClient, .quietServer])
                marks.insert(Flow.quiet(direction))
                flows.hot[slot].quietUntil = half.next &+ Self.stretch(quiet)
            }
        }
        flows.hot[slot].marks = marks
    }

    /// As much of a quiet stretch as sequence numbers can tell from the past.
    static func stretch(_ quiet: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: min(quiet, 1 << 30)) }
}
