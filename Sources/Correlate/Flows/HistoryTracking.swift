import Decode
import Model

/// Writes Zeek's history, by Zeek's rules where they differ from Wireshark's.
enum HistoryTracking {
    /// The letters for a segment's flags and payload: most once a direction, control bits again when they come with
    /// another sequence number.
    @inline(__always)
    static func note(
        _ packet: Packet, _ direction: Int, _ marks: inout Flow.Marks, _ detail: inout FlowDetail
    ) {
        if packet.flags.intersects(.syn | .fin | .rst) {
            noteControl(packet, direction, &detail)
        } else {
            notePlain(packet, direction, &marks, &detail)
        }
    }

    /// A segment without SYN, FIN and RST.
    @inline(__always)
    static func notePlain(
        _ packet: Packet, _ direction: Int, _ marks: inout Flow.Marks, _ detail: inout FlowDetail
    ) {
        if packet.payloadLength > 0 {
            if !marks.contains(Flow.hasData(direction)) {
                marks.insert(Flow.hasData(direction))
                detail.history.append(.data, direction)
            }
        } else if packet.flags.contains(.ack), !marks.contains(Flow.hasAcknowledged(direction)) {
            marks.insert(Flow.hasAcknowledged(direction))
            detail.history.append(.acknowledgment, direction)
        }
    }

    private static func noteControl(_ packet: Packet, _ direction: Int, _ detail: inout FlowDetail) {
        let flags = packet.flags
        let (isSyn, isFin, isRst) = (flags.contains(.syn), flags.contains(.fin), flags.contains(.rst))
        if isFin && isRst || isSyn && (isFin || isRst) {
            let letter = isFin && isRst ? ConnectionHistory.Letter.inconsistent : .multipleFlags
            if !detail.history.contains(letter, direction) { detail.history.append(letter, direction) }
        } else if isSyn {
            let isFirst =
                !detail.history.contains(.syn, direction) && !detail.history.contains(.synAck, direction)
            let letter = flags.contains(.ack) ? ConnectionHistory.Letter.synAck : .syn
            if isFirst || packet.sequenceNumber &+ 1 != detail.base[direction] {
                detail.history.append(letter, direction)
            }
        } else if isFin {
            let end = packet.sequenceNumber &+ UInt32(truncatingIfNeeded: packet.payloadLength)
            let isFirst = !detail.history.contains(.fin, direction)
            add(.fin, end, direction, isFirst, &detail.finSequence, &detail.history)
        } else {
            let isFirst = !detail.history.contains(.reset, direction)
            add(.reset, packet.sequenceNumber, direction, isFirst, &detail.rstSequence, &detail.history)
        }
    }

    private static func add(
        _ letter: ConnectionHistory.Letter, _ sequence: UInt32, _ direction: Int, _ isFirst: Bool,
        _ latest: inout InlineArray<2, UInt32>, _ history: inout ConnectionHistory
    ) {
        if isFirst || latest[direction] != sequence { history.append(letter, direction) }
        latest[direction] = sequence
    }

    /// A window of zero that says something: not in or after a RST, nor after the other side's FIN.
    @inline(__always)
    static func isZeroWindow(_ packet: Packet, _ direction: Int, _ endpoints: EndpointStates) -> Bool {
        packet.window == 0 && !packet.flags.contains(.rst) && endpoints[1 - direction] != .closed
            && endpoints[direction] != .reset
    }

    /// Payload that ends no later than what was sent before: sent again, or out of order.
    @inline(__always)
    static func isRepetition(_ segment: SegmentAnalysis.Segment, _ sender: EndpointStates.State) -> Bool {
        guard segment.length > 0, sender != .reset else { return false }
        let (isSyn, isRst) = (segment.flags.contains(.syn), segment.flags.contains(.rst))
        // A direction that begins with payload in its SYN counts it as sent before.
        guard segment.isKnown, sender != .inactive else { return isSyn || isRst }
        var end = isRst ? segment.sequence : segment.end
        if isSyn { end &+= 1 }
        if segment.flags.contains(.fin) { end &+= 1 }
        let ahead = Int32(bitPattern: end &- segment.own.next)
        // The numbers of a stray SYN or RST are not to be trusted.
        return ahead <= 0 && !((isSyn || isRst) && ahead < -(1 << 20))
    }

    /// Counts what happens often: the letter is written the 1st, 10th, 100th time and so on.
    static func count(
        _ letter: ConnectionHistory.Letter, _ direction: Int, _ side: inout SideDeviation,
        _ history: inout ConnectionHistory
    ) {
        let number: UInt32
        switch letter {
        case .retransmission:
            side.repetitions &+= 1
            number = side.repetitions
        case .zeroWindow:
            side.zeroWindows &+= 1
            number = side.zeroWindows
        default:
            side.gaps &+= 1
            number = side.gaps
        }
        var threshold: UInt32 = 1
        while threshold < number && threshold < 1_000_000_000 { threshold &*= 10 }
        if number == threshold { history.append(letter, direction) }
    }

    /// An ACK for bytes of `direction` that are missing: a content gap each.
    static func tellGaps(
        before acknowledgment: UInt32, _ direction: Int, next: UInt32, _ side: inout SideDeviation,
        _ detail: inout FlowDetail, _ holes: borrowing HoleTable
    ) {
        var top = acknowledgment
        // The FIN's own number is not a byte.
        if detail.fin[direction] != 0, Int32(bitPattern: top &- next) >= 0 {
            top = next &- 1
        }
        let floor = side.tellsGaps ? side.gapFloor : detail.base[direction]
        guard Int32(bitPattern: top &- floor) > 0 else { return }
        var gaps = holes.count(from: floor, to: top, in: detail.holes[direction])
        if Int32(bitPattern: top &- next) > 0 { gaps &+= 1 }
        for _ in 0..<gaps { count(.gap, direction, &side, &detail.history) }
        side.gapFloor = top
        side.tellsGaps = true
    }
}
