import DequeModule
package import Model

/// The last so many things of a kind, in the order in which they were kept; the oldest is dropped first, and counted.
///
/// Every element has a serial number, rising from the first one's and never given twice, so that a reader can come back to where
/// it stopped. Memory grows with what is kept, in chunks: nothing is reserved for a history that stays short, and
/// nothing is moved when it grows.
package struct HistoryRing<Element: Sendable>: Sendable {
    package let capacity: Int
    /// Every chunk but the last is full. Elements dropped from the first one die with the whole chunk.
    private var chunks: Deque<[Element]> = []
    /// Of the first chunk's first element.
    private var firstChunkSerial: UInt64 = 0
    /// Of the first element that was ever kept.
    private(set) var first: UInt64
    /// Of the oldest element that is still kept.
    package private(set) var oldest: UInt64 = 0
    /// That the next element gets.
    package private(set) var next: UInt64 = 0
    package private(set) var dropped: UInt64 = 0
    private var peak = 0

    private static var chunkSize: UInt64 { 64 }

    /// - Parameters:
    ///   - capacity: less than 1 counts as 1.
    ///   - first: the first element's serial number.
    package init(capacity: Int, first: UInt64 = 0) {
        self.capacity = max(capacity, 1)
        self.first = first
        (firstChunkSerial, oldest, next) = (first, first, first)
    }

    /// Gives every element the serial number that is higher by `count`.
    mutating func renumber(by count: UInt64) {
        first += count
        firstChunkSerial += count
        oldest += count
        next += count
    }

    package var count: Int { Int(clamping: next - oldest) }

    package func table(_ name: String) -> TableSummary {
        TableSummary(name: name, count: count, peak: peak, capacity: capacity, evictions: dropped)
    }

    /// - Returns: the element's serial number.
    @discardableResult
    package mutating func append(_ element: Element) -> UInt64 {
        while count >= capacity { dropOldest() }
        if chunks.isEmpty || chunks[chunks.count - 1].count == Int(Self.chunkSize) {
            var chunk: [Element] = []
            chunk.reserveCapacity(min(Int(Self.chunkSize), capacity))
            chunks.append(chunk)
        }
        chunks[chunks.count - 1].append(element)
        defer { next += 1 }
        peak = max(peak, count + 1)
        return next
    }

    /// What the next ``append(_:)`` drops; `nil` while there is room.
    var victim: Element? { count >= capacity ? self[oldest] : nil }

    /// The element with this serial number; `nil` when it was dropped or never kept.
    package subscript(serial: UInt64) -> Element? {
        guard serial >= oldest, serial < next else { return nil }
        let (chunk, place) = position(serial)
        return chunks[chunk][place]
    }

    /// Whether the element with this serial number is still kept and passes; it is looked at in its place.
    func contains(_ serial: UInt64, where passes: (Element) -> Bool) -> Bool {
        guard serial >= oldest, serial < next else { return false }
        let (chunk, place) = position(serial)
        return passes(chunks[chunk][place])
    }

    /// Puts another element in the place of one that is still kept.
    mutating func replace(_ serial: UInt64, with element: Element) {
        guard serial >= oldest, serial < next else { return }
        let (chunk, place) = position(serial)
        chunks[chunk][place] = element
    }

    /// The newest first, from before `serial` on, or from the very newest.
    ///
    /// - Returns: at most `limit` of them, and the serial number to go on before; `nil` when these were the last.
    package func newest(before serial: UInt64? = nil, limit: Int) -> (elements: [Element], next: UInt64?) {
        var elements: [Element] = []
        var cursor = min(serial ?? next, next)
        while cursor > oldest, elements.count < limit, let element = self[cursor - 1] {
            elements.append(element)
            cursor -= 1
        }
        return (elements, cursor > oldest ? cursor : nil)
    }

    /// As ``newest(before:limit:)``, of those that match alone.
    ///
    /// - Parameter examining: how many are looked at, at most, so that the caller decides how long one call may take.
    package func newest(
        before serial: UInt64? = nil, limit: Int, examining: Int, where matches: (Element) -> Bool
    ) -> (elements: [Element], next: UInt64?) {
        var elements: [Element] = []
        var cursor = min(serial ?? next, next)
        let reach = UInt64(clamping: examining)
        let end = cursor > reach ? max(oldest, cursor - reach) : oldest
        while cursor > end, elements.count < limit, let element = self[cursor - 1] {
            if matches(element) { elements.append(element) }
            cursor -= 1
        }
        return (elements, cursor > oldest ? cursor : nil)
    }

    private func position(_ serial: UInt64) -> (chunk: Int, place: Int) {
        let (chunk, place) = (serial - firstChunkSerial).quotientAndRemainder(dividingBy: Self.chunkSize)
        return (Int(chunk), Int(place))
    }

    private mutating func dropOldest() {
        oldest += 1
        dropped &+= 1
        guard oldest - firstChunkSerial == Self.chunkSize else { return }
        chunks.removeFirst()
        firstChunkSerial = oldest
    }
}
