import Correlate
import Decode
import Model
import Testing

@Suite struct PropertyTests {
    /// A stream cut into segments, some of them sent twice, cut anew or not at all, in any order: the sequence bytes
    /// are those of the union, counted here one by one.
    @Test(arguments: 1...400)
    func sequenceBytesAreTheUnionOfTheSegments(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        // Close to the end of the numbers, so that they wrap in most runs.
        let isn = UInt32.max &- UInt32.random(in: 0...3000, using: &random)
        let total = 4000
        var segments: [Range<Int>] = []
        var position = 0
        while position < total {
            let end = min(total, position + Int.random(in: 2...400, using: &random))
            if Int.random(in: 0..<8, using: &random) > 0 { segments.append(position..<end) }
            position = end
        }
        for _ in 0..<Int.random(in: 0...20, using: &random) {
            let start = Int.random(in: 0..<total - 2, using: &random)
            segments.append(start..<min(total, start + Int.random(in: 2...700, using: &random)))
        }
        if Bool.random(using: &random) { segments.shuffle(using: &random) }
        var trace = Trace()
        trace.tcp("0 > S \(isn) | 0 < S. 5000 | 0 > . \(isn &+ 1)")
        var seen: Set<Int> = []
        for segment in segments {
            seen.formUnion(segment)
            trace.tcp(
                1, Trace.client, Trace.server, .ack, isn &+ 1 &+ UInt32(segment.lowerBound),
                [UInt8](repeating: 0, count: segment.count))
        }
        let side = try #require(try trace.request().client.tcp)
        #expect(side.sequenceBytes == UInt64(seen.count))
        #expect(side.missingBytes == UInt64((seen.max().map { $0 + 1 } ?? 0) - seen.count))
    }

    /// The same without a SYN: what lies before the first segment seen counts when it comes.
    @Test(arguments: 1...200)
    func joinedMidstreamToo(_ seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let base = UInt32.random(in: .min ... .max, using: &random)
        var trace = Trace()
        var seen: Set<Int> = []
        for _ in 0..<Int.random(in: 1...30, using: &random) {
            let start = Int.random(in: 0..<3000, using: &random)
            let count = Int.random(in: 2...500, using: &random)
            seen.formUnion(start..<start + count)
            trace.tcp(
                1, Trace.client, Trace.server, .ack, base &+ UInt32(start), [UInt8](repeating: 0, count: count))
        }
        let side = try #require(try trace.request().client.tcp)
        #expect(side.sequenceBytes == UInt64(seen.count))
        let span = (seen.max() ?? 0) - (seen.min() ?? 0) + 1
        #expect(side.missingBytes == UInt64(span - seen.count))
    }

    /// Valid frames with a few bytes changed, cut anywhere: never a trap, and every frame is counted.
    @Test(arguments: 1...100)
    func damagedFramesNeverTrap(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var trace = Trace()
        trace.settings.flowCapacity = 8
        trace.addSoup(200, &random)
        for index in trace.frames.indices {
            for _ in 0..<Int.random(in: 0...3, using: &random) where !trace.frames[index].bytes.isEmpty {
                let position = trace.frames[index].bytes.indices.randomElement(using: &random) ?? 0
                trace.frames[index].bytes[position] = UInt8.random(in: .min ... .max, using: &random)
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                let kept = Int.random(in: 0...trace.frames[index].bytes.count, using: &random)
                if Bool.random(using: &random) { trace.frames[index].cut = trace.frames[index].bytes.count - kept }
                trace.frames[index].bytes.removeLast(trace.frames[index].bytes.count - kept)
            }
        }
        let outcome = trace.replay()
        #expect(outcome.summary.frames == 200)
    }
}
