/// The frames of a decrypted Initial packet, in order (RFC 9000 §12.4, §19). Anything but PADDING, PING, ACK, CRYPTO and
/// CONNECTION_CLOSE has no place there and ends the walk, as does a frame that is cut off.
///
///     while let frame = frames.next() { … }
package struct QUICFrames: ~Escapable {
    private var cursor: ByteCursor
    /// The walk ended at something that is no frame of an Initial packet.
    package private(set) var isBroken = false

    @_lifetime(copy payload)
    package init(_ payload: RawSpan) {
        cursor = ByteCursor(payload)
    }

    package enum Frame: Sendable, Equatable {
        case ping
        case ack(largest: UInt64)
        /// `bytes` is where the data lies in the payload.
        case crypto(offset: UInt64, bytes: Range<Int>)
        /// `phrase` is escaped.
        case close(code: UInt64, isApplication: Bool, frameType: UInt64?, phrase: String?)
    }

    /// Characters kept of a reason phrase.
    private static let phraseCapacity = 255

    @_lifetime(self: copy self)
    package mutating func next() -> Frame? {
        cursor.skipZeros()
        guard !isBroken, cursor.remaining > 0 else { return nil }
        guard let type = cursor.varint(), let frame = frame(type) else {
            isBroken = true
            return nil
        }
        return frame
    }

    @_lifetime(self: copy self)
    private mutating func frame(_ type: UInt64) -> Frame? {
        switch type {
        case 0x01: return .ping
        case 0x02, 0x03: return acknowledgment(hasCounts: type == 0x03)
        case 0x06:
            guard let offset = cursor.varint(), let length = cursor.varint(), let bytes = cursor.range(length) else {
                return nil
            }
            return .crypto(offset: offset, bytes: bytes)
        case 0x1C, 0x1D:
            guard let code = cursor.varint() else { return nil }
            var frameType: UInt64?
            if type == 0x1C {
                guard let cause = cursor.varint() else { return nil }
                frameType = cause == 0 ? nil : cause
            }
            guard let length = cursor.varint(), let phrase = cursor.range(length) else { return nil }
            return .close(
                code: code, isApplication: type == 0x1D, frameType: frameType, phrase: Self.text(cursor.bytes, phrase))
        default: return nil
        }
    }

    /// RFC 9000 §19.3.
    @_lifetime(self: copy self)
    private mutating func acknowledgment(hasCounts: Bool) -> Frame? {
        guard let largest = cursor.varint(), cursor.varint() != nil, let ranges = cursor.varint(),
            let first = cursor.varint(), first <= largest
        else { return nil }
        // Each range takes at least two bytes, so the walk ends with the packet.
        var left = ranges
        while left > 0 {
            guard cursor.varint() != nil, cursor.varint() != nil else { return nil }
            left -= 1
        }
        if hasCounts {
            guard cursor.varint() != nil, cursor.varint() != nil, cursor.varint() != nil else { return nil }
        }
        return .ack(largest: largest)
    }

    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String? {
        guard !range.isEmpty else { return nil }
        var text = WireText(capacity: phraseCapacity, expecting: range.count)
        text.append(bytes, from: range.lowerBound, to: range.upperBound, in: .quoted)
        return text.finish()
    }
}
