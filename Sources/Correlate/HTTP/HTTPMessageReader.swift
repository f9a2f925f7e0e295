import Decode
import Model

/// Where one direction of an HTTP/1 connection stands: in a head, in a body, or where nothing can be told any more.
struct HTTPMessageReader {
    var state = State.head
    private(set) var scanner = HTTPHeadScanner()
    /// The beginning of a head whose end is still to come.
    private(set) var buffer: [UInt8] = []

    /// Bytes of a head; servers take 8 to 16 KiB.
    static let headLimit = 64 << 10

    enum State: Equatable {
        case head
        case body(remaining: UInt64)
        case chunks(HTTPChunks)
        /// The body ends with the connection.
        case untilClose
        /// Where the next message begins is not known.
        case unread
    }

    /// Bytes from here on that say nothing.
    var quiet: UInt64 {
        switch state {
        case .head: 0
        case .body(let remaining): remaining
        case .chunks(let chunks): chunks.quiet
        case .untilClose, .unread: .max
        }
    }

    var isBetweenMessages: Bool { state == .head && buffer.isEmpty }

    enum Head {
        /// The offset behind the head.
        case whole(end: Int)
        /// It goes on; all bytes were taken.
        case part
        case tooLong
    }

    /// Looks for the end of the head.
    mutating func findHead(in bytes: RawSpan) -> Head {
        guard let end = scanner.end(in: bytes) else {
            guard buffer.count + bytes.byteCount <= Self.headLimit else { return .tooLong }
            buffer.append(bytes)
            return .part
        }
        guard buffer.count + end <= Self.headLimit else { return .tooLong }
        scanner = HTTPHeadScanner()
        return .whole(end: end)
    }

    /// The beginning of the head, for good.
    mutating func takeBuffer() -> [UInt8] {
        defer { buffer = [] }
        return buffer
    }

    /// What follows a head with such fields.
    static func state(after framing: HTTPFields.Framing, isRequest: Bool) -> State? {
        switch framing {
        case .unstated: isRequest ? .head : .untilClose
        case .length(let length): length == 0 ? .head : .body(remaining: length)
        case .chunked: .chunks(HTTPChunks())
        // A request's end would not be known to its server either (RFC 9112 §6.3).
        case .otherCoding: isRequest ? nil : .untilClose
        case .contradictory: nil
        }
    }
}
