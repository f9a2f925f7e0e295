import Decode
import Model

/// What two sides of a connection said in turn, and the ways in which segments may bring it.
struct Conversation {
    enum Close { case open, byClient, byServer, resetByClient, resetByServer }

    /// `>` from the client, `<` from the server.
    var turns: [(side: String, bytes: [UInt8])]
    var close = Close.open
    /// The handshake and as many of the turns were not seen.
    var unseen: Int?
    var client = Endpoint("10.0.0.1", 40000)
    var server = Endpoint("10.0.0.2", 8080)

    init(_ turns: [(String, String)], close: Close = .open) {
        self.turns = turns.map { ($0.0, Array($0.1.utf8)) }
        self.close = close
    }

    init(_ turns: [(String, [UInt8])], close: Close = .open) {
        self.turns = turns.map { ($0.0, $0.1) }
        self.close = close
    }

    /// How each turn is cut into segments.
    enum Cutting: CustomStringConvertible {
        case whole
        /// In two, at this byte of each turn that is long enough.
        case at(Int)
        case pieces(of: Int)
        /// Pieces, the last one first.
        case reversed(Int)
        /// Pieces, each one twice.
        case twice(Int)
        /// Pieces that begin with the second half of the one before.
        case overlapping(Int)

        var description: String {
            switch self {
            case .whole: "whole"
            case .at(let position): "cut at \(position)"
            case .pieces(let size): "pieces of \(size)"
            case .reversed(let pieces): "\(pieces) pieces reversed"
            case .twice(let size): "pieces of \(size), twice"
            case .overlapping(let size): "overlapping pieces of \(size)"
            }
        }

        func ranges(_ count: Int) -> [Range<Int>] {
            func pieces(_ size: Int) -> [Range<Int>] {
                stride(from: 0, to: count, by: max(1, size)).map { $0..<min(count, $0 + max(1, size)) }
            }
            switch self {
            case .whole: return [0..<count]
            case .at(let position):
                return position < count && position > 0 ? [0..<position, position..<count] : [0..<count]
            case .pieces(let size): return pieces(size)
            case .reversed(let number): return pieces((count + number - 1) / number).reversed()
            case .twice(let size): return pieces(size).flatMap { [$0, $0] }
            case .overlapping(let size): return pieces(size).map { max(0, $0.lowerBound - size / 2)..<$0.upperBound }
            }
        }
    }

    /// A handshake, then the turns from 10 ms on, each a millisecond after the one before, and 1 µs between segments.
    ///
    /// - Parameter lost: segments, counted over all of them, that the capture does not have.
    func trace(_ cutting: Cutting = .whole, lost: Set<Int> = []) -> Trace {
        var trace = Trace()
        // Small tables, so that many ways to cut cost little.
        trace.settings.flowCapacity = 8
        trace.settings.lookupCapacity = 16
        trace.settings.nameCapacity = 16
        trace.settings.neighbourCapacity = 8
        trace.settings.holeCapacity = 64
        if unseen == nil { trace.tcp("0 > S 1000 | 1 < S. 5000 | 2 > . 1001", client, server) }
        var next: [UInt32] = [1001, 5001]
        var number = 0
        var time = 10.0
        for (place, turn) in turns.enumerated() {
            let direction = turn.side == ">" ? 0 : 1
            for (index, range) in cutting.ranges(turn.bytes.count).enumerated() {
                defer { number += 1 }
                guard !lost.contains(number), place >= unseen ?? 0 else { continue }
                segment(
                    &trace, time + Double(index) / 1000, direction, .ack | .psh,
                    next[direction] &+ UInt32(range.lowerBound),
                    Array(turn.bytes[range]), acknowledging: next[1 - direction])
            }
            next[direction] &+= UInt32(turn.bytes.count)
            time += 1
        }
        switch close {
        case .open: break
        case .byClient, .byServer:
            let first = close == .byClient ? 0 : 1
            segment(&trace, time, first, .fin | .ack, next[first], [], acknowledging: next[1 - first])
            segment(&trace, time + 1, 1 - first, .fin | .ack, next[1 - first], [], acknowledging: next[first] &+ 1)
        case .resetByClient: segment(&trace, time, 0, .rst | .ack, next[0], [], acknowledging: next[1])
        case .resetByServer: segment(&trace, time, 1, .rst | .ack, next[1], [], acknowledging: next[0])
        }
        return trace
    }

    private func segment(
        _ trace: inout Trace, _ time: Double, _ direction: Int, _ flags: TCPFlags, _ sequence: UInt32,
        _ payload: [UInt8], acknowledging: UInt32
    ) {
        trace.tcp(
            time, direction == 0 ? client : server, direction == 0 ? server : client, flags, sequence, payload,
            acknowledgment: acknowledging)
    }
}

extension HTTPFacts {
    /// One line an exchange, without its times.
    var lines: [String] {
        var lines = exchanges.map(\.line)
        if let unread { lines.append("unread \(unread.name)") }
        if let tunnelTarget { lines.append("tunnel to \(tunnelTarget)") }
        return lines
    }
}

extension HTTPExchange {
    var line: String {
        var words = ["\(number)", method ?? "-", host ?? "-", path ?? "-", status.map { "\($0)" } ?? "-"]
        words += interim.map { "after \($0.status)" }
        if let declared = requestBody.declared { words.append("sends \(declared)") }
        if requestBody.bytes > 0 { words.append("sent \(requestBody.bytes)") }
        if requestBody.isChunked { words.append("sent chunked") }
        if let declared = responseBody.declared { words.append("length \(declared)") }
        if responseBody.bytes > 0 { words.append("got \(responseBody.bytes)") }
        if responseBody.isChunked { words.append("chunked") }
        let missing = requestBody.missing + responseBody.missing
        if missing > 0 { words.append("missing \(missing)") }
        if requestEnded == nil { words.append("not sent") }
        if responseEnded == nil { words.append("not answered") }
        if let upgrade { words.append("to \(upgrade)") }
        if let interruption { words.append(interruption.name) }
        return words.joined(separator: " ")
    }
}
