import Decode
import Model

/// One TCP connection as seen on the wire (RFC 9293): a pure change of its two records, no I/O, no clock.
///
///     unanswered ──SYN-ACK──▶ answered ──ACK──▶ established ──FIN──▶ halfClosed ──FIN──▶ closed
///          └──── RST: refused or aborted ─┴──── RST ──────────┴──── RST ─────────────────┘
enum TCPTracker {
    /// A turn that a follower may want to hear of.
    enum Turn { case answered, established, refused, reset, halfClosed, closed }

    /// One segment sent in `direction`.
    ///
    /// Segments, payload and times are counted for every segment; control bits, gaps and first bytes only where
    /// they occur. Returns the turn that the segment brought, if any.
    @inline(__always)
    static func apply(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable, _ deviations: inout DeviationTable
    ) -> Turn? {
        flow.countSegment(direction, &detail)
        let expected = flow.next[direction]
        let continues = SegmentAnalysis.continues(packet, direction, &flow, &detail)
        let length = packet.payloadLength
        if length > 0 {
            let time = packet.time.nanoseconds
            if flow.payload[direction] == 0 { detail.firstPayload[direction] = mark(time) }
            flow.payload[direction] &+= UInt64(truncatingIfNeeded: length)
            flow.lastPayload[direction] = time
            if !packet.flags.contains(.syn) {
                SequenceSpace.account(
                    packet.sequenceNumber, UInt32(truncatingIfNeeded: length), direction, &flow, &detail, &holes)
            }
        }
        if packet.window == 0 && !packet.flags.intersects(.syn | .rst) { detail.zeroWindows[direction] &+= 1 }
        var turn: Turn?
        if flow.phase != .established || packet.flags.intersects(.syn | .fin | .rst) {
            turn = control(packet, direction, &flow, &detail, &holes)
        }
        if !continues {
            SegmentAnalysis.examine(
                packet, direction, expected: expected, &flow, &detail, holes, &deviations)
        }
        return turn
    }

    /// Times are never 0 in a record: that means "not seen".
    @inline(__always)
    static func mark(_ nanoseconds: Int64) -> Int64 { nanoseconds == 0 ? 1 : nanoseconds }

    @inline(never)
    private static func control(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) -> Turn? {
        let flags = packet.flags
        if flags.contains(.rst) { return reset(packet, direction, &flow, &detail) }
        if flags.contains(.syn) { return synchronize(packet, direction, &flow, &detail, &holes) }
        var turn: Turn?
        if direction == 0 && flags.contains(.ack) { turn = acknowledge(packet, &flow, &detail) }
        if flags.contains(.fin) { turn = finish(packet, direction, &flow, &detail, &holes) ?? turn }
        return turn
    }

    /// SYN or SYN-ACK, the first one or another.
    private static func synchronize(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) -> Turn? {
        let time = mark(packet.time.nanoseconds)
        // The payload of a SYN (RFC 7413) follows its own sequence number.
        let first = packet.sequenceNumber &+ 1
        if detail.synCount[direction] == 0 {
            detail.firstSyn[direction] = time
            // Data that was seen before its SYN keeps its place: frames may come out of order.
            if !flow.marks.contains(Flow.sequenceKnown(direction)) {
                flow.marks.insert(Flow.sequenceKnown(direction))
                flow.next[direction] = first &+ UInt32(truncatingIfNeeded: packet.payloadLength)
                detail.base[direction] = first
            } else if Int32(bitPattern: detail.base[direction] &- first) > 0 {
                SequenceSpace.begin(at: first, seen: 0, direction, &flow, &detail, &holes)
            }
        } else {
            detail.retransmitted[direction] &+= 1
            detail.repeatedBytes[direction] &+= UInt64(truncatingIfNeeded: packet.payloadLength)
        }
        detail.synCount[direction] &+= 1
        detail.lastSyn[direction] = time
        guard direction == 1, flow.phase == .unanswered || flow.phase == .closed && isTentativelyClosed(&detail) else {
            return nil
        }
        if detail.lastSyn[0] != 0 && detail.serverRoundTrip < 0 {
            detail.serverRoundTrip = packet.time.nanoseconds &- detail.lastSyn[0]
        }
        detail.turns.remove([.refused, .aborted, .serverFirst, .clientFirst])
        flow.phase = .answered
        return .answered
    }

    /// Refused or aborted, and then answered after all: a client that asked again (RFC 9293 §3.10.7.3).
    private static func isTentativelyClosed(_ detail: inout FlowDetail) -> Bool {
        !detail.turns.isDisjoint(with: [.refused, .aborted]) && detail.established == 0
    }

