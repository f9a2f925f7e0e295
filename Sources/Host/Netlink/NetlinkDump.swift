import CLinux

/// Lists that are asked for one after the other on one socket, again when something got lost: a pure value.
///
///     begin ──▶ part 0 ──done──▶ part 1 … ──done──▶ finished
///                 ▲                                     │
///                 └───── messages lost, or interrupted ─┘
///
/// The kernel runs one dump a socket at a time and refuses another (EBUSY) until that one is read.
struct NetlinkDump {
    /// The request for each part, by its sequence number.
    let parts: [(UInt32) -> [UInt8]]
    /// The part under way; `nil` when all are there.
    private(set) var part: Int?
    private var sequence: UInt32 = 0
    /// The dump under way is useless: messages were lost, or the kernel changed its tables while it listed them.
    private var mustRepeat = false
    private var repeats = 0

    /// Tables that never hold still may never be listed consistently; events mend what a list missed.
    private static let repeatLimit = 4

    enum Step: Equatable {
        /// It is no part of the dump, or no end.
        case none
        /// All begins anew: what comes from now on is the new list.
        case restart(request: [UInt8])
        case next(request: [UInt8])
        case finished
        case refused(part: Int, errno: Int32)
    }

    init(_ parts: [(UInt32) -> [UInt8]]) { self.parts = parts }

    var isUnderWay: Bool { part != nil }

    /// Begins, if none is under way.
    ///
    /// - Returns: what to send; `nil` when the one under way will be repeated instead.
    mutating func begin() -> [UInt8]? {
        guard part == nil else {
            mustRepeat = true
            return nil
        }
        repeats = 0
        return start()
    }

    /// Takes in what a message says of the dump.
    mutating func notice(_ message: NetlinkMessage) -> Step {
        guard let current = part, message.sequence == sequence else { return .none }
        if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { mustRepeat = true }
        switch Int(message.type) {
        case Int(NLMSG_DONE): return finish(current)
        case Int(NLMSG_ERROR):
            // A negative errno, or 0 for an acknowledgement, which was not asked for.
            let number = message.payload.load(Int32.self) ?? 0
            if number == 0 { return .none }
            part = nil
            return .refused(part: current, errno: 0 &- number)
        default: return .none
        }
    }

    private mutating func finish(_ current: Int) -> Step {
        if mustRepeat && repeats < Self.repeatLimit {
            repeats += 1
            return .restart(request: start())
        }
        guard current + 1 < parts.count else {
            part = nil
            mustRepeat = false
            return .finished
        }
        return .next(request: ask(current + 1))
    }

    private mutating func start() -> [UInt8] {
        mustRepeat = false
        return ask(0)
    }

    private mutating func ask(_ next: Int) -> [UInt8] {
        part = next
        sequence = sequence == .max ? 1 : sequence + 1
        return parts[next](sequence)
    }
}
