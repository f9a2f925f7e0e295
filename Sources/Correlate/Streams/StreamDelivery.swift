import Decode
import Model

// Bytes in order, once, to the follower of a connection; or word that they are missing.

extension Correlator {
    /// One segment's payload. In order, it is read in place.
    mutating func take(
        _ bytes: RawSpan, _ length: UInt32, at start: UInt32, _ direction: Int, _ slot: Int, _ stream: Stream,
        _ time: Timestamp
    ) {
        passQuiet(direction, slot, stream, time)
        let behind = max(0, -stream[direction].distance(to: start))
        guard stream[direction].isKnown, behind < Int(length) else { return }
        let fresh = bytes.extracting(droppingFirst: min(bytes.byteCount, behind))
        let freshLength = length &- UInt32(truncatingIfNeeded: behind)
        let freshStart = start &+ UInt32(truncatingIfNeeded: behind)
        if freshStart == stream[direction].next && stream.quiet(direction) == 0 && !stream.isBlocked(direction) {
            deliver(fresh, freshLength, direction, slot, stream, time)
        } else {
            // Of a stretch that nobody wants to see, nothing is kept either.
            let wanted = stream[direction].next &+ Self.stretch(stream.quiet(direction))
            let unwanted = max(0, Int(Int32(bitPattern: wanted &- freshStart)))
            guard unwanted < Int(freshLength) else { return }
            hold(
                fresh.extracting(droppingFirst: min(fresh.byteCount, unwanted)),
                freshLength &- UInt32(truncatingIfNeeded: unwanted),
                at: freshStart &+ UInt32(truncatingIfNeeded: unwanted), direction, slot, stream, time)
        }
    }

    private mutating func hold(
        _ bytes: RawSpan, _ length: UInt32, at start: UInt32, _ direction: Int, _ slot: Int, _ stream: Stream,
        _ time: Timestamp
    ) {
        stream[direction].hold(bytes, length: length, at: start, seen: time)
        guard stream[direction].isFull else { return }
        // The gap before them is given up, and when there is none, the follower: it waits for the other direction.
        passQuiet(direction, slot, stream, time)
        if flows.cold[slot].stream != 0, !giveUpGap(direction, slot, stream, time) { stopReading(slot) }
    }

    /// Reads held segments as far as they reach, and gives up gaps that the other side says are none.
    mutating func resume(_ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp) {
        while flows.cold[slot].stream != 0, stream.follower?.isDone != true {
            passQuiet(direction, slot, stream, time)
            if stream.isBlocked(direction) { return }
            if stream.quiet(direction) == 0, let segment = stream[direction].takeNext() {
                let before = stream[direction].next
                let seen = max(segment.time, stream[direction].reached)
                unsafe deliver(segment.bytes.span.bytes, segment.length, direction, slot, stream, seen)
                if stream[direction].next == before { return }
            } else if let acknowledged = stream[direction].acknowledged, stream.quiet(direction) == 0,
                let first = stream[direction].held.first, Int32(bitPattern: acknowledged &- first.start) >= 0
            {
                // They arrived where they were sent to.
                guard giveUpGap(direction, slot, stream, time) else { return }
            } else {
                return
            }
        }
    }

    /// Bytes in order, from `next` on; `length` is greater when the snap length cut them.
    private mutating func deliver(
        _ bytes: RawSpan, _ length: UInt32, _ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp
    ) {
        stream[direction].reached = time
        var rest = bytes
        while rest.byteCount > 0 {
            let taken = read(rest, direction, slot, stream, time)
            guard flows.cold[slot].stream != 0 else { return }
            rest = rest.extracting(droppingFirst: taken)
            stream[direction].next &+= UInt32(truncatingIfNeeded: taken)
            if stream.follower?.isDone == true { return }
            if taken == 0 {
                let left =
                    UInt32(truncatingIfNeeded: rest.byteCount)
                    &+ (length &- UInt32(truncatingIfNeeded: bytes.byteCount))
                return hold(rest, left, at: stream[direction].next, direction, slot, stream, time)
            }
        }
        let missing = length &- UInt32(truncatingIfNeeded: bytes.byteCount)
        if missing > 0 { lose(missing, direction, slot, stream, time) }
    }

