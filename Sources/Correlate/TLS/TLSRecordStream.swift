import Decode

/// The records of one direction, whose bytes come in order and in pieces of any size (RFC 8446 §5.1).
///
///     var position = 0
///     while let piece = stream.next(in: bytes, from: &position) { … }
///
/// After bytes were lost it waits for a piece that begins with a record's head; in a stream of segments most do.
struct TLSRecordStream {
    /// A part of one record's fragment.
    struct Piece {
        let head: TLSRecordHead
        /// Within the bytes that were handed in.
        let range: Range<Int>
        let isFirst: Bool
        let isLast: Bool
    }

    private enum State {
        case following
        /// Bytes are missing: the next record begins nobody knows where.
        case searching
        /// What came is no TLS.
        case ended
    }

    private var state = State.following
    private var partialHead = InlineArray<5, UInt8>(repeating: 0)
    private var partialCount = 0
    private var head: TLSRecordHead?
    /// Bytes of the fragment still to come.
    private(set) var remaining = 0
    /// Bytes were lost, so messages may begin in the middle.
    private(set) var hasLost = false

    var hasEnded: Bool { state == .ended }

    /// The next piece, and moves `position` behind it; `nil` when all bytes are taken.
    mutating func next(in bytes: RawSpan, from position: inout Int) -> Piece? {
        switch state {
        case .following: break
        case .searching:
            guard position == 0, TLSRecordView(bytes) != nil else { return stop(bytes, &position) }
            state = .following
        case .ended: return stop(bytes, &position)
        }
        var isFirst = false
        if head == nil {
            guard position < bytes.byteCount else { return nil }
            guard let found = readHead(in: bytes, from: &position) else { return nil }
            head = found
            remaining = found.length
            isFirst = true
        }
        guard let head, isFirst || position < bytes.byteCount else { return nil }
        let count = min(remaining, bytes.byteCount - position)
        defer {
            position += count
            remaining -= count
            if remaining == 0 { self.head = nil }
        }
        return Piece(head: head, range: position..<position + count, isFirst: isFirst, isLast: count == remaining)
    }

    /// The head that ends within these bytes; `nil` when it does not, or is none.
    private mutating func readHead(in bytes: RawSpan, from position: inout Int) -> TLSRecordHead? {
        while partialCount < TLSRecordHead.byteCount, position < bytes.byteCount {
            partialHead[partialCount] = unsafe bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self)
            partialCount += 1
            position += 1
        }
        guard partialCount == TLSRecordHead.byteCount else { return nil }
        partialCount = 0
        guard
            let head = TLSRecordHead(
                type: partialHead[0], version: UInt16(partialHead[1]) << 8 | UInt16(partialHead[2]),
                length: UInt16(partialHead[3]) << 8 | UInt16(partialHead[4]))
        else {
            state = hasLost ? .searching : .ended
            position = bytes.byteCount
            return nil
        }
        return head
    }

    private func stop(_ bytes: RawSpan, _ position: inout Int) -> Piece? {
        position = bytes.byteCount
        return nil
    }

    /// Tells that `count` bytes will never come.
    mutating func lose(_ count: UInt64) {
        guard state != .ended else { return }
        hasLost = true
        // A loss within one record does not hide where the next one begins.
        if head != nil, count < UInt64(remaining) {
            remaining -= Int(count)
            return
        }
        state = .searching
        head = nil
        remaining = 0
        partialCount = 0
    }
}
