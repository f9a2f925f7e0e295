/// The bytes of one side's CRYPTO frames, put in order (RFC 9000 §19.6): frames may come in any order, twice, and
/// overlap. What was read is let go.
///
/// Holds at most ``capacity`` bytes beyond what was read, in at most ``rangeCapacity`` pieces; what lies further ahead
/// is refused and sent again if it matters.
struct CryptoStream {
    /// Where `bytes` begins in the stream: everything before was read.
    private(set) var start: UInt64 = 0
    private var bytes: [UInt8] = []
    /// What of `bytes` is here, in order, apart from one another.
    private var ranges: [Range<Int>] = []
    /// Frames that did not fit.
    private(set) var refused = 0
    private var messagesLeft = messageLimit

    static let capacity = 1 << 14
    /// Messages that are given out: in Initial packets a side sends one hello, or two around a HelloRetryRequest.
    static let messageLimit = 4
    static let rangeCapacity = 64

    /// Adds what a frame carries. Bytes that are here already stay as they are.
    mutating func insert(_ data: ArraySlice<UInt8>, at offset: UInt64) {
        let (end, overflow) = offset.addingReportingOverflow(UInt64(data.count))
        guard !overflow, end > start else { return }
        guard end - start <= UInt64(Self.capacity) else {
            refused += 1
            return
        }
        let known = offset < start ? Int(start - offset) : 0
        let data = data.dropFirst(known)
        let from = offset < start ? 0 : Int(offset - start)
        let to = from + data.count
        guard from < to else { return }
        // The pieces that the new one touches become one with it.
        let first = ranges.firstIndex { $0.upperBound >= from } ?? ranges.count
        let last = ranges[first...].firstIndex { $0.lowerBound > to } ?? ranges.count
        guard first < last || ranges.count < Self.rangeCapacity else {
            refused += 1
            return
        }
        if bytes.count < to { bytes.append(contentsOf: repeatElement(0, count: to - bytes.count)) }
        var position = from
        for range in ranges[first..<last] {
            copy(data, from, between: position, and: range.lowerBound)
            position = max(position, range.upperBound)
        }
        copy(data, from, between: position, and: to)
        let lower = min(from, ranges[first..<last].first?.lowerBound ?? from)
        let upper = max(to, ranges[first..<last].last?.upperBound ?? to)
        ranges.replaceSubrange(first..<last, with: [lower..<upper])
    }

    /// Copies the part of `data`, which begins at `from`, that lies between two places; nothing when they are out of
    /// order.
    private mutating func copy(_ data: ArraySlice<UInt8>, _ from: Int, between lower: Int, and upper: Int) {
        guard lower < upper else { return }
        let shift = data.startIndex - from
        bytes.replaceSubrange(lower..<upper, with: data[(lower + shift)..<(upper + shift)])
    }

    /// The next handshake message, type and length included (RFC 8446 §4), once all of it is here; at most
    /// ``messageLimit`` of them.
    mutating func nextMessage() -> [UInt8]? {
        guard messagesLeft > 0, let first = ranges.first, first.lowerBound == 0, first.upperBound >= 4 else {
            return nil
        }
        let count = 4 + (Int(bytes[1]) << 16 | Int(bytes[2]) << 8 | Int(bytes[3]))
        guard first.upperBound >= count else { return nil }
        messagesLeft -= 1
        let message = Array(bytes[..<count])
        bytes.removeFirst(count)
        start += UInt64(count)
        ranges = ranges.compactMap { range in
            range.upperBound > count ? max(range.lowerBound, count) - count..<range.upperBound - count : nil
        }
        return message
    }
}
