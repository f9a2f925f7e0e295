import Model

/// Accounts for payload by its place in the sequence space: new, again, out of order, or beyond a gap.
enum SequenceSpace {
    /// A jump of more than this is not a gap but another connection, a hostile segment, or a capture with large
    /// parts missing: it is followed without being remembered. The largest window is 1 GiB (RFC 7323 §2.2).
    private static let largestGap: Int32 = 1 << 30

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
            flow.next[direction] = end
            if ahead <= largestGap, holes.add(next, sequence, to: &detail.holes[direction]) {
                flow.marks.insert(Flow.hasHoles(direction))
            } else {
                detail.untrackedHoles &+= 1
            }
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
        if beforeBase > 0 {
            // Joined in the middle, and an earlier segment arrives late: the known space grows downwards.
            let growth = min(UInt32(beforeBase), length)
            if detail.synCount[direction] == 0 {
                fresh &+= growth
                detail.base[direction] = sequence
                let gapEnd = detail.base[direction] &+ growth
                let oldBase = sequence &+ UInt32(beforeBase)
                if gapEnd != oldBase, holes.add(gapEnd, oldBase, to: &detail.holes[direction]) {
                    flow.marks.insert(Flow.hasHoles(direction))
                }
            }
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
