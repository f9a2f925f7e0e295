import Decode

/// Handshake messages of one direction, put together from fragments of records (RFC 8446 §5.1) or from CRYPTO frames.
///
/// A message that is all in one piece is read where it is; only what is cut is kept, of the types that are read, and
/// no more than ``messageCapacity`` bytes.
struct TLSMessageStream {
    enum Found {
        /// All of it, within the bytes that were handed in.
        case here(Range<Int>)
        /// All of it, put together.
        case kept([UInt8])
        /// One of no interest, or longer than is kept: its head alone.
        case passed(type: UInt8)
    }

    /// Longer messages are passed over. Chains of certificates take a few KiB.
    static let messageCapacity = 64 << 10

    /// The part of a message that is here, from its type on.
    private(set) var kept: [UInt8] = []
    /// Bytes to pass over.
    private var passing = 0

    /// The message that ends, or is passed over, next; moves `position` behind it. `nil` when all bytes are taken.
    mutating func next(in bytes: RawSpan, from position: inout Int, to end: Int) -> Found? {
        if passing > 0 {
            let count = min(passing, end - position)
            passing -= count
            position += count
        }
        guard position < end else { return nil }
        if kept.isEmpty, let message = TLSHandshakeView(bytes.extracting(position..<end)) {
            if !message.isCut {
                defer { position += message.length }
                guard Self.isRead(message.type) else { return .passed(type: message.type) }
                return .here(position..<position + message.length)
            }
            if !Self.isRead(message.type) || message.length > Self.messageCapacity {
                passing = message.length - (end - position)
                position = end
                return .passed(type: message.type)
            }
        }
        return keep(bytes, &position, end)
    }

    private mutating func keep(_ bytes: RawSpan, _ position: inout Int, _ end: Int) -> Found? {
        // The head first: it tells how much to wait for.
        append(bytes, &position, min(end, position + max(0, TLSHandshakeView.headLength - kept.count)))
        guard kept.count >= TLSHandshakeView.headLength else { return nil }
        let type = kept[0]
        let length =
            TLSHandshakeView.headLength + (Int(kept[1]) << 16 | Int(kept[2]) << 8 | Int(kept[3]))
        if !Self.isRead(type) || length > Self.messageCapacity {
            passing = length - kept.count
            drop()
            let count = min(passing, end - position)
            passing -= count
            position += count
            return .passed(type: type)
        }
        append(bytes, &position, min(end, position + length - kept.count))
        guard kept.count == length else { return nil }
        let message = kept
        drop()
        return .kept(message)
    }

    private mutating func append(_ bytes: RawSpan, _ position: inout Int, _ end: Int) {
        guard position < end else { return }
        kept.append(bytes.extracting(position..<end))
        position = end
    }

    /// Forgets what is kept: the rest will not come, or is not wanted.
    mutating func drop() {
        kept = []
    }

    private static func isRead(_ type: UInt8) -> Bool {
        switch type {
        case TLSMessageType.clientHello, TLSMessageType.serverHello, TLSMessageType.certificate,
            TLSMessageType.serverKeyExchange:
            true
        default: false
        }
    }
}
