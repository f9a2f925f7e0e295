import Decode
import Model

/// Tells by each segment's numbers what stands out, by the rules of Wireshark's TCP analysis
/// (https://www.wireshark.org/docs/wsug_html_chunked/ChAdvTCPAnalysis.html), and writes Zeek's history beside it.
///
/// On a steady connection, where both directions go on as expected, a segment costs a few comparisons.
enum SegmentAnalysis {
    /// Whether a segment only continues what is under way. If so it is remembered, and nothing more is to be done.
    ///
    /// To be asked before its payload is accounted for.
    @inline(__always)
    static func continues(
        _ packet: Packet, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail
    ) -> Bool {
        let peer = 1 - direction
        let length = UInt32(truncatingIfNeeded: packet.payloadLength)
        let control: TCPFlags = .syn | .fin | .rst | .ack
        guard flow.marks.contains(Flow.isSteady(direction)),
            packet.flags.rawValue & control.rawValue == TCPFlags.ack.rawValue,
            packet.sequenceNumber == flow.next[direction], packet.window != 0,
            Int32(bitPattern: packet.acknowledgmentNumber &- flow.next[peer]) <= 0
        else { return false }
        if length > 0 {
            let past = packet.sequenceNumber &+ length &- flow.acknowledged[peer]
            // A masking shift: no unknown shift is ever steady.
            let window = UInt32(flow.window[peer]) &<< UInt32(flow.windowShift[peer])
            guard past != window, Int32(bitPattern: past) > 0 else { return false }
        } else {
            guard packet.acknowledgmentNumber != flow.acknowledged[direction] else { return false }
        }
        flow.acknowledged[direction] = packet.acknowledgmentNumber
        flow.window[direction] = packet.window
        let letter = length > 0 ? Flow.hasData(direction) : Flow.hasAcknowledged(direction)
        if !flow.marks.contains(letter) { HistoryTracking.notePlain(packet, direction, &flow.marks, &detail) }
        return true
    }

    /// Looks at a segment that does more, or less, than to continue.
    ///
    /// To be called when its payload and its control bits are accounted for; `expected` is the direction's `next`
    /// before that.
    @inline(never)
    static func examine(
        _ packet: Packet, _ direction: Int, expected: UInt32, _ flow: inout Flow,
        _ detail: inout FlowDetail, _ holes: borrowing HoleTable, _ deviations: inout DeviationTable
    ) {
        let peer = 1 - direction
        let shift = detail.negotiatedShift(direction)
        let peerShift = detail.negotiatedShift(peer)
        var segment = Segment(packet, direction, expected: expected, isScaleKnown: peerShift != nil, &flow)
        if flow.marks.contains(.deviates) {
            segment.own = deviations[detail.deviation].sides[direction].course
            segment.other = deviations[detail.deviation].sides[peer].course
        }
        // A SYN sent again begins anew, whatever a stray RST has told meanwhile.
        if segment.isKnown, packet.flags.contains(.syn), !packet.flags.contains(.ack),
            packet.sequenceNumber &+ 1 == detail.base[direction]
        {
            segment.own.next = segment.own.limit
        }
        HistoryTracking.note(packet, direction, &flow.marks, &detail)
        let isZeroWindow = HistoryTracking.isZeroWindow(packet, direction, detail.endpoints)
        let isRepetition = HistoryTracking.isRepetition(segment, detail.endpoints[direction])
        detail.endpoints.observe(packet.flags, payload: packet.payloadLength, direction)

        let findings = segment.judge(&flow)
        if findings.contains(.windowUpdate) { detail.windowUpdates[direction] &+= 1 }
        if !flow.marks.contains(Flow.sequenceKnown(direction)) { flow.next[direction] = segment.own.next }
        flow.acknowledged[direction] = packet.acknowledgmentNumber
        flow.window[direction] = packet.window
        flow.windowShift[direction] = packet.flags.contains(.syn) ? 0 : shift ?? FlowDetail.unknownShift
        flow.marks.insert(Flow.analysed(direction))

        let isInOrder =
            segment.own.isInOrder(at: flow.next[direction]) && segment.other.isInOrder(at: flow.next[peer])
        let mayTellGaps =
            segment.isPeerKnown && packet.flags.contains(.ack) && detail.endpoints.areClean
            && (flow.marks.contains(Flow.hasHoles(peer))
                || Int32(bitPattern: packet.acknowledgmentNumber &- flow.next[peer]) > 0)
        if !isInOrder || !findings.isSubset(of: .windowUpdate) || isZeroWindow || isRepetition || mayTellGaps,
            detail.deviation == 0
        {
            detail.deviation = deviations.take()
        }
        guard detail.deviation != 0, detail.deviation != .max else {
            flow.marks.remove(.deviates)
            noteSteadiness(packet, direction, shift, peerShift, &flow, &detail)
            return
        }
        let number = detail.deviation
        segment.own.lastTime = segment.time
        deviations[number].sides[direction].course = segment.own
        deviations[number].sides[peer].course = segment.other
        deviations[number].sides[direction].counts.add(findings)
        if !packet.flags.contains(.rst) {
            deviations[number].sides[direction].closedWindow.note(isClosed: isZeroWindow, at: segment.time)
        }
        if isRepetition {
            deviations[number].sides[direction].longestRepetition = max(
                deviations[number].sides[direction].longestRepetition, segment.length)
            HistoryTracking.count(.retransmission, direction, &deviations[number].sides[direction], &detail.history)
        }
        if isZeroWindow {
            HistoryTracking.count(.zeroWindow, direction, &deviations[number].sides[direction], &detail.history)
        }
        if mayTellGaps {
            HistoryTracking.tellGaps(
                before: packet.acknowledgmentNumber, peer, next: flow.next[peer], &deviations[number].sides[peer],
                &detail, holes)
        }
        if isInOrder { flow.marks.remove(.deviates) } else { flow.marks.insert(.deviates) }
        noteSteadiness(packet, direction, shift, peerShift, &flow, &detail)
    }