    private mutating func read(
        _ bytes: RawSpan, _ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp
    ) -> Int {
        guard let follower = stream.follower else { return recognise(bytes, direction, slot, stream, time) }
        if let doubt = stream.doubt, doubt.direction == direction {
            stream.doubt = nil
            // Where they answer something unseen, its end, where the next answer begins, is not known.
            let hasAsked = stream[1 - direction].acknowledged.map { Int32(bitPattern: $0 &- doubt.asked) > 0 } ?? false
            guard hasAsked, doubt.signature.mayContinue(with: bytes, fromClient: direction == 0) else {
                let count = UInt64(bytes.byteCount)
                follow(slot, stream, time) { follower.lose(count, from: direction, at: time, &$0) }
                return bytes.byteCount
            }
        }
        let taken = follow(slot, stream, time) { follower.read(bytes, from: direction, at: time, &$0) }
        if case .http(let proxy) = stream.application, proxy.isTunnel {
            stream.tunnel = proxy
            stream.application = .recognising
        }
        return taken
    }

    /// The next `count` bytes will not come: not captured, though those of a quiet stretch are not missed, or in a gap.
    private mutating func lose(
        _ count: UInt32, _ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp
    ) {
        stream[direction].next &+= count
        guard let follower = stream.follower else { return stopReading(slot) }
        let unseen = min(UInt64(count), follower.quiet(direction))
        follow(slot, stream, time) {
            if unseen > 0 { follower.pass(unseen, from: direction, at: time, &$0) }
            if unseen < count { follower.lose(UInt64(count) - unseen, from: direction, at: time, &$0) }
        }
    }

    /// Declares what lies before the first held segment lost. `false` when nothing does.
    private mutating func giveUpGap(_ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp) -> Bool {
        let gap = stream[direction].gap
        guard gap > 0 else { return false }
        lose(gap, direction, slot, stream, time)
        return true
    }

    /// Moves over a stretch that the follower does not need to see, as far as it was sent without a gap, or with gaps
    /// that will not be filled.
    private mutating func passQuiet(
        _ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp, isLast: Bool = false
    ) {
        while flows.cold[slot].stream != 0, let follower = stream.follower, stream[direction].isKnown {
            let quiet = follower.quiet(direction)
            guard quiet > 0 else { return }
            let next = stream[direction].next
            let sent = end(direction, slot)
            let ahead = max(0, stream[direction].distance(to: sent))
            let stretch = next &+ min(Self.stretch(quiet), UInt32(truncatingIfNeeded: ahead))
            let gap = holes.firstGap(flows.cold[slot].holes[direction], from: next, to: stretch)
            let reached = gap?.start ?? stretch
            let passed = UInt64(reached &- next)
            stream[direction].next = reached
            if passed > 0 { follow(slot, stream, time) { follower.pass(passed, from: direction, at: time, &$0) } }
            if let gap {
                guard isLast || stream[direction].hasAcknowledged(gap.end) || stream[direction].isFull else { return }
                stream[direction].next = gap.end
                follow(slot, stream, time) {
                    follower.lose(UInt64(gap.end &- gap.start), from: direction, at: time, &$0)
                }
            } else if passed == 0 {
                return
            }
        }
    }

    /// The last of a direction: no gap will be filled any more.
    mutating func finish(_ direction: Int, _ slot: Int, _ stream: Stream, _ time: Timestamp) {
        repeat {
            passQuiet(direction, slot, stream, time, isLast: true)
            resume(direction, slot, stream, time)
        } while flows.cold[slot].stream != 0 && giveUpGap(direction, slot, stream, time)
    }

    /// Lets the follower work, and passes on what it found.
    @discardableResult
    mutating func follow<Result>(
        _ slot: Int, _ stream: Stream, _ time: Timestamp, _ work: (inout FollowerNews) -> Result
    ) -> Result {
        var news = FollowerNews()
        let result = work(&news)
        note(news, slot, stream, at: time)
        return result
    }
}

extension StreamHalf {
    /// The other side has everything before `sequence`.
    func hasAcknowledged(_ sequence: UInt32) -> Bool {
        acknowledged.map { Int32(bitPattern: $0 &- sequence) >= 0 } ?? false
    }

    mutating func noteAcknowledged(_ sequence: UInt32) {
        if !hasAcknowledged(sequence) { acknowledged = sequence }
    }
}
