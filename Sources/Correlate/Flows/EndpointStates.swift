import Decode
import Model

/// Where both ends of a TCP connection stand by Zeek's reckoning, which its `conn_state` is made from. It follows
/// control bits alone and differs from RFC 9293's states: a SYN-ACK establishes both ends at once.
struct EndpointStates: BitwiseCopyable {
    private var states = InlineArray<2, State>(repeating: .inactive)
    private var previous = InlineArray<2, State>(repeating: .inactive)

    enum State: UInt8, BitwiseCopyable {
        /// Nothing was sent.
        case inactive
        case synSent, synAckSent
        /// Sent, but no SYN: joined in the middle.
        case partial
        case established
        /// FIN.
        case closed
        case reset
    }

    subscript(direction: Int) -> State { states[direction] }

    /// Both ends are known to be up, or were until a FIN: only then do missing bytes say something.
    var areClean: Bool { isClean(0) && isClean(1) }

    private func isClean(_ direction: Int) -> Bool {
        states[direction] == .established || states[direction] == .closed && previous[direction] == .established
    }

    private mutating func set(_ direction: Int, _ state: State) {
        guard states[direction] != state else { return }
        previous[direction] = states[direction]
        states[direction] = state
    }

    /// One segment sent in `direction`.
    mutating func observe(_ flags: TCPFlags, payload: Int, _ direction: Int) {
        let peer = 1 - direction
        switch states[direction] {
        case .inactive:
            begin(flags, payload: payload, direction)
        case .synSent, .synAckSent:
            if flags.contains(.fin) { set(direction, .closed) }
            if flags.contains(.rst) { set(direction, .reset) }
        case .partial, .established:
            if flags.contains(.syn), !flags.contains(.ack), states[direction] == .partial, states[peer] == .inactive {
                set(direction, .synSent)
            }
            if flags.contains(.fin) && !flags.contains(.rst) {
                set(direction, .closed)
                // A FIN, and then a RST that only hurried the end.
                if states[peer] == .reset && previous[peer] == .closed { set(peer, .closed) }
            }
            if flags.contains(.rst) { set(direction, .reset) }
        case .closed:
            if flags.contains(.rst) && states[peer] != .closed { set(direction, .reset) }
        case .reset: break
        }
    }

    /// The first that an end sends.
    private mutating func begin(_ flags: TCPFlags, payload: Int, _ direction: Int) {
        let peer = 1 - direction
        if flags.contains(.syn) {
            if direction == 1 {
                if states[peer] == .synSent { set(peer, .established) }
                set(direction, .established)
            } else if states[peer] == .established {
                // The SYN-ACK was captured before its SYN.
                set(direction, .established)
            } else {
                set(direction, flags.contains(.ack) ? .synAckSent : .synSent)
            }
        }
        if flags.contains(.fin) { set(direction, .closed) }
        if flags.contains(.rst) { set(direction, .reset) }
        guard states[direction] == .inactive else { return }
        // Some answer a SYN with an ACK before their SYN-ACK.
        if direction == 1 && payload == 0 && states[peer] == .synSent { return }
        set(direction, flags.contains(.ack) && states[peer] == .established ? .established : .partial)
    }

    /// Zeek's `conn_state` of a TCP connection.
    ///
    /// - Parameter hadPayload: whether either side sent any.
    func code(_ history: String, hadPayload: Bool) -> ConnectionState {
        let (client, server) = (states[0], states[1])
        let isClientIdle = client == .inactive || client == .partial
        let isServerIdle = server == .inactive || server == .partial
        if server == .reset {
            if client == .synSent || client == .synAckSent || client == .reset && !hadPayload { return .rejected }
            return isClientIdle ? .resetByServerAlone : .resetByServer
        }
        if client == .reset {
            if !isServerIdle { return .resetByClient }
            return Self.isTakenBack(history) ? .resetByClientUnanswered : .other
        }
        switch (client, server) {
        case (.closed, .closed): return .finished
        case (.closed, _): return isServerIdle ? .halfOpenFinishedByClient : .finishedByClient
        case (_, .closed): return isClientIdle ? .halfOpenFinishedByServer : .finishedByServer
        case (.synSent, .inactive): return .attempted
        case (.established, .established): return .established
        default: return .other
        }
    }

    /// A SYN, then a RST, and nothing of weight in between.
    private static func isTakenBack(_ history: String) -> Bool {
        var letters = history.utf8.drop { $0 == UInt8(ascii: "^") }
        guard letters.popFirst() == UInt8(ascii: "S") else { return false }
        return letters.first { "HAFGIQR".utf8.contains($0) } == UInt8(ascii: "R")
    }
}
