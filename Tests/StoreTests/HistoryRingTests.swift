import Testing

@testable import Store

@Suite struct HistoryRingTests {
    @Test(arguments: [1, 2, 63, 64, 65, 128, 130, 1000])
    func keepsTheLastOnes(_ capacity: Int) {
        var ring = HistoryRing<Int>(capacity: capacity)
        for number in 0..<1000 {
            #expect(ring.append(number) == UInt64(number))
            #expect(ring.count == min(number + 1, capacity))
        }
        let kept = (1000 - capacity..<1000)
        #expect(kept.allSatisfy { ring[UInt64($0)] == $0 })
        #expect(ring[UInt64(kept.lowerBound) &- 1] == nil)
        #expect(ring[1000] == nil)
        #expect(ring.newest(limit: .max).elements == kept.reversed())
        #expect(ring.dropped == UInt64(1000 - capacity))
        let table = ring.table("numbers")
        #expect(table.count == capacity && table.peak == capacity && table.capacity == capacity)
        #expect(table.evictions == UInt64(1000 - capacity))
    }

    @Test func anEmptyOneHasNothing() {
        let ring = HistoryRing<Int>(capacity: 0)
        #expect(ring.capacity == 1)
        #expect(ring[0] == nil)
        #expect(ring.newest(limit: 10).elements.isEmpty)
        #expect(ring.newest(limit: 10).next == nil)
    }

    @Test func pagesGoOnWhereTheyStopped() throws {
        var ring = HistoryRing<Int>(capacity: 10)
        for number in 0..<10 { ring.append(number) }
        let first = ring.newest(limit: 4)
        #expect(first.elements == [9, 8, 7, 6])
        // Five more come and the five oldest go: the second page is unmoved, the third has lost its end.
        for number in 10..<15 { ring.append(number) }
        let second = ring.newest(before: first.next, limit: 1)
        #expect(second.elements == [5])
        #expect(second.next == nil)
        #expect(ring.newest(before: 3, limit: 5).elements.isEmpty)
        #expect(ring.newest(before: .max, limit: 1).elements == [14])
    }
}
