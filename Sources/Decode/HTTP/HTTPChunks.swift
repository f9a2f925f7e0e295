/// Follows a chunked body to its end (RFC 9112 §7.1), over any number of portions: sizes are read, data is counted,
/// extensions and trailers are passed over.
package struct HTTPChunks: Sendable, Equatable, BitwiseCopyable {
    private var state = State.size(digits: 0)
    private var size: UInt64 = 0
    /// Octets of lines passed over: extensions and trailers.
    private var lineOctets = 0
    /// Data bytes read so far.
    package private(set) var dataBytes: UInt64 = 0

    private enum State: Sendable, Equatable, BitwiseCopyable {
        case size(digits: Int)
        case chunkExtension
        case data
        case afterData(hasCR: Bool)
        /// In the trailer section: octets of the current line.
        case trailer(length: Int)
        case over
        case malformed
    }

    /// Octets of extensions and trailers in one body.
    private static let lineLimit = 64 << 10

    package init() {}

    package var isOver: Bool { state == .over }
    package var isMalformed: Bool { state == .malformed }

    /// Bytes from here on that are data.
    package var quiet: UInt64 { state == .data ? size : 0 }

    /// Data bytes were sent that nobody showed: at most ``quiet``.
    package mutating func pass(_ count: UInt64) {
        let count = min(count, quiet)
        dataBytes &+= count
        size -= count
        if state == .data && size == 0 { state = .afterData(hasCR: false) }
    }

    /// Takes the next bytes, up to the end of the body, and returns how many.
    package mutating func read(_ bytes: RawSpan) -> Int {
        var position = 0
        while position < bytes.byteCount, !isOver, !isMalformed {
            if state == .data {
                let count = min(size, UInt64(bytes.byteCount - position))
                position += Int(count)
                pass(count)
            } else {
                step(bytes.uint8(at: position))
                position += 1
            }
        }
        return position
    }

    private mutating func step(_ octet: UInt8) {
        switch state {
        case .size(let digits): readSize(octet, digits)
        case .chunkExtension:
            if octet == 0x0A { begin() } else { passOver() }
        case .afterData(let hasCR):
            switch octet {
            case 0x0D where !hasCR: state = .afterData(hasCR: true)
            case 0x0A: state = .size(digits: 0)
            default: state = .malformed
            }
        case .trailer(let length):
            if octet == 0x0A {
                state = length == 0 ? .over : .trailer(length: 0)
            } else if octet != 0x0D || length > 0 {
                state = .trailer(length: 1)
                passOver()
            }
        case .data, .over, .malformed: break
        }
    }

    private mutating func readSize(_ octet: UInt8, _ digits: Int) {
        if let digit = Self.digit(octet) {
            // Fifteen digits stay below what lengths can hold, whatever follows.
            guard digits < 15 else { return state = .malformed }
            size = size << 4 | digit
            state = .size(digits: digits + 1)
        } else if digits == 0 {
            state = .malformed
        } else {
            switch octet {
            case 0x0A: begin()
            case 0x0D, 0x20, 0x09, UInt8(ascii: ";"): state = .chunkExtension
            default: state = .malformed
            }
        }
    }

    private mutating func begin() { state = size == 0 ? .trailer(length: 0) : .data }

    private mutating func passOver() {
        lineOctets += 1
        if lineOctets > Self.lineLimit { state = .malformed }
    }

    private static func digit(_ octet: UInt8) -> UInt64? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(octet - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(octet - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(octet - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