    /// An ACK of the client completes the handshake, even where the SYN-ACK took a way that is not observed.
    private static func acknowledge(
        _ packet: Packet, _ flow: inout Flow, _ detail: inout FlowDetail
    ) -> Turn? {
        guard flow.phase == .answered || flow.phase == .unanswered && detail.synCount[0] > 0 else { return nil }
        detail.established = mark(packet.time.nanoseconds)
        if flow.phase == .answered && detail.lastSyn[1] != 0 {
            detail.clientRoundTrip = packet.time.nanoseconds &- detail.lastSyn[1]
        }
        flow.phase = .established
        return .established
    }

    private static func finish(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) -> Turn? {
        if detail.fin[direction] != 0 {
            if packet.payloadLength == 0 { detail.retransmitted[direction] &+= 1 }
            return nil
        }
        if direction == 0 && detail.rst[0] == 0 { noteReceived(packet, flow, &detail) }
        detail.fin[direction] = mark(packet.time.nanoseconds)
        noteFirst(direction, &detail)
        // The FIN takes one sequence number after the payload.
        let end = packet.sequenceNumber &+ UInt32(truncatingIfNeeded: packet.payloadLength) &+ 1
        if !flow.marks.contains(Flow.sequenceKnown(direction)) {
            flow.marks.insert(Flow.sequenceKnown(direction))
            flow.next[direction] = end
            detail.base[direction] = end
        } else if Int32(bitPattern: end &- flow.next[direction]) > 0 {
            // The FIN may be the first to show that something before it is missing.
            if flow.next[direction] != end &- 1 {
                SequenceSpace.skip(to: end &- 1, direction, &flow, &detail, &holes)
            }
            flow.next[direction] = end
        }
        if detail.established == 0 && direction == 0 && flow.phase == .unanswered {
            detail.turns.insert(.aborted)
            flow.phase = .closed
            return .closed
        }
        guard flow.phase != .closed else { return nil }
        if detail.fin[1 - direction] != 0 {
            flow.phase = .closed
            return .closed
        }
        flow.phase = .halfClosed
        return .halfClosed
    }

    private static func reset(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail
    ) -> Turn? {
        let isFirst = detail.rst[direction] == 0
        if isFirst {
            if direction == 0 && detail.fin[0] == 0 { noteReceived(packet, flow, &detail) }
            detail.rst[direction] = mark(packet.time.nanoseconds)
            detail.resetTTL[direction] = packet.timeToLive
            if direction == 0, !packet.flags.contains(.ack) { detail.turns.insert(.bareReset) }
        }
        guard flow.phase != .closed else { return nil }
        noteFirst(direction, &detail)
        let before = flow.phase
        flow.phase = .closed
        if detail.established == 0 && (detail.synCount[0] > 0 || detail.synCount[1] > 0) {
            if direction == 1 && before == .unanswered {
                detail.turns.insert(.refused)
                return .refused
            }
            if direction == 0 {
                detail.turns.insert(.aborted)
                return .reset
            }
        }
        detail.turns.insert(direction == 0 ? .resetByClient : .resetByServer)
        return .reset
    }

    /// The client ends its side: how much of the server's it has by now. A RST without ACK (RFC 9293 §3.10.7.1) does
    /// not tell; what it acknowledged before does, or else what was seen.
    private static func noteReceived(_ packet: Packet, _ flow: Flow, _ detail: inout FlowDetail) {
        detail.endAcknowledgment =
            packet.flags.contains(.ack)
            ? packet.acknowledgmentNumber
            : flow.marks.contains(.clientAnalysed) ? flow.acknowledged[0] : flow.next[1]
    }

    private static func noteFirst(_ direction: Int, _ detail: inout FlowDetail) {
        if detail.turns.isDisjoint(with: [.clientFirst, .serverFirst]) {
            detail.turns.insert(direction == 0 ? .clientFirst : .serverFirst)
        }
    }

    /// The contract's word for where a connection stands.
    static func state(_ flow: Flow, _ detail: FlowDetail) -> TCPState {
        if detail.synCount[0] == 0 && detail.synCount[1] == 0 { return .midstream }
        if detail.turns.contains(.refused) { return .refused }
        if detail.turns.contains(.aborted) { return .aborted }
        if detail.turns.contains(.resetByClient) { return .resetByClient }
        if detail.turns.contains(.resetByServer) { return .resetByServer }
        switch flow.phase {
        case .closed: return .closed
        case .halfClosed: return .halfClosed
        case .established: return .established
        case .answered: return .halfOpen
        case .empty, .unanswered, .datagrams: return .noAnswer
        }
    }
}