    /// Decides in which directions the next segment may be one that only continues. The window sent last must be
    /// shifted as the next one is to be; the other side's may be its SYN's.
    @inline(__always)
    private static func noteSteadiness(
        _ packet: Packet, _ direction: Int, _ shift: UInt8?, _ peerShift: UInt8?, _ flow: inout Flow,
        _ detail: inout FlowDetail
    ) {
        flow.marks.remove([.clientIsSteady, .serverIsSteady])
        // What a SYN's options say of the shifts is read after it.
        guard !packet.flags.contains(.syn), flow.marks.isSuperset(of: [.clientAnalysed, .serverAnalysed]),
            flow.marks.isDisjoint(with: [.deviates, .clientHasHoles, .serverHasHoles]),
            detail.deviation != .max, flow.window[0] != 0, flow.window[1] != 0,
            detail.endpoints[0] != .inactive, detail.endpoints[1] != .inactive
        else { return }
        let peer = 1 - direction
        if flow.windowShift[direction] == shift ?? FlowDetail.unknownShift {
            flow.marks.insert(Flow.isSteady(direction))
        }
        if flow.windowShift[peer] == peerShift ?? FlowDetail.unknownShift { flow.marks.insert(Flow.isSteady(peer)) }
    }

    /// What one segment can be, beside what its bytes are.
    struct Findings: OptionSet {
        let rawValue: UInt16

        static let fastRetransmission = Findings(rawValue: 1)
        static let spuriousRetransmission = Findings(rawValue: 2)
        static let duplicateAck = Findings(rawValue: 4)
        static let lostSegment = Findings(rawValue: 8)
        static let ackedUnseen = Findings(rawValue: 16)
        static let windowFull = Findings(rawValue: 32)
        static let zeroWindowProbe = Findings(rawValue: 64)
        static let windowUpdate = Findings(rawValue: 128)
        static let keepAlive = Findings(rawValue: 256)
        static let keepAliveAck = Findings(rawValue: 512)
    }

    /// A segment, and where both directions stood before it.
    struct Segment {
        let direction: Int
        let sequence: UInt32
        let acknowledgment: UInt32
        let length: UInt32
        let window: UInt16
        let flags: TCPFlags
        let time: Int64
        /// Something was sent in this direction before, and in the other.
        let isKnown: Bool
        let isPeerKnown: Bool
        /// The other side's window is known in bytes.
        let isScaleKnown: Bool
        var own: SideDeviation.Course
        var other: SideDeviation.Course

        @inline(__always)
        init(
            _ packet: Packet, _ direction: Int, expected: UInt32, isScaleKnown: Bool, _ flow: inout Flow
        ) {
            let peer = 1 - direction
            self.direction = direction
            sequence = packet.sequenceNumber
            acknowledgment = packet.acknowledgmentNumber
            length = UInt32(truncatingIfNeeded: packet.payloadLength)
            window = packet.window
            flags = packet.flags
            time = packet.time.nanoseconds
            isKnown = flow.marks.contains(Flow.analysed(direction))
            isPeerKnown = flow.marks.contains(Flow.analysed(peer))
            self.isScaleKnown = isScaleKnown
            own = SideDeviation.Course(at: expected)
            other = SideDeviation.Course(at: flow.next[peer])
        }

        /// Follows the last byte of the payload.
        var end: UInt32 { sequence &+ length }

        /// Neither SYN nor FIN nor RST.
        private var isPlain: Bool { !flags.intersects(.syn | .fin | .rst) }

