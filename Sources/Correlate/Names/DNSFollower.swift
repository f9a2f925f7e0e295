import Decode
import Model

/// Cuts both directions of a connection into DNS messages, each with its length in two octets before it (RFC 1035
/// §4.2.2). Clients may send many, and servers may answer them in any order (RFC 7766 §6.2).
final class DNSFollower: ApplicationFollower {
    /// The client's, then the server's.
    private var halves: InlineArray<2, Half> = [Half(), Half()]

    private struct Half {
        /// Of a message that is not there in full, with its length.
        var buffer: [UInt8] = []
        /// Octets of a damaged message that are still to come.
        var skipped: UInt64 = 0
        /// Where the next message begins is not known.
        var isLost = false

        /// Length and message, in octets; `nil` until the length is there.
        var whole: Int? { buffer.count < 2 ? nil : 2 + (Int(buffer[0]) << 8 | Int(buffer[1])) }
    }

    var isDone: Bool { halves[0].isLost && halves[1].isLost }
    var heldBytes: Int { halves[0].buffer.count + halves[1].buffer.count }

    private subscript(direction: Int) -> Half {
        @inline(__always) _read { yield halves[direction] }
        @inline(__always) _modify { yield &halves[direction] }
    }

    func quiet(_ direction: Int) -> UInt64 { self[direction].isLost ? .max : self[direction].skipped }

    func pass(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {
        self[direction].skipped -= min(count, self[direction].skipped)
    }

    func read(_ bytes: RawSpan, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) -> Int {
        let skipped = Int(min(quiet(direction), UInt64(bytes.byteCount)))
        if skipped > 0 {
            pass(UInt64(skipped), from: direction, at: time, &news)
            return skipped
        }
        let missing = (self[direction].whole ?? 2) - self[direction].buffer.count
        let taken = min(missing, bytes.byteCount)
        self[direction].buffer.append(bytes.extracting(first: taken))
        if let whole = self[direction].whole, self[direction].buffer.count == whole {
            give(direction, isCut: false, &news)
        }
        return taken
    }

    func lose(_ count: UInt64, from direction: Int, at time: Timestamp, _ news: inout FollowerNews) {
        guard let whole = self[direction].whole, UInt64(whole - self[direction].buffer.count) >= count else {
            if self[direction].buffer.count > 2 { give(direction, isCut: true, &news) }
            self[direction].buffer = []
            self[direction].isLost = true
            return
        }
        // The end of the message is still known.
        let rest = UInt64(whole - self[direction].buffer.count) - count
        give(direction, isCut: true, &news)
        self[direction].skipped = rest
    }

    func end(_ direction: Int, _ how: StreamEnd, at time: Timestamp, _ news: inout FollowerNews) {
        if self[direction].buffer.count > 2 { give(direction, isCut: true, &news) }
        self[direction].buffer = []
    }

    private func give(_ direction: Int, isCut: Bool, _ news: inout FollowerNews) {
        news.lookups.append(
            LookupMessage(bytes: Array(self[direction].buffer.dropFirst(2)), direction: direction, isCut: isCut))
        self[direction].buffer = []
    }

    /// Lookups tell of themselves.
    func tell(_ facts: inout ApplicationFacts) {}
}
