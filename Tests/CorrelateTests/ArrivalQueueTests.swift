import Testing

@testable import Correlate

@Suite struct ArrivalQueueTests {
    /// A table of `capacity` records as its owners use it, beside a plain list that does the same.
    private struct Table: ~Copyable {
        var queue: ArrivalQueue
        var waiting: [UInt32] = []
        var serial: UInt32 = 0

        init(capacity: Int) { queue = ArrivalQueue(capacity: capacity) }

        mutating func add() {
            if queue.wantsClearing {
                for _ in 0..<queue.count {
                    if let entry = queue.removeFirst(), waiting.contains(entry.serial) { queue.append(entry) }
                }
                queue.growIfCrowded()
            }
            serial += 1
            queue.append(ArrivalQueue.Entry(serial: serial, slot: serial % 7))
            waiting.append(serial)
        }

        mutating func oldest() -> UInt32? {
            while let entry = queue.first {
                if waiting.contains(entry.serial) { return entry.serial }
                queue.removeFirst()
            }
            return nil
        }
    }

    @Test(arguments: [1, 5, 600, 1500]) func oldestIsTheOldest(capacity: Int) {
        var generator = SeededGenerator(seed: UInt64(capacity))
        var table = Table(capacity: capacity)
        for step in 0..<12_000 {
            // Rises to a full table, and falls.
            let rises = step % 4000 < 2500
            if table.waiting.count < capacity, rises || Bool.random(using: &generator) {
                table.add()
            } else if !table.waiting.isEmpty {
                table.waiting.remove(at: Int.random(in: 0..<table.waiting.count, using: &generator))
            }
            if step % 37 == 0 { #expect(table.oldest() == table.waiting.first) }
        }
        #expect(table.queue.count <= max(16, capacity * 4))
    }

    @Test func whatIsOverTakesNoRoom() {
        var table = Table(capacity: 1_000_000)
        for _ in 0..<100_000 {
            table.add()
            table.waiting.removeAll()
        }
        #expect(table.queue.count <= 512)
    }

    @Test func forgetsTheOldestOfTooMany() {
        var queue = ArrivalQueue(capacity: 8)
        for serial in UInt32(1)...100 { queue.append(ArrivalQueue.Entry(serial: serial, slot: 1)) }
        #expect(queue.first?.serial == 85)
        #expect(queue.count == 16)
        #expect(queue[15].serial == 100)
    }
}