        /// What the segment is. Moves both directions on.
        @inline(__always)
        mutating func judge(_ flow: inout Flow) -> Findings {
            let peer = 1 - direction
            var findings = judgeForm(&flow)
            let isProbe = findings.contains(.zeroWindowProbe)
            if acknowledgment != flow.acknowledged[direction] { own.duplicates = 0 }
            if isPeerKnown, flags.contains(.ack),
                Int32(bitPattern: acknowledgment &- other.limit) > 0
            {
                if other.duplicates == 0 { findings.insert(.ackedUnseen) }
                // Once is enough: the next ones tell of the same loss.
                other.duplicates = -1
            }
            if length > 0 && !findings.contains(.keepAlive) {
                if isPeerKnown, Int32(bitPattern: end &- flow.acknowledged[peer]) <= 0 {
                    findings.insert(.spuriousRetransmission)
                } else if isBehind, isPeerKnown, other.duplicates >= 2,
                    flow.acknowledged[peer] == sequence,
                    (0..<20_000_000).contains(time &- other.lastTime)
                {
                    findings.insert(.fastRetransmission)
                }
            }
            if !isProbe {
                let next = flags.intersects(.syn | .fin) ? end &+ 1 : end
                let isContinued = !isKnown || sequence == own.limit
                if !isKnown || Int32(bitPattern: next &- own.next) > 0 { own.next = next }
                if isContinued { own.limit = own.next }
            }
            own.last = isProbe ? .zeroWindowProbe : findings.contains(.keepAlive) ? .keepAlive : .ordinary
            return findings
        }

        /// What the segment is by its own numbers and the other side's window.
        @inline(__always)
        private mutating func judgeForm(_ flow: inout Flow) -> Findings {
            let peer = 1 - direction
            let isNext = isKnown && sequence == own.next
            if length == 1 && isNext && isPeerKnown && flow.window[peer] == 0 { return .zeroWindowProbe }
            var findings: Findings = []
            if isKnown, Int32(bitPattern: sequence &- own.next) > 0, !flags.contains(.rst) {
                findings.insert(.lostSegment)
            }
            guard isPlain else { return findings }
            if isKnown, length <= 1, sequence == own.next &- 1 { findings.insert(.keepAlive) }
            if length > 0 {
                let edge = flow.acknowledged[peer] &+ UInt32(flow.window[peer]) << UInt32(flow.windowShift[peer])
                if isPeerKnown && isScaleKnown && end == edge { findings.insert(.windowFull) }
                return findings
            }
            // The same numbers as in the segment before.
            guard isNext, window != 0, acknowledgment == flow.acknowledged[direction] else {
                return findings
            }
            if window != flow.window[direction] {
                findings.insert(.windowUpdate)
            } else if other.last == .keepAlive {
                findings.insert(.keepAliveAck)
            } else {
                findings.insert(.duplicateAck)
                own.duplicates = own.duplicates == -1 ? 1 : own.duplicates &+ 1
            }
            return findings
        }

        /// It brings nothing beyond what was seen. A whole segment where a keep-alive or a probe was is new.
        private var isBehind: Bool {
            isKnown && Int32(bitPattern: sequence &- own.next) < 0
                && !(length > 1 && sequence == own.next &- 1)
        }
    }
}

extension TCPAnalysis {
    fileprivate mutating func add(_ findings: SegmentAnalysis.Findings) {
        if findings.isEmpty { return }
        if findings.contains(.fastRetransmission) { fastRetransmissions &+= 1 }
        if findings.contains(.spuriousRetransmission) { spuriousRetransmissions &+= 1 }
        if findings.contains(.duplicateAck) { duplicateAcks &+= 1 }
        if findings.contains(.lostSegment) { lostSegments &+= 1 }
        if findings.contains(.ackedUnseen) { ackedUnseenSegments &+= 1 }
        if findings.contains(.windowFull) { windowFull &+= 1 }
        if findings.contains(.zeroWindowProbe) { zeroWindowProbes &+= 1 }
        if findings.contains(.keepAlive) { keepAlives &+= 1 }
        if findings.contains(.keepAliveAck) { keepAliveAcks &+= 1 }
    }
}

extension FlowDetail {
    /// Shifts every window to where no segment can end.
    static let unknownShift: UInt8 = 31

    /// Bits that a side's windows are shifted by after its SYN (RFC 7323 §2.2): 0 unless both offered, `nil` when
    /// the SYN that would tell was not seen.
    @inline(__always)
    func negotiatedShift(_ direction: Int) -> UInt8? {
        let (own, other) = (options[direction].windowScale, options[1 - direction].windowScale)
        switch (synCount[direction] > 0, synCount[1 - direction] > 0) {
        case (true, true): return other == nil ? 0 : own.map { min($0, 14) } ?? 0
        case (true, false): return own.map { min($0, 14) } ?? 0
        case (false, true): return other == nil ? 0 : nil
        case (false, false): return nil
        }
    }
}
