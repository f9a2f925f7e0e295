import Testing

@testable import Correlate

@Suite struct CryptoStreamTests {
    /// A handshake message of `count` bytes after its length.
    static func message(_ type: UInt8, _ count: Int) -> [UInt8] {
        [type, 0, UInt8(count >> 8), UInt8(count & 0xFF)] + (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    }

    /// Frames that are split, permuted, duplicated and overlap always give the very messages.
    @Test(arguments: 0..<200) func putsInOrder(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let messages = [Self.message(1, 1700), Self.message(2, 90), Self.message(1, 3)]
        let bytes = messages.flatMap { $0 }
        var frames: [Range<Int>] = []
        var position = 0
        while position < bytes.count {
            let end = min(bytes.count, position + Int.random(in: 30...400, using: &random))
            // Some begin earlier and end later than they need to.
            let from = max(0, position - Int.random(in: 0...50, using: &random))
            frames.append(from..<min(bytes.count, end + Int.random(in: 0...50, using: &random)))
            if Int.random(in: 0..<4, using: &random) == 0 { frames.append(position..<end) }
            position = end
        }
        frames.shuffle(using: &random)
        var stream = CryptoStream()
        var found: [[UInt8]] = []
        for frame in frames {
            stream.insert(bytes[frame], at: UInt64(frame.lowerBound))
            while let message = stream.nextMessage() { found.append(message) }
        }
        #expect(found == messages)
        #expect(stream.start == UInt64(bytes.count) && stream.refused == 0)
    }

    /// What came first stays: a later frame cannot rewrite it.
    @Test func laterBytesChangeNothing() {
        var stream = CryptoStream()
        let message = Self.message(1, 20)
        stream.insert(message[4..<14], at: 4)
        stream.insert([UInt8](repeating: 0xEE, count: 24)[...], at: 0)
        var expected = [UInt8](repeating: 0xEE, count: 24)
        expected.replaceSubrange(4..<14, with: message[4..<14])
        // The length that was written is not believable any more, so the message never ends.
        #expect(stream.nextMessage() == nil)
        var other = CryptoStream()
        other.insert(message[0..<10], at: 0)
        other.insert([UInt8](repeating: 0xEE, count: 24)[...], at: 0)
        #expect(other.nextMessage() == Array(message[0..<10]) + [UInt8](repeating: 0xEE, count: 14))
    }

    /// Taking the first of many out moves all that follow: a packet of tiny messages must not cost their square.
    @Test func givesOutFewMessages() {
        var stream = CryptoStream()
        let messages = (0..<4000).flatMap { _ in [1, 0, 0, 0] as [UInt8] }
        stream.insert(messages[...], at: 0)
        var count = 0
        while stream.nextMessage() != nil { count += 1 }
        #expect(count == CryptoStream.messageLimit && stream.start == UInt64(4 * count))
    }

    @Test func isBounded() {
        var stream = CryptoStream()
        stream.insert([1, 2, 3], at: .max)
        stream.insert([1, 2, 3], at: .max - 1)
        stream.insert([1, 2, 3], at: UInt64(CryptoStream.capacity) - 2)
        #expect(stream.refused == 1)
        stream.insert([1, 2], at: UInt64(CryptoStream.capacity) - 2)
        #expect(stream.refused == 1)
        for index in 0..<CryptoStream.rangeCapacity + 10 { stream.insert([9], at: UInt64(10 + 2 * index)) }
        // One piece is the one at the end.
        #expect(stream.refused == 1 + 11)
        // A piece that joins two takes no room.
        stream.insert([9], at: 11)
        #expect(stream.refused == 12)
        stream.insert([], at: 5)
        #expect(stream.nextMessage() == nil)
    }
}
