import Model

/// Accounts for payload by its place in the sequence space: new, again, out of order, or beyond a gap.
enum SequenceSpace {
    /// A jump of more than this is not a gap but another connection, a hostile segment, or a capture with large
    /// parts missing: it is followed without being remembered. The largest window is 1 GiB (RFC 7323 §2.2).
    private static let largestGap: Int32 = 1 << 30

    /// [next, `sequence`) was skipped over: missing until it is seen.
    @inline(never)
    static func skip(
        to sequence: UInt32, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail, _ holes: inout HoleTable
    ) {
        let next = flow.next[direction]
        flow.next[direction] = sequence
        if sequence &- next <= UInt32(largestGap) {
            remember(next, sequence, direction, &flow, &detail, &holes)
        } else {
            detail.untrackedHoles &+= 1
            detail.base[direction] = sequence
        }
    }

    /// The space begins at `first`, before all that was seen. Of what is between, `seen` bytes are there, the rest is
    /// missing until it is seen.
    static func begin(
        at first: UInt32, seen: UInt32, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) {
        let base = detail.base[direction]
        detail.base[direction] = first
        guard first &+ seen != base else { return }
        remember(first &+ seen, base, direction, &flow, &detail, &holes)
    }

    private static func remember(
        _ start: UInt32, _ end: UInt32, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) {
        if holes.add(start, end, to: &detail.holes[direction]) {
            flow.marks.insert(Flow.hasHoles(direction))
        } else {
            detail.untrackedHoles &+= 1
        }
    }

    /// `length` payload bytes at `sequence`, sent in `direction`. The common case, the very next bytes, is one
    /// comparison.
    @inline(__always)
    static func account(
        _ sequence: UInt32, _ length: UInt32, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) {
        if flow.next[direction] == sequence && flow.marks.contains(Flow.sequenceKnown(direction)) {
            flow.next[direction] = sequence &+ length
        } else {
            accountOutOfLine(sequence, length, direction, &flow, &detail, &holes)
        }
    }

    @inline(never)
    private static func accountOutOfLine(
        _ sequence: UInt32, _ length: UInt32, _ direction: Int, _ flow: inout Flow, _ detail: inout FlowDetail,
        _ holes: inout HoleTable
    ) {
        let end = sequence &+ length
        guard flow.marks.contains(Flow.sequenceKnown(direction)) else {
            flow.marks.insert(Flow.sequenceKnown(direction))
            flow.next[direction] = end
            detail.base[direction] = sequence
            return
        }
        let next = flow.next[direction]
        let ahead = Int32(bitPattern: sequence &- next)
        if ahead > 0 {
            skip(to: sequence, direction, &flow, &detail, &holes)
            flow.next[direction] = end
            return
        }
        // One byte (or none) just before the next is how a keep-alive asks (RFC 9293 §3.8.4); it carries nothing.
        if length <= 1 && ahead == -1 {
            detail.repeatedBytes[direction] &+= UInt64(length)
            return
        }
        let reach = Int32(bitPattern: end &- next)
        var fresh: UInt32 = 0
        if reach > 0 {
            fresh = UInt32(reach)
            flow.next[direction] = end
        }
        let beforeBase = Int32(bitPattern: detail.base[direction] &- sequence)
        // Joined in the middle, and an earlier segment arrives late: the known space grows downwards. Once a GiB has
        // passed, "earlier" than the first byte means nothing modulo 2^32.
        if beforeBase > 0 && detail.synCount[direction] == 0 && flow.payload[direction] <= UInt64(largestGap) {
            let growth = min(UInt32(beforeBase), length)
            fresh &+= growth
            begin(at: sequence, seen: growth, direction, &flow, &detail, &holes)
        }
        if flow.marks.contains(Flow.hasHoles(direction)) {
            fresh &+= holes.fill(sequence, reach > 0 ? next : end, in: &detail.holes[direction])
            if detail.holes[direction] == 0 { flow.marks.remove(Flow.hasHoles(direction)) }
        }
        if fresh == 0 {
            detail.retransmitted[direction] &+= 1
        } else if reach <= 0 {
            detail.outOfOrder[direction] &+= 1
        } else {
            // Old bytes and new ones in one segment: the sender coalesced a retransmission.
            detail.retransmitted[direction] &+= 1
        }
        detail.repeatedBytes[direction] &+= UInt64(length &- min(length, fresh))
    }
}
