import Decode
import Model
import Testing

/// Random conversations, judged here by the plain rules with everything remembered, and by the correlator, which
/// remembers only what is out of line: the counts must be the same.
@Suite struct SegmentAnalysisPropertyTests {
    struct Side {
        var isKnown = false
        var next: UInt32 = 0
        var limit: UInt32 = 0
        var acknowledged: UInt32 = 0
        var window: UInt16 = 0
        var shift: UInt8 = 0
        var duplicates = 0
        var last = "ordinary"
        var time = 0.0
        var counts = TCPAnalysis()
    }

    struct Oracle {
        var sides = [Side(), Side()]

        private func after(_ left: UInt32, _ right: UInt32) -> Bool { Int32(bitPattern: left &- right) > 0 }

        mutating func see(_ segment: Segment, scale: UInt8) {
            let (own, peer) = segment.isFromClient ? (0, 1) : (1, 0)
            var side = sides[own]
            var other = sides[peer]
            let length = UInt32(segment.payload)
            let end = segment.sequence &+ length
            let isPlain = !segment.flags.intersects(.syn | .fin | .rst)
            let isNext = side.isKnown && segment.sequence == side.next
            let isSame = isNext && length == 0 && isPlain && segment.acknowledgment == side.acknowledged
            var kind = "ordinary"
            if length == 1 && isNext && other.isKnown && other.window == 0 {
                kind = "probe"
                side.counts.zeroWindowProbes += 1
            } else {
                if side.isKnown, after(segment.sequence, side.next), !segment.flags.contains(.rst) {
                    side.counts.lostSegments += 1
                }
                if isPlain && length <= 1 && side.isKnown && segment.sequence == side.next &- 1 {
                    kind = "keep-alive"
                    side.counts.keepAlives += 1
                }
                let edge = other.acknowledged &+ UInt32(other.window) << UInt32(other.shift)
                if isPlain && length > 0 && other.isKnown && end == edge { side.counts.windowFull += 1 }
                if isSame && segment.window != 0 {
                    if segment.window != side.window {
                        side.counts.windowUpdates += 1
                    } else if other.last == "keep-alive" {
                        side.counts.keepAliveAcks += 1
                    } else {
                        side.duplicates = side.duplicates == -1 ? 1 : side.duplicates + 1
                        side.counts.duplicateAcks += 1
                    }
                }
            }
            if segment.acknowledgment != side.acknowledged { side.duplicates = 0 }
            if other.isKnown && segment.flags.contains(.ack) && after(segment.acknowledgment, other.limit) {
                if other.duplicates == 0 { side.counts.ackedUnseenSegments += 1 }
                other.duplicates = -1
            }
            if length > 0 && kind != "keep-alive" {
                let isBehind =
                    side.isKnown && after(side.next, segment.sequence)
                    && !(length > 1 && segment.sequence == side.next &- 1)
                if other.isKnown && !after(end, other.acknowledged) {
                    side.counts.spuriousRetransmissions += 1
                } else if isBehind && other.duplicates >= 2 && other.acknowledged == segment.sequence
                    && segment.milliseconds - other.time < 20
                {
                    side.counts.fastRetransmissions += 1
                }
            }
            if kind != "probe" {
                let next = segment.flags.intersects(.syn | .fin) ? end &+ 1 : end
                let continues = !side.isKnown || segment.sequence == side.limit
                if !side.isKnown || after(next, side.next) { side.next = next }
                if continues { side.limit = side.next }
            }
            side.isKnown = true
            side.last = kind
            side.acknowledged = segment.acknowledgment
            side.window = segment.window
            side.shift = segment.flags.contains(.syn) ? 0 : scale
            side.time = segment.milliseconds
            sides[own] = side
            sides[peer] = other
        }
    }

    @Test(arguments: 1...100)
    func countsWhatThePlainRulesCount(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let scale = UInt8.random(in: 0...3, using: &random)
        let first = UInt32.max &- UInt32.random(in: 0...4000, using: &random)
        var segments = Segment.parse(
            "0 > S \(first) | 1 < S. 5000 a\(first &+ 1) | 2 > . \(first &+ 1) a5001")
        segments[0].windowScale = scale
        segments[1].windowScale = scale
        var (client, server) = (first &+ 1, UInt32(5001))
        for number in 0..<120 {
            let isFromClient = Bool.random(using: &random)
            let next = isFromClient ? client : server
            var segment = Segment(
                milliseconds: Double(3 + number * Int.random(in: 1...3, using: &random)), isFromClient: isFromClient,
                flags: .ack, sequence: next)
            segment.milliseconds = max(segment.milliseconds, segments[segments.count - 1].milliseconds)
            segment.acknowledgment = isFromClient ? server : client
            segment.window = [0, 20, 20, 20, 20, 20, 21, 500].randomElement(using: &random) ?? 20
            switch Int.random(in: 0..<12, using: &random) {
            case 0...3: segment.payload = [1, 20, 40, 80, 160].randomElement(using: &random) ?? 20
            case 4: segment.sequence = next &- 1
            case 5: (segment.sequence, segment.payload) = (next &- 1, 1)
            case 6: (segment.sequence, segment.payload) = (next &- UInt32.random(in: 1...200, using: &random), 40)
            case 7: (segment.sequence, segment.payload) = (next &+ UInt32.random(in: 1...90, using: &random), 40)
            case 8: segment.acknowledgment = segment.acknowledgment &- 40
            case 9: segment.acknowledgment = segment.acknowledgment &+ 40
            default: break
            }
            let end = segment.sequence &+ UInt32(segment.payload)
            // One in ten is lost on the way here, and the next ones show it.
            if Int32(bitPattern: end &- next) > 0 { if isFromClient { client = end } else { server = end } }
            if Int.random(in: 0..<10, using: &random) > 0 { segments.append(segment) }
        }
        var (oracle, trace) = (Oracle(), Trace())
        for segment in segments {
            oracle.see(segment, scale: scale)
            trace.tcp(segment)
        }
        let request = try trace.request()
        #expect(request.client.tcp?.analysis == oracle.sides[0].counts)
        #expect(request.server.tcp?.analysis == oracle.sides[1].counts)
    }
}
