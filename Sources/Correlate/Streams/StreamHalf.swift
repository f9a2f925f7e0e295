import Decode
import Model

/// One direction of a byte stream: where reading has come to, and the segments that came too early.
///
/// Bytes that were seen first win over those that claim the same place later; none is given out twice.
struct StreamHalf {
    /// Sequence number of the next byte to be read.
    var next: UInt32 = 0 {
        didSet { if !held.isEmpty { dropRead() } }
    }
    /// Whether ``next`` means something: its SYN or a first segment was seen.
    var isKnown = false
    /// When the byte before ``next`` was there to be read: no earlier than any before it.
    var reached = Timestamp.distantPast
    /// Its end has been told to the follower.
    var isOver = false
    /// The highest acknowledgment that the other side sent for this direction, once there was reason to look.
    var acknowledged: UInt32?
    /// In order, without overlaps, none of it before ``next``.
    private(set) var held: [HeldSegment] = []
    private(set) var heldBytes = 0

    /// Segments held apart. Each costs a search; a window's worth of small ones is not worth it.
    static let segmentLimit = 32
    /// Payload bytes held: what a sender's first flights and a window of a slow path hold.
    static let byteLimit = 64 << 10

    struct HeldSegment {
        /// When it was seen.
        var time: Timestamp
        var start: UInt32
        var bytes: [UInt8]
        /// Sequence space that it covers: more than its bytes when the snap length cut it.
        var length: UInt32
    }

    var isFull: Bool { held.count >= Self.segmentLimit || heldBytes >= Self.byteLimit }

    /// Bytes between ``next`` and the first held segment; 0 when there is no gap.
    var gap: UInt32 { held.first.map { UInt32(truncatingIfNeeded: max(0, distance(to: $0.start))) } ?? 0 }

    /// How far `sequence` is ahead of ``next``; negative for what was read before.
    func distance(to sequence: UInt32) -> Int { Int(Int32(bitPattern: sequence &- next)) }

    /// Keeps a segment for later, but for those of its bytes that are there already. Call it only while it is not full.
    mutating func hold(_ bytes: RawSpan, length: UInt32, at sequence: UInt32, seen time: Timestamp) {
        var cursor = max(0, distance(to: sequence))
        let start = distance(to: sequence)
        let end = start + Int(length)
        var index = 0
        while cursor < end && held.count < Self.segmentLimit {
            while index < held.count, self.end(of: held[index]) <= cursor { index += 1 }
            let following = index < held.count ? distance(to: held[index].start) : end
            if following > cursor {
                let limit = min(end, following)
                let captured = bytes.extracting(droppingFirst: min(bytes.byteCount, cursor - start))
                let part = captured.extracting(first: min(captured.byteCount, limit - cursor)).octets
                let segment = HeldSegment(
                    time: time, start: next &+ UInt32(truncatingIfNeeded: cursor), bytes: part,
                    length: UInt32(truncatingIfNeeded: limit - cursor))
                held.insert(segment, at: index)
                heldBytes += part.count
                index += 1
            }
            cursor = index < held.count ? max(cursor, self.end(of: held[index])) : end
        }
    }

    /// Lets go of what ``next`` has moved past: nobody wanted to see it.
    private mutating func dropRead() {
        while let first = held.first, end(of: first) <= 0 {
            held.removeFirst()
            heldBytes -= first.bytes.count
        }
    }

    private func end(of segment: HeldSegment) -> Int { distance(to: segment.start) + Int(segment.length) }

    /// Takes out the segment that has the next byte, if one is held, without what lies before it.
    mutating func takeNext() -> HeldSegment? {
        while let first = held.first {
            let behind = -distance(to: first.start)
            guard behind >= 0 else { return nil }
            held.removeFirst()
            heldBytes -= first.bytes.count
            guard behind < Int(first.length) else { continue }
            guard behind > 0 else { return first }
            return HeldSegment(
                time: first.time, start: next, bytes: Array(first.bytes.dropFirst(behind)),
                length: first.length &- UInt32(truncatingIfNeeded: behind))
        }
        return nil
    }
}
